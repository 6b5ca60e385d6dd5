using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Exporting;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Rows;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Tasks;

/// <summary>One of several classes for each token of a sequence: the label is a vector of keys.</summary>
internal sealed class SequenceLabelingTask : PredictionTask
{
    public const string TaskName = "sequence labeling";

    private readonly int _classes;
    private readonly KeyNames? _names;
    private IReadOnlyList<FeatureColumn> _features = [];
    private SequenceShape _steps = new(1, SequenceTruncation.End);

    private SequenceLabelingTask(int classes, KeyNames? names)
    {
        _classes = classes;
        _names = names;
    }

    public override string Name => TaskName;

    public override string ScoreKind => "SequenceClassification";

    public override int OutputUnits => _classes;

    public override Shape OutputShape => Shape.Batched(_steps.Length, _classes);

    public override string OutputReason => $"each of the {_steps.Length} tokens has one of {_classes} classes";

    public override Layer OutputActivation => new Softmax();

    public override Loss DefaultLoss => new StepCrossentropy();

    public override bool IsPerToken => true;

    /// <summary>The task of a label column.</summary>
    /// <exception cref="ArgumentException">The column's type is not a vector of keys of unknown size, or has too many values.</exception>
    public static SequenceLabelingTask Of(DataViewSchema.Column label)
    {
        if (!TokenColumn.Is(label.Type) || ((VectorDataViewType)label.Type).ItemType is not KeyDataViewType key)
            throw WrongType(label.Name, label.Type.ToString()!);
        if (key.Count is < 2 or > MulticlassTask.MostClasses)
            throw new ArgumentException($"The label column '{label.Name}' has type {label.Type}: {key.Count} classes, expected 2 to {MulticlassTask.MostClasses}. Let Conversion.MapValueToKey find the classes.");
        return new((int)key.Count, KeyNames.Of(label) is { } names && names.Count == (int)key.Count ? names : null);
    }

    public static ArgumentException WrongType(string name, string type) =>
        new($"The label column '{name}' has type {type}; sequence labeling needs a vector of keys of unknown size, one for each token. Make one of a vector of texts with Conversion.MapValueToKey(\"{name}\").");

    public static SequenceLabelingTask Parse(JsonElement json)
    {
        int classes = json.GetProperty("classes").GetInt32();
        KeyNames? names = json.TryGetProperty("names", out JsonElement given) ? KeyNames.Read(given) : null;
        return classes is >= 2 and <= MulticlassTask.MostClasses && (names is null || names.Count == classes)
            ? new(classes, names)
            : throw new InvalidDataException("the number of classes is wrong.");
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("classes", _classes);
        if (_names is null)
            return;
        json.WritePropertyName("names");
        _names.Write(json);
    }

    public override Loss LossOf(Loss? chosen) => chosen switch
    {
        null => DefaultLoss,
        StepCrossentropy => chosen,
        SparseCategoricalCrossentropy plain => new StepCrossentropy
        {
            FromLogits = plain.FromLogits,
            LabelSmoothing = plain.LabelSmoothing,
            FocalGamma = plain.FocalGamma,
            LogitAdjustment = plain.LogitAdjustment,
            Margin = plain.Margin,
            MarginScale = plain.MarginScale,
            ClassCounts = plain.ClassCounts,
        },
        _ => throw new ArgumentException($"The loss {chosen.GetType().Name} does not know classes of tokens: use StepCrossentropy."),
    };

    public override void SetFeatures(IReadOnlyList<FeatureColumn> features)
    {
        _features = [.. features.Where(f => f.Sequence is not null)];
        _steps = features[0].Sequence ?? throw new ArgumentException(
            $"The feature column '{features[0].Name}' has type {features[0].Type}; sequence labeling needs a vector of keys or Int32 of unknown size, and a network that begins with Network.TokenInput.");
        if (_features.FirstOrDefault(f => f.Sequence!.Length != _steps.Length) is { } other)
            throw new ArgumentException($"The network takes {_steps.Length} tokens of column '{features[0].Name}', but {other.Sequence!.Length} of column '{other.Name}'; they must be as many.");
    }

    public override IReadOnlyList<Metric> CreateMetrics() => [new StepAccuracy()];

    public override RowColumn Target(string labelColumn) => new(labelColumn, DType.Int32, 2 * _steps.Length);

    public override IEnumerable<DataViewSchema.Column> LabelColumns(DataViewSchema schema, DataViewSchema.Column label) =>
        [label, .. _features.Select(f => schema[f.Name])];

    public override LabelReader BindLabel(DataViewRow row, DataViewSchema.Column column)
    {
        TokenColumn.Reader labels = TokenColumn.Bind(row, column);
        (string Name, TokenColumn.Reader Read)[] tokens = [.. _features.Select(f => (f.Name, TokenColumn.Bind(row, row.Schema[f.Name])))];
        return (rows, target, index) =>
        {
            ReadOnlySpan<int> ids = labels();
            int length = tokens[0].Read().Length;
            foreach ((string name, TokenColumn.Reader read) in tokens.AsSpan(1))
            {
                if (read().Length is var other && other != length)
                    throw TokenColumn.Unequal(tokens[0].Name, length, name, other, row.Position);
            }

            if (ids.Length != length)
                throw TokenColumn.Unequal(tokens[0].Name, length, column.Name, ids.Length, row.Position);
            ids = ids.Slice(_steps.Skipped(length, tokens[0].Name, row.Position), Math.Min(length, _steps.Length));
            bool any = ids.ContainsAnyExcept(TokenColumn.Unknown);
            if (rows is null || !any)
                return any ? 0 : -1;
            Span<int> pairs = rows.Rows<int>(target, index);
            pairs.Clear();
            for (int i = 0; i < ids.Length; i++)
            {
                if (ids[i] == TokenColumn.Unknown)
                    continue;
                pairs[2 * i] = ids[i] - TokenColumn.Reserved;
                pairs[2 * i + 1] = 1;
            }

            return 0;
        };
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input) =>
    [
        new("PredictedLabel", new VectorDataViewType(new KeyDataViewType(typeof(uint), _classes)), Annotate(input, "PredictedLabel", b => _names?.AddTo(b, "KeyValues"))),
        new("Score", new VectorDataViewType(NumberDataViewType.Single, 0, _classes), Annotate(input, "Score", b => _names?.AddTo(b, "TrainingLabelValues"))),
    ];

    // For all steps, those of the padding too: the tokens' number is not the network's.
    public override IReadOnlyList<ExportOutput> ExportOutputs(Tensor output, Tensor? logits, Tensor? inner) =>
        [new("PredictedLabel", output, ExportOutputKind.KeyOfLargest), new("Score", output)];

    public override Delegate CreateGetter(string column, Scores scores) => column == "Score"
        ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> target) =>
        {
            ReadOnlySpan<float> output = scores.Output;
            int tokens = scores.Length, skipped = _steps.Skipped(tokens, "", 0);
            VBufferEditor<float> editor = VBufferEditor.Create(ref target, checked(tokens * _classes));
            editor.Values.Fill(float.NaN);
            output[..(Math.Min(tokens, _steps.Length) * _classes)].CopyTo(editor.Values[(skipped * _classes)..]);
            target = editor.Commit();
        })
        : (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> target) =>
        {
            ReadOnlySpan<float> output = scores.Output;
            int tokens = scores.Length, skipped = _steps.Skipped(tokens, "", 0);
            VBufferEditor<uint> editor = VBufferEditor.Create(ref target, tokens);
            editor.Values.Clear();
            for (int i = 0; i < Math.Min(tokens, _steps.Length); i++)
                editor.Values[skipped + i] = MulticlassTask.Best(output.Slice(i * _classes, _classes));
            target = editor.Commit();
        });
}
