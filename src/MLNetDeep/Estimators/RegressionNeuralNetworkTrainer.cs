using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;

namespace MLNetDeep.Estimators;

/// <summary>
/// Trains a neural network to predict a number.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Label (in)</term><description>Single; rows where it is NaN are left out</description></item>
/// <item><term>Features (in)</term><description>vector of Single of known size, without missing values</description></item>
/// <item><term>Score (out)</term><description>Single: the prediction</description></item>
/// </list>
/// </remarks>
public sealed class RegressionNeuralNetworkTrainer : NeuralNetworkTrainer
{
    internal RegressionNeuralNetworkTrainer(IHostEnvironment env, Options options)
        : base(env, options, nameof(RegressionNeuralNetworkTrainer))
    {
    }

    private protected override PredictionTask CreateTask(DataViewSchema.Column label) => RegressionTask.Of(label);

    private protected override void CheckLabel(SchemaShape.Column label)
    {
        if (label.ItemType != NumberDataViewType.Single || label.IsKey || label.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw RegressionTask.WrongType(label.Name, label.ItemType.ToString()!);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShape(SchemaShape.Column label) =>
        [Internals.Column("Score", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false, PredictionTask.AnnotationShapes())];

    /// <summary>The trainer's options.</summary>
    public sealed class Options : NeuralNetworkOptions;
}
