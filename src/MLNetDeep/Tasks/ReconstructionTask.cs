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

/// <summary>The features themselves: there is no label.</summary>
internal sealed class ReconstructionTask : PredictionTask
{
    public const string TaskName = "reconstruction";

    private const string AnomalyKind = "AnomalyDetection";

    private FeatureColumn? _features;
    private int _size, _codeSize;

    /// <param name="codeLayer">The layer that <c>Code</c> is the output of; null for none.</param>
    /// <param name="threshold">The error above which a row is an anomaly; null where that is not asked.</param>
    public ReconstructionTask(string? codeLayer, float? threshold = null) => (InnerLayer, Threshold) = (codeLayer, threshold);

    private ReconstructionTask(int size, string? codeLayer, int codeSize, float? threshold)
    {
        Threshold = threshold;
        _size = size;
        InnerLayer = codeLayer;
        _codeSize = codeSize;
    }

    public override string Name => TaskName;

    public override string ScoreKind => "Reconstruction";

    public override int OutputUnits => _size;

    public override string? InnerLayer { get; }

    public override int InnerUnits => _codeSize + (Threshold is null ? 0 : 1);

    /// <summary>The error above which a row is an anomaly; null where that is not asked.</summary>
    public float? Threshold { get; }

    /// <summary>The task with another threshold.</summary>
    public ReconstructionTask WithThreshold(float threshold) => new(_size, InnerLayer, _codeSize, threshold);

    public override Loss DefaultLoss => new MeanSquaredError();

    public static ReconstructionTask Parse(JsonElement json)
    {
        int size = json.GetProperty("size").GetInt32();
        string? code = json.TryGetProperty("code", out JsonElement layer) ? layer.GetString() : null;
        int codeSize = code is null ? 0 : json.GetProperty("codeSize").GetInt32();
        float? threshold = json.TryGetProperty("threshold", out JsonElement limit) ? limit.GetSingle() : null;
        return size >= 1 && (code is null || codeSize >= 1) ? new(size, code, codeSize, threshold) : throw new InvalidDataException("the size of what is reconstructed is wrong.");
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("size", _size);
        if (Threshold is { } threshold)
            json.WriteNumber("threshold", threshold);
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

    // The code, and the mean squared difference of what comes in and out.
    public override Tensor? Inner(Tensor? layer, Tensor output, Graph graph)
    {
        if (Threshold is null)
            return layer;
        Shape row = new(-1, _size);
        Tensor input = graph.Nodes.Single(n => n.Op.Name == "Placeholder").Outputs[0];
        Tensor error = Ops.Mean(Ops.Square(Ops.Reshape(input, row) - Ops.Reshape(output, row)), [1], keepDims: true);
        return layer is null ? error : Ops.Concatenate([Ops.Reshape(layer, new Shape(-1, _codeSize)), error], 1);
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
        List<OutputColumn> columns = [];
        if (InnerLayer is not null)
            columns.Add(new("Code", new VectorDataViewType(NumberDataViewType.Single, _codeSize), Annotate(input, "Code")));
        columns.Add(new("Reconstruction", new VectorDataViewType(NumberDataViewType.Single, _size), Annotate(input, "Reconstruction")));
        if (Threshold is not null)
        {
            columns.Add(new("PredictedLabel", BooleanDataViewType.Instance, Annotate(input, AnomalyKind, "PredictedLabel")));
            columns.Add(new("Score", NumberDataViewType.Single, Annotate(input, AnomalyKind, "Score")));
        }

        return columns;
    }

    public override IReadOnlyList<ExportOutput> ExportOutputs(Tensor output, Tensor? logits, Tensor? inner)
    {
        List<ExportOutput> outputs = [];
        if (InnerLayer is not null)
            outputs.Add(new("Code", Threshold is null ? inner! : Ops.Slice(inner!, 1, 0, _codeSize), ExportOutputKind.FlatValues));
        outputs.Add(new("Reconstruction", output, ExportOutputKind.FlatValues));
        if (Threshold is { } threshold)
        {
            Tensor error = Ops.Slice(inner!, 1, _codeSize, 1);
            outputs.Add(new("PredictedLabel", Ops.Cast(Ops.Greater(error, Ops.Like(error, threshold))), ExportOutputKind.IsMoreThanHalf));
            outputs.Add(new("Score", error, ExportOutputKind.FlatValues));
        }

        return outputs;
    }

    public override Delegate CreateGetter(string column, Scores scores) => column switch
    {
        "PredictedLabel" => (ValueGetter<bool>)((ref bool value) => value = scores.Inner[^1] > Threshold),
        "Score" => (ValueGetter<float>)((ref float value) => value = scores.Inner[^1]),
        _ => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> target) => Vectors.Set(ref target, column == "Code" ? scores.Inner[.._codeSize] : scores.Output)),
    };
}
