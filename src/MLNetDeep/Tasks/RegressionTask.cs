using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Exporting;
using MLNetDeep.Graphs;
using MLNetDeep.Losses;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Tasks;

/// <summary>A number: the label is a Single.</summary>
internal sealed class RegressionTask : PredictionTask
{
    public const string TaskName = "regression";

    public override string Name => TaskName;

    public override string ScoreKind => "Regression";

    public override int OutputUnits => 1;

    public override Loss DefaultLoss => new MeanSquaredError();

    public static ArgumentException WrongType(string name, string type) =>
        new($"The label column '{name}' has type {type}; regression needs a Single. Convert it with Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single).");

    /// <exception cref="ArgumentException">The column's type is not Single.</exception>
    public static RegressionTask Of(DataViewSchema.Column label) => label.Type == NumberDataViewType.Single ? new() : throw WrongType(label.Name, label.Type.ToString()!);

    public override void Write(Utf8JsonWriter json)
    {
    }

    public override IReadOnlyList<Metric> CreateMetrics() => [new MeanAbsoluteErrorMetric(), new RootMeanSquaredError()];

    public override RowColumn Target(string labelColumn) => new(labelColumn, Graphs.DType.Float32, 1);

    public override LabelReader BindLabel(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<float> getter = row.GetGetter<float>(column);
        float value = 0;
        return (rows, target, index) =>
        {
            getter(ref value);
            if (float.IsInfinity(value))
                throw new InvalidOperationException($"The label column '{column.Name}' is {value} in data row {row.Position + 1}; a network cannot learn that.");
            if (rows is not null)
                rows.Rows<float>(target, index)[0] = value;
            return float.IsNaN(value) ? -1 : 0;
        };
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input) => [new("Score", NumberDataViewType.Single, Annotate(input, "Score"))];

    public override IReadOnlyList<ExportOutput> ExportOutputs(Tensor output, Tensor? logits, Tensor? inner) => [new("Score", output)];

    public override Delegate CreateGetter(string column, Scores scores) => (ValueGetter<float>)((ref float v) => v = scores.Output[0]);
}
