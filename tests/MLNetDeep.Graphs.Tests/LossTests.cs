using MLNetDeep.Graphs.Tests.Reference;
using MLNetDeep.Layers;
using MLNetDeep.Losses;

namespace MLNetDeep.Graphs.Tests;

/// <summary>What the golden values do not show: probabilities as outputs, masks, several quantiles, class weights, bad settings.</summary>
public class LossTests
{
    private static readonly double[] Logits = GradientCheck.Numbers(3 * 4, 1, -2, 2);

    private static double[] PerRow(Loss loss, Func<Tensor, Tensor> network, double[] x, int[] row, double[] target, double[]? mask = null)
    {
        Graph graph = new();
        Tensor input = graph.Placeholder("x", DType.Float32, Shape.Batched(row));
        Tensor output = network(input);
        Tensor? real = mask is null ? null : graph.Placeholder("mask", DType.Bool, Shape.Batched(row[0]));
        Tensor targets = graph.Placeholder("target", loss.TargetType, loss.TargetShape(output.Shape));
        int batch = x.Length / row.Aggregate(1, (a, b) => a * b);
        Dictionary<string, double[]> given = new() { ["x"] = x, ["target"] = target, ["mask"] = mask ?? [] };
        Tensor rows = loss.PerRow(new(output, real), targets);
        Assert.Equal(Shape.Batched(), rows.Shape);
        return ReferenceEngine.Evaluate([rows], given, batch)[0].Data;
    }

    private static void Same(double[] expected, double[] actual, double tolerance = 1e-6) =>
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, tolerance));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1f, 0)]
    [InlineData(0, 2)]
    [InlineData(0, 1.5f)]
    [InlineData(0.1f, 2)]
    public void Softmax_probabilities_logits_and_one_hot_give_the_same(float smoothing, float gamma)
    {
        double[] labels = [3, 0, 1];
        double[] oneHot = [0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0];
        SparseCategoricalCrossentropy loss = new() { LabelSmoothing = smoothing, FocalGamma = gamma };
        double[] expected = PerRow(loss with { FromLogits = true }, x => x, Logits, [4], labels);
        Same(expected, PerRow(loss, Ops.Softmax, Logits, [4], labels));
        Same(expected, PerRow(loss, x => Ops.Softmax(x) * 1f, Logits, [4], labels));
        Same(expected, PerRow(loss, x => Ops.Exp(x), Logits, [4], labels));
        CategoricalCrossentropy categorical = new() { LabelSmoothing = smoothing, FocalGamma = gamma };
        Same(expected, PerRow(categorical, Ops.Softmax, Logits, [4], oneHot));
        Same(expected, PerRow(categorical with { FromLogits = true }, x => x, Logits, [4], oneHot));
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(0.1f, 0, null)]
    [InlineData(0.1f, 2, 0.25f)]
    [InlineData(0, 0.5f, null)]
    public void Sigmoid_probabilities_and_logits_give_the_same(float smoothing, float gamma, float? alpha)
    {
        double[] targets = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0];
        BinaryCrossentropy loss = new() { LabelSmoothing = smoothing, FocalGamma = gamma, FocalAlpha = alpha };
        double[] expected = PerRow(loss with { FromLogits = true }, x => x, Logits, [4], targets);
        Same(expected, PerRow(loss, Ops.Sigmoid, Logits, [4], targets));
        Same(expected, PerRow(loss, x => Ops.Sigmoid(x) * 1f, Logits, [4], targets));
    }

    [Fact]
    public void Plain_cross_entropy_is_one_fused_operation()
    {
        Graph graph = new();
        Tensor output = Network.Input(4).ClassOutput(3).Build(new BuildContext(graph)).Value;
        int before = graph.Nodes.Count;
        new SparseCategoricalCrossentropy().PerRow(new(output), graph.Placeholder("y", DType.Int32, Shape.Batched()));
        Assert.Equal(["Placeholder", "SparseSoftmaxCrossEntropyWithLogits"], graph.Nodes.Skip(before).Select(n => n.Op.Name));
    }

    [Fact]
    public void Steps_that_are_masked_do_not_count()
    {
        double[] x = [1, 2, 3, 4, 5, 6], zeros = new double[6];
        Same([(1 + 4) / 2.0, 16], PerRow(new MeanSquaredError(), v => v, x, [3], zeros, [1, 1, 0, 1, 0, 0]));
        Same([(1 + 4) / 2.0 / 2, 0], PerRow(new MeanSquaredError(), v => v, [1, 2, 5, 5, 1, 1, 1, 1], [2, 2], new double[8], [1, 0, 0, 0]).Select((l, i) => i == 0 ? l / 2 : l).ToArray());
        double[] logits = GradientCheck.Numbers(2 * 3 * 4, 2);
        double[] all = PerRow(new SparseCategoricalCrossentropy { FromLogits = true }, v => v, logits[..4].Concat(logits[..4]).ToArray(), [2, 4], [1, 1]);
        Same(all, PerRow(new SparseCategoricalCrossentropy { FromLogits = true }, v => v, logits[..4].Concat(logits[4..8]).ToArray(), [2, 4], [1, 3], [1, 0]));
    }

    [Fact]
    public void Steps_without_a_class_do_not_count_and_the_others_count_alike()
    {
        // Three steps, the middle one without a class: in one row, and in rows of their own.
        double[] each = PerRow(new SparseCategoricalCrossentropy { LabelSmoothing = 0.1f }, Ops.Softmax, Logits, [4], [3, 0, 1]), targets = [3, 1, 0, 0, 1, 1];
        StepCrossentropy loss = new() { LabelSmoothing = 0.1f };
        double expected = (each[0] + each[2]) / 2;
        Same([expected], PerRow(loss, Ops.Softmax, Logits, [3, 4], targets));
        double[] rows = PerRow(loss, Ops.Softmax, Logits, [1, 4], targets);
        Same([1.5 * each[0], 0, 1.5 * each[2]], rows);
        Assert.Equal(expected, rows.Average(), 1e-6);
        Same([0], PerRow(loss, Ops.Softmax, Logits, [3, 4], [0, 0, 0, 0, 0, 0]));
    }

    [Fact]
    public void Several_quantiles_share_a_target()
    {
        Quantile loss = new(0.1f, 0.9f);
        Assert.Equal(Shape.Batched(1), loss.TargetShape(Shape.Batched(2)));
        Same([((5 - 1) * 0.1 + (7 - 5) * 0.1) / 2], PerRow(loss, v => v, [1, 7], [2], [5]), 1e-6);
        Assert.Throws<ArgumentException>(() => PerRow(loss, v => v, [1, 2, 3], [3], [5]));
        Assert.Throws<ArgumentException>(() => PerRow(new Quantile(1f), v => v, [1], [1], [5]));
    }

    [Fact]
    public void A_gaussian_likelihood_is_that_of_the_density()
    {
        GaussianLikelihood loss = new();
        Assert.Equal(Shape.Batched(2, 1), loss.TargetShape(Shape.Batched(2, 2)));
        double Of(double y, double mean, double raw)
        {
            double deviation = 1e-3 + Math.Log(1 + Math.Exp(raw));
            return -Math.Log(Math.Exp(-0.5 * Math.Pow((y - mean) / deviation, 2)) / (deviation * Math.Sqrt(2 * Math.PI)));
        }

        Same([(Of(1, 0.5, 0) + Of(-1, 2, 1)) / 2], PerRow(loss, v => v, [0.5, 0, 2, 1], [2, 2], [1, -1]), 1e-6);
        Assert.Throws<ArgumentException>(() => PerRow(loss, v => v, [1, 2, 3], [3], [5]));
        Assert.Throws<ArgumentException>(() => PerRow(loss with { MinDeviation = 0 }, v => v, [1, 2], [2], [5]));
        Graph graph = new();
        Tensor output = graph.Placeholder("x", DType.Float32, Shape.Batched(3, 2)), target = graph.Placeholder("y", DType.Float32, Shape.Batched(3, 1));
        Dictionary<string, double[]> given = new() { ["x"] = GradientCheck.Numbers(12, 4, -1, 1), ["y"] = GradientCheck.Numbers(6, 5, -1, 1) };
        GradientCheck.Run("GaussianLikelihood", [loss.PerRow(new(output), target)], [output], given, 2, second: true);
    }

    [Fact]
    public void The_likelihood_of_a_table_is_that_of_its_numbers_and_choices()
    {
        TableLikelihood loss = new() { Numbers = 1, Blocks = [2, 3] };
        Assert.Equal(Shape.Batched(6), loss.TargetShape(Shape.Batched(7)));
        double normal = Math.Pow((0.4 - Math.Tanh(0.3)) / 0.2, 2) / 2 + Math.Log(0.2);
        double first = Math.Exp(-1) / (Math.Exp(0.5) + Math.Exp(-1)), second = Math.Exp(2) / (1 + Math.Exp(2) + Math.Exp(0.1));
        Same([normal - Math.Log(first) - Math.Log(second)], PerRow(loss, v => v, [0.3, 0.5, -1, 0, 2, 0.1, 0.2], [7], [0.4, 0, 1, 0, 1, 0]), 1e-6);
        Assert.Contains("expected (batch, 7)", Assert.Throws<ArgumentException>(() => loss.TargetShape(Shape.Batched(6))).Message, StringComparison.Ordinal);
        foreach (TableLikelihood kind in (TableLikelihood[])[loss, new() { Numbers = 2, Blocks = [] }, new() { Numbers = 0, Blocks = [4] }])
        {
            int size = kind.Numbers + kind.Blocks.Sum();
            Graph graph = new();
            Tensor output = graph.Placeholder("x", DType.Float32, Shape.Batched(size + kind.Numbers)), target = graph.Placeholder("y", DType.Float32, Shape.Batched(size));
            Dictionary<string, double[]> given = new() { ["x"] = GradientCheck.Numbers(2 * (size + kind.Numbers), 4, 0.2, 1), ["y"] = GradientCheck.Numbers(2 * size, 5, 0, 1) };
            GradientCheck.Run(kind.ToString(), [kind.PerRow(new(output), target)], [output], given, 2, second: true);
        }
    }

    public static TheoryData<Loss> Smooth => [new MeanSquaredError(), new LogCosh(), new Poisson(), new Huber { Delta = 0.4f }, new MeanAbsoluteError(), new Quantile(0.2f),
        new BinaryCrossentropy { FromLogits = true, FocalGamma = 1.5f }, new CategoricalCrossentropy { FromLogits = true, FocalGamma = 3 }];

    [Theory]
    [MemberData(nameof(Smooth))]
    public void Gradients_agree_with_differences(Loss loss)
    {
        Graph graph = new();
        Tensor output = graph.Placeholder("x", DType.Float32, Shape.Batched(4)), target = graph.Placeholder("y", DType.Float32, Shape.Batched(4));
        Dictionary<string, double[]> given = new() { ["x"] = GradientCheck.Numbers(8, 4, 0.5, 3), ["y"] = GradientCheck.Numbers(8, 5, 0.1, 0.9) };
        GradientCheck.Run(loss.ToString(), [loss.PerRow(new(output), target)], [output], given, 2, second: loss is not (MeanAbsoluteError or Quantile));
    }

    [Fact]
    public void Outputs_and_settings_that_do_not_fit_are_named()
    {
        Assert.Contains("BinaryCrossentropy", Assert.Throws<ArgumentException>(() => PerRow(new SparseCategoricalCrossentropy(), v => v, [1], [1], [0])).Message, StringComparison.Ordinal);
        Assert.Contains("LabelSmoothing is 2", Assert.Throws<ArgumentException>(() => PerRow(new BinaryCrossentropy { LabelSmoothing = 2 }, v => v, [1], [1], [0])).Message, StringComparison.Ordinal);
        Assert.Contains("Delta is 0", Assert.Throws<ArgumentException>(() => PerRow(new Huber { Delta = 0 }, v => v, [1], [1], [0])).Message, StringComparison.Ordinal);
    }
}
