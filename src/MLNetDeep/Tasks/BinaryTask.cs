using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Exporting;
using MLNetDeep.Graphs;
using MLNetDeep.Interop;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Tasks;

/// <summary>Yes or no: the label is a Boolean.</summary>
internal sealed class BinaryTask : PredictionTask
{
    public const string TaskName = "binary";

    public override string Name => TaskName;

    public override string ScoreKind => "BinaryClassification";

    public override int OutputUnits => 1;

    public override Layer OutputActivation => new Sigmoid();

    public override Loss DefaultLoss => new BinaryCrossentropy();

    public override IReadOnlyList<string> ClassNames => ["False", "True"];

    public static ArgumentException WrongType(string name, string type) =>
        new($"The label column '{name}' has type {type}; binary training needs a Boolean. Convert it with Conversion.ConvertType(\"{name}\", outputKind: DataKind.Boolean).");

    /// <exception cref="ArgumentException">The column's type is not Boolean.</exception>
    public static BinaryTask Of(DataViewSchema.Column label) => label.Type is BooleanDataViewType ? new() : throw WrongType(label.Name, label.Type.ToString()!);

    /// <summary>The shapes of the columns that a model adds.</summary>
    public static IEnumerable<SchemaShape.Column> ColumnShapes() =>
    [
        Internals.Column("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false, AnnotationShapes()),
        Internals.Column("Score", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false, AnnotationShapes()),
        Internals.Column(
            "Probability",
            SchemaShape.Column.VectorKind.Scalar,
            NumberDataViewType.Single,
            false,
            AnnotationShapes().Append(Internals.Column("IsNormalized", SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false))),
    ];

    public override void Write(Utf8JsonWriter json)
    {
    }

    public override IReadOnlyList<Metric> CreateMetrics() => [new BinaryAccuracy()];

    public override RowColumn Target(string labelColumn) => new(labelColumn, Graphs.DType.Float32, 1);

    public override LabelReader BindLabel(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<bool> getter = row.GetGetter<bool>(column);
        bool value = false;
        return (rows, target, index) =>
        {
            getter(ref value);
            if (rows is not null)
                rows.Rows<float>(target, index)[0] = value ? 1 : 0;
            return value ? 1 : 0;
        };
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input) =>
    [
        new("PredictedLabel", BooleanDataViewType.Instance, Annotate(input, "PredictedLabel")),
        new("Score", NumberDataViewType.Single, Annotate(input, "Score")),
        new("Probability", NumberDataViewType.Single, Annotate(input, "Probability", b => b.Add("IsNormalized", BooleanDataViewType.Instance, (ref bool v) => v = true))),
    ];

    public override IReadOnlyList<ExportOutput> ExportOutputs(Tensor output, Tensor? logits, Tensor? inner) =>
    [
        new("PredictedLabel", output, ExportOutputKind.IsMoreThanHalf),
        new("Score", logits ?? Ops.Log(output / (1f - output)), ExportOutputKind.FlatValues),
        new("Probability", output, ExportOutputKind.FlatValues),
    ];

    public override Delegate CreateGetter(string column, Scores scores) => column switch
    {
        "PredictedLabel" => (ValueGetter<bool>)((ref bool v) => v = scores.Output[0] > 0.5f),
        "Probability" => (ValueGetter<float>)((ref float v) => v = scores.Output[0]),
        _ => (ValueGetter<float>)((ref float v) => v = scores.Logits.IsEmpty ? Logit(scores.Output[0]) : scores.Logits[0]),
    };

    private static float Logit(float probability) => MathF.Log(probability / (1 - probability));
}
