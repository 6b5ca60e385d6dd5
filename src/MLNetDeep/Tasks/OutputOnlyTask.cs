using Microsoft.ML;
using MLNetDeep.Losses;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Tasks;

/// <summary>A use of a network that is not trained for: it has outputs, but no labels.</summary>
internal abstract class OutputOnlyTask : PredictionTask
{
    public override string ScoreKind => "";

    public override Loss DefaultLoss => throw NotTrained();

    public override IReadOnlyList<Metric> CreateMetrics() => throw NotTrained();

    public override RowColumn Target(string labelColumn) => throw NotTrained();

    public override LabelReader BindLabel(DataViewRow row, DataViewSchema.Column column) => throw NotTrained();

    private NotSupportedException NotTrained() => new($"The task '{Name}' has no labels to train by.");
}
