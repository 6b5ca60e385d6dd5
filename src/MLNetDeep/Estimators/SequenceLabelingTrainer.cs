using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Losses;
using MLNetDeep.Tasks;

namespace MLNetDeep.Estimators;

/// <summary>
/// Trains a neural network to give each token of a sequence a tag: a part of speech, a named entity.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Label (in)</term><description>vector of keys of unknown size, one for each token; tokens whose key is missing are not learned from, rows without any are left out</description></item>
/// <item><term>Features (in)</term><description>vector of keys or Int32 of unknown size; further columns of features of tokens (suffixes, shapes) are as long in each row</description></item>
/// <item><term>PredictedLabel (out)</term><description>vector of keys of unknown size: for each token the class with the highest score; missing for tokens that the network does not take because the sequence is too long</description></item>
/// <item><term>Score (out)</term><description>vector of Single, tokens × classes: for each token the probability of each class; NaN for tokens that the network does not take</description></item>
/// </list>
/// The network gives (steps, classes); it ends with <c>TaskOutput()</c> or <c>ClassOutput()</c> after layers that keep the steps.
/// The loss is <see cref="StepCrossentropy"/>: padding does not count.
/// </remarks>
public sealed class SequenceLabelingTrainer : NeuralNetworkTrainer
{
    internal SequenceLabelingTrainer(IHostEnvironment env, Options options)
        : base(env, options, nameof(SequenceLabelingTrainer))
    {
    }

    private protected override PredictionTask CreateTask(DataViewSchema.Column label) => SequenceLabelingTask.Of(label);

    private protected override void CheckLabel(SchemaShape.Column label)
    {
        if (!label.IsKey || label.Kind != SchemaShape.Column.VectorKind.VariableVector)
            throw SequenceLabelingTask.WrongType(label.Name, label.Kind == SchemaShape.Column.VectorKind.Scalar ? label.ItemType.ToString()! : $"Vector<{label.ItemType}>");
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShape(SchemaShape.Column label)
    {
        SchemaShape.Column? names = label.Annotations.Any(IsKept) ? label.Annotations.First(IsKept) : null;
        IEnumerable<SchemaShape.Column> predicted = PredictionTask.AnnotationShapes(), score = predicted;
        if (names is { } keys)
        {
            predicted = predicted.Append(keys);
            score = score.Append(Internals.Column("TrainingLabelValues", keys.Kind, keys.ItemType, keys.IsKey));
        }

        yield return Internals.Column("PredictedLabel", SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.UInt32, true, predicted);
        yield return Internals.Column("Score", SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Single, false, score);
    }

    /// <summary>The trainer's options.</summary>
    public sealed class Options : NeuralNetworkOptions
    {
    }
}
