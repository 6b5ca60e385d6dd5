using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Exporting;
using MLNetDeep.Graphs;
using MLNetDeep.Interop;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Rows;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Tasks;

/// <summary>One of several classes: the label is a key.</summary>
internal sealed class MulticlassTask : PredictionTask
{
    public const string TaskName = "multiclass";

    /// <summary>More are taken for a column of ids that is no label.</summary>
    public const int MostClasses = 1 << 20;

    private readonly int _classes;
    private readonly KeyNames? _names;

    private MulticlassTask(int classes, KeyNames? names)
    {
        _classes = classes;
        _names = names;
        ClassNames = names?.Names ?? [.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture))];
    }

    public override string Name => TaskName;

    public override string ScoreKind => "MulticlassClassification";

    public override int OutputUnits => _classes;

    public override string OutputReason => $"the label column has {_classes} classes";

    public override Layer OutputActivation => new Softmax();

    public override Loss DefaultLoss => new SparseCategoricalCrossentropy();

    public override IReadOnlyList<string> ClassNames { get; }

    /// <summary>The task of a label column.</summary>
    /// <exception cref="ArgumentException">The column's type is not a key, or has too many values.</exception>
    public static MulticlassTask Of(DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType key)
            throw WrongType(label.Name, label.Type.ToString()!);
        if (key.Count is 0 or > MostClasses)
            throw new ArgumentException($"The label column '{label.Name}' has type {key}: {key.Count} classes, expected at most {MostClasses}. Let Conversion.MapValueToKey find the classes.");
        return new((int)key.Count, KeyNames.Of(label) is { } names && names.Count == (int)key.Count ? names : null);
    }

    public static ArgumentException WrongType(string name, string type) =>
        new($"The label column '{name}' has type {type}; multiclass training needs a key. Make one with Conversion.MapValueToKey(\"{name}\").");

    public static MulticlassTask Parse(JsonElement json)
    {
        int classes = json.GetProperty("classes").GetInt32();
        KeyNames? names = json.TryGetProperty("names", out JsonElement given) ? KeyNames.Read(given) : null;
        return classes is >= 1 and <= MostClasses && (names is null || names.Count == classes)
            ? new(classes, names)
            : throw new InvalidDataException("the number of classes is wrong.");
    }

    /// <summary>The shapes of the columns that a model adds.</summary>
    public static IEnumerable<SchemaShape.Column> ColumnShapes(SchemaShape.Column label)
    {
        SchemaShape.Column? names = label.Annotations.Any(Estimators.NeuralNetworkTrainer.IsKept) ? label.Annotations.First(Estimators.NeuralNetworkTrainer.IsKept) : null;
        yield return Internals.Column(
            "PredictedLabel",
            SchemaShape.Column.VectorKind.Scalar,
            NumberDataViewType.UInt32,
            true,
            names is { } keys ? AnnotationShapes().Append(keys) : AnnotationShapes());
        IEnumerable<SchemaShape.Column> score = AnnotationShapes()
            .Append(Internals.Column("SlotNames", SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
        if (names is { } values)
            score = score.Append(Internals.Column("TrainingLabelValues", values.Kind, values.ItemType, values.IsKey));
        yield return Internals.Column("Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, score);
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("classes", _classes);
        if (_names is null)
            return;
        json.WritePropertyName("names");
        _names.Write(json);
    }

    public override IReadOnlyList<Metric> CreateMetrics() => [new CategoricalAccuracy()];

    public override RowColumn Target(string labelColumn) => new(labelColumn, Graphs.DType.Int32, 1);

    public override LabelReader BindLabel(DataViewRow row, DataViewSchema.Column column)
    {
        Type raw = column.Type.RawType;
        return raw == typeof(uint) ? Bind(row.GetGetter<uint>(column))
            : raw == typeof(byte) ? Bind(row.GetGetter<byte>(column))
            : raw == typeof(ushort) ? Bind(row.GetGetter<ushort>(column))
            : Bind(row.GetGetter<ulong>(column));
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input) =>
    [
        new("PredictedLabel", new KeyDataViewType(typeof(uint), _classes), Annotate(input, "PredictedLabel", b => _names?.AddTo(b, "KeyValues"))),
        new("Score", new VectorDataViewType(NumberDataViewType.Single, _classes), Annotate(input, "Score", b =>
        {
            b.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, _classes), (ref VBuffer<ReadOnlyMemory<char>> target) =>
            {
                VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref target, _classes);
                for (int i = 0; i < _classes; i++)
                    editor.Values[i] = ClassNames[i].AsMemory();
                target = editor.Commit();
            });
            _names?.AddTo(b, "TrainingLabelValues");
        })),
    ];

    public override IReadOnlyList<ExportOutput> ExportOutputs(Tensor output, Tensor? logits, Tensor? inner) =>
        [new("PredictedLabel", output, ExportOutputKind.KeyOfLargest), new("Score", output)];

    public override Delegate CreateGetter(string column, Scores scores) => column == "Score"
        ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> target) => Vectors.Set(ref target, scores.Output))
        : (ValueGetter<uint>)((ref uint target) => target = Best(scores.Output));

    // The key of the largest output, the first of equals; 0 (missing) if all are NaN.
    public static uint Best(ReadOnlySpan<float> scores)
    {
        int best = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            if (!float.IsNaN(scores[i]) && (best < 0 || scores[i] > scores[best]))
                best = i;
        }

        return (uint)(best + 1);
    }

    private LabelReader Bind<T>(ValueGetter<T> getter)
        where T : struct, IConvertible
    {
        T value = default;
        return (rows, column, index) =>
        {
            getter(ref value);
            ulong key = value.ToUInt64(CultureInfo.InvariantCulture);
            int number = key > (ulong)_classes ? -1 : (int)key - 1;
            if (rows is not null && number >= 0)
                rows.Rows<int>(column, index)[0] = number;
            return number;
        };
    }
}
