using System.Text.Json;
using MLNetDeep.Graphs.Tests.Reference;
using MLNetDeep.Layers;
using MLNetDeep.Losses;

namespace MLNetDeep.Graphs.Tests;

/// <summary>Losses for rare classes: PyTorch's values of the papers' formulas (Golden/make_golden_imbalance.py), gradients, and that scoring does not see them.</summary>
public class ImbalanceLossTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "imbalance.json"))).RootElement;

    private static double[] Numbers(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    private static float Option(JsonElement @case, string name, float otherwise = 0) =>
        @case.GetProperty("options").TryGetProperty(name, out JsonElement value) ? value.GetSingle() : otherwise;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_the_papers(int number)
    {
        JsonElement golden = Golden.GetProperty("cases")[number];
        bool binary = golden.GetProperty("name").GetString() == "binary";
        long[] counts = [.. Numbers(Golden, binary ? "two" : "counts").Select(c => (long)c)];
        Loss loss = binary
            ? new BinaryCrossentropy { LogitAdjustment = Option(golden, "LogitAdjustment"), Margin = Option(golden, "Margin"), MarginScale = Option(golden, "MarginScale", 1) }
            : new SparseCategoricalCrossentropy
            {
                LogitAdjustment = Option(golden, "LogitAdjustment"), Margin = Option(golden, "Margin"), MarginScale = Option(golden, "MarginScale", 1), FocalGamma = Option(golden, "FocalGamma"),
            };

        // As a trainer does it, behind the activation that ends a network.
        Check(loss.WithClassCounts(counts), binary, binary ? Ops.Sigmoid : Ops.Softmax, golden);
        if (binary)
        {
            Check(((BinaryCrossentropy)loss with { FromLogits = true }).WithClassCounts(counts), binary, x => x, golden);
            return;
        }

        SparseCategoricalCrossentropy sparse = (SparseCategoricalCrossentropy)loss;
        Check((sparse with { FromLogits = true }).WithClassCounts(counts), binary, x => x, golden);
        Check(sparse.WithClassCounts(counts), binary, x => Ops.Softmax(x) * 1f, golden, 1e-5); // probabilities of unknown making
        Loss categorical = new CategoricalCrossentropy { LogitAdjustment = sparse.LogitAdjustment, Margin = sparse.Margin, MarginScale = sparse.MarginScale, FocalGamma = sparse.FocalGamma };
        Check(categorical.WithClassCounts(counts), binary, Ops.Softmax, golden);
    }

    private static void Check(Loss loss, bool binary, Func<Tensor, Tensor> network, JsonElement golden, double tolerance = 2e-6)
    {
        Graph graph = new();
        Tensor input = graph.Placeholder("x", DType.Float32, Shape.Batched(binary ? 1 : 4)), output = network(input);
        Tensor target = graph.Placeholder("y", loss.TargetType, loss.TargetShape(output.Shape));
        double[] labels = Numbers(Golden, binary ? "targets" : "labels");
        if (loss is CategoricalCrossentropy)
            labels = [.. labels.SelectMany(l => Enumerable.Range(0, 4).Select(c => c == (int)l ? 1.0 : 0))];
        Dictionary<string, double[]> given = new() { ["x"] = Numbers(Golden, binary ? "logit" : "logits"), ["y"] = labels };
        Tensor rows = loss.PerRow(new(output), target), gradient = Gradients.Compute([rows], [input])[0]!;
        Array64[] values = ReferenceEngine.Evaluate([rows, gradient], given, 6);
        Assert.All(Numbers(golden, "loss").Zip(values[0].Data), p => Assert.Equal(p.First, p.Second, tolerance * (1 + Math.Abs(p.First))));
        Assert.All(Numbers(golden, "gradient").Zip(values[1].Data), p => Assert.Equal(p.First, p.Second, tolerance * 30));
        GradientCheck.Run(loss.ToString(), [rows], [input], given, 6, second: false);
    }

    [Fact]
    public void Class_balanced_focal_loss_is_the_focal_loss_with_weights()
    {
        JsonElement effective = Golden.GetProperty("effective");
        double[] weights = Numbers(effective, "weights"), labels = Numbers(Golden, "labels");
        Graph graph = new();
        Tensor input = graph.Placeholder("x", DType.Float32, Shape.Batched(4)), target = graph.Placeholder("y", DType.Int32, Shape.Batched());
        Tensor rows = new SparseCategoricalCrossentropy { FocalGamma = 2 }.PerRow(new(Ops.Softmax(input)), target);
        double[] values = ReferenceEngine.Evaluate([rows], new Dictionary<string, double[]> { ["x"] = Numbers(Golden, "logits"), ["y"] = labels }, 6)[0].Data;
        Assert.All(Numbers(effective, "loss").Zip(values.Zip(labels)), p => Assert.Equal(p.First, p.Second.First * weights[(int)p.Second.Second], 1e-6));
    }

    [Fact]
    public void Counts_that_are_given_are_kept_and_missing_ones_are_an_error()
    {
        SparseCategoricalCrossentropy loss = new() { LogitAdjustment = 1, ClassCounts = [1, 2, 3, 4] };
        Assert.Same(loss, loss.WithClassCounts([9, 9, 9, 9]));
        SparseCategoricalCrossentropy plain = new();
        Assert.Same(plain, plain.WithClassCounts([9, 9]));
        Graph graph = new();
        Tensor output = graph.Placeholder("x", DType.Float32, Shape.Batched(4)), target = graph.Placeholder("y", DType.Int32, Shape.Batched());
        Assert.Contains("ClassCounts", Assert.Throws<ArgumentException>(() => new SparseCategoricalCrossentropy { Margin = 0.5f, FromLogits = true }.PerRow(new(output), target)).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 2], expected 4", Assert.Throws<ArgumentException>(() => (loss with { ClassCounts = [1, 2], FromLogits = true }).PerRow(new(output), target)).Message, StringComparison.Ordinal);
        Assert.Contains("MarginScale is 0", Assert.Throws<ArgumentException>(() => (loss with { MarginScale = 0 }).PerRow(new(output), target)).Message, StringComparison.Ordinal);
        Tensor several = graph.Placeholder("z", DType.Float32, Shape.Batched(3));
        Assert.Contains("one output", Assert.Throws<ArgumentException>(() => new BinaryCrossentropy { LogitAdjustment = 1, ClassCounts = [1, 2], FromLogits = true }.PerRow(new(several), several)).Message, StringComparison.Ordinal);
    }
}
