using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Exporting.Onnx;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Rows;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Tasks;

/// <summary>The features themselves: there is no label.</summary>
internal sealed class ReconstructionTask : PredictionTask
{
    public const string TaskName = "reconstruction";

    private FeatureColumn? _features;
    private int _size, _codeSize;

    /// <param name="codeLayer">The layer that <c>Code</c> is the output of; null for none.</param>
    public ReconstructionTask(string? codeLayer) => InnerLayer = codeLayer;

    private ReconstructionTask(int size, string? codeLayer, int codeSize)
    {
        _size = size;
        InnerLayer = codeLayer;
        _codeSize = codeSize;
    }

    public override string Name => TaskName;

    public override string ScoreKind => "Reconstruction";

    public override int OutputUnits => _size;

    public override string? InnerLayer { get; }

    public override int InnerUnits => _codeSize;

    public override Loss DefaultLoss => new MeanSquaredError();

    public static ReconstructionTask Parse(JsonElement json)
    {
        int size = json.GetProperty("size").GetInt32();
        string? code = json.TryGetProperty("code", out JsonElement layer) ? layer.GetString() : null;
        int codeSize = code is null ? 0 : json.GetProperty("codeSize").GetInt32();
        return size >= 1 && (code is null || codeSize >= 1) ? new(size, code, codeSize) : throw new InvalidDataException("the size of what is reconstructed is wrong.");
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("size", _size);
        if (InnerLayer is null)
            return;
        json.WriteString("code", InnerLayer);
        json.WriteNumber("codeSize", _codeSize);
    }

    public override string OutputReason => $"the features are {_size} numbers";

    public override void SetFeatures(IReadOnlyList<FeatureColumn> features)
    {
        _features = features[0];
        _size = _features.Size;
    }

    public override bool Takes(Shape output) => output.BatchAxis == 0 && output.UnitSize == _size;

    public override void Look(Network network)
    {
        if (InnerLayer is null)
            return;
        Shape code = network.UpTo(InnerLayer).Build(new BuildContext(new Graph())).Value.Shape;
        if (code.BatchAxis != 0)
            throw new ArgumentException($"The layer '{InnerLayer}' gives {code}, which is no code by row.");
        _codeSize = code.UnitSize;
    }

    public override IReadOnlyList<Metric> CreateMetrics() => [new MeanAbsoluteErrorMetric()];

    public override RowColumn Target(string labelColumn) => new(labelColumn, DType.Float32, _size);

    public override LabelReader BindLabel(DataViewRow row, DataViewSchema.Column column)
    {
        FeatureColumn.Reader<float> reader = _features!.BindFloats(row, column);
        return (rows, target, index) =>
        {
            if (rows is not null)
                reader(rows.Rows<float>(target, index));
            return 0;
        };
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input)
    {
        OutputColumn reconstruction = new("Reconstruction", new VectorDataViewType(NumberDataViewType.Single, _size), Annotate(input, "Reconstruction"));
        return InnerLayer is null ? [reconstruction] : [new("Code", new VectorDataViewType(NumberDataViewType.Single, _codeSize), Annotate(input, "Code")), reconstruction];
    }

    public override IReadOnlyList<OnnxOutput> OnnxOutputs(Tensor output, Tensor? logits, Tensor? inner) =>
        [.. inner is null ? Array.Empty<OnnxOutput>() : [new("Code", inner, OnnxOutputKind.FlatValues)], new("Reconstruction", output, OnnxOutputKind.FlatValues)];

    public override Delegate CreateGetter(string column, Scores scores) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> target) =>
    {
        ReadOnlySpan<float> values = column == "Code" ? scores.Inner : scores.Output;
        VBufferEditor<float> editor = VBufferEditor.Create(ref target, values.Length);
        values.CopyTo(editor.Values);
        target = editor.Commit();
    });
}
