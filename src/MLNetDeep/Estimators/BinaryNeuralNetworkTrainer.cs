using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;

namespace MLNetDeep.Estimators;

/// <summary>
/// Trains a neural network to tell two classes apart.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Label (in)</term><description>Boolean</description></item>
/// <item><term>Features (in)</term><description>vector of Single of known size, without missing values</description></item>
/// <item><term>PredictedLabel (out)</term><description>Boolean: whether the probability is above one half</description></item>
/// <item><term>Score (out)</term><description>Single: the logarithm of the odds, without bounds</description></item>
/// <item><term>Probability (out)</term><description>Single: the probability of true</description></item>
/// </list>
/// </remarks>
public sealed class BinaryNeuralNetworkTrainer : NeuralNetworkTrainer
{
    private readonly Options _options;

    internal BinaryNeuralNetworkTrainer(IHostEnvironment env, Options options)
        : base(env, options, nameof(BinaryNeuralNetworkTrainer)) => _options = options;

    private protected override ClassWeights? ClassWeights => _options.ClassWeights;

    private protected override bool BalancedBatches => _options.BalancedBatches;

    private protected override PredictionTask CreateTask(DataViewSchema.Column label) => BinaryTask.Of(label);

    private protected override void CheckLabel(SchemaShape.Column label)
    {
        if (label.ItemType is not BooleanDataViewType || label.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw BinaryTask.WrongType(label.Name, label.ItemType.ToString()!);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShape(SchemaShape.Column label) => BinaryTask.ColumnShapes();

    /// <summary>The trainer's options.</summary>
    public sealed class Options : NeuralNetworkOptions
    {
        /// <summary>How much the rows of each class (<c>"False"</c>, <c>"True"</c>) count. Default null: all the same.</summary>
        public ClassWeights? ClassWeights;

        /// <summary>
        /// Whether each batch has as many rows of one class as of another: those of rare classes come again and again, those of frequent ones not in every epoch.
        /// An epoch is as many rows as there are. Needs all rows in memory, and <see cref="NeuralNetworkOptions.Shuffle"/>. Default false.
        /// </summary>
        public bool BalancedBatches;
    }
}
