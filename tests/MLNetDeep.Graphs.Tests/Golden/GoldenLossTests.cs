using MLNetDeep.Losses;

namespace MLNetDeep.Graphs.Tests.Golden;

/// <summary>Losses and their gradients, as PyTorch computes them.</summary>
public class GoldenLossTests
{
    private static readonly IReadOnlyDictionary<string, GoldenFile.Case> Cases = GoldenFile.Read("losses");

    public static TheoryData<string, string> All => TestEngines.Times(Cases.Keys);

    [Theory]
    [MemberData(nameof(All))]
    public void Loss_is_as_in_PyTorch(string engine, string name)
    {
        GoldenFile.Case golden = Cases[name];
        float smoothing = golden.Number("label_smoothing"), gamma = golden.Number("gamma");
        Loss loss = name.Replace("_sample_weight", "", StringComparison.Ordinal) switch
        {
            var n when n.StartsWith("sparse_categorical", StringComparison.Ordinal) || n == "categorical_focal_crossentropy" =>
                new SparseCategoricalCrossentropy { FromLogits = true, LabelSmoothing = smoothing, FocalGamma = gamma },
            var n when n.StartsWith("binary", StringComparison.Ordinal) =>
                new BinaryCrossentropy { FromLogits = true, LabelSmoothing = smoothing, FocalGamma = gamma, FocalAlpha = gamma > 0 ? golden.Number("alpha") : null },
            "mean_squared_error" => new MeanSquaredError(),
            "mean_absolute_error" => new MeanAbsoluteError(),
            "huber" => new Huber { Delta = golden.Number("delta") },
            "log_cosh" => new LogCosh(),
            var n when n.StartsWith("quantile", StringComparison.Ordinal) => new Quantile(golden.Number("quantile")),
            "poisson" => new Poisson(),
            _ => throw new InvalidOperationException($"There is no loss for {name}."),
        };
        Graph graph = new();
        GoldenFile.Values predictions = golden.Inputs["predictions"];
        int batch = predictions.Shape[0];
        Tensor output = graph.Placeholder("predictions", DType.Float32, Shape.Batched(predictions.Shape[1..]));
        Tensor target = graph.Placeholder("target", loss.TargetType, loss.TargetShape(output.Shape));
        Dictionary<string, float[]> given = new() { ["predictions"] = predictions.Data, ["target"] = (golden.Inputs.GetValueOrDefault("labels") ?? golden.Inputs["targets"]).Data };
        if (golden.Inputs.TryGetValue("sample_weight", out GoldenFile.Values? rows))
            given.Add("weights", rows.Data);
        else if (golden.Attributes.TryGetValue("class_weights", out var classes))
            given.Add("weights", [.. golden.Inputs["labels"].Data.Select(l => classes[(int)l].GetSingle())]);
        Tensor? weights = given.ContainsKey("weights") ? graph.Placeholder("weights", DType.Float32, Shape.Batched()) : null;
        Tensor total = loss.Reduce(new(output), target, weights);
        Tensor perRow = loss.PerRow(new(output), target);
        Tensor gradient = Gradients.Compute([total], [output])[0]!;
        float[][] results = TestEngines.Run(engine, graph, [total, weights is null ? perRow : perRow * weights, gradient], given, batch);
        GoldenFile.AssertClose($"{name} loss", golden.Outputs["loss"], results[0]);
        GoldenFile.AssertClose($"{name} per row", golden.Outputs["per_row"], results[1]);
        GoldenFile.AssertClose($"{name} gradient", golden.Gradients["predictions"], results[2]);
    }
}
