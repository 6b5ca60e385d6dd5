using MLNetDeep.Graphs.Tests.Reference;

namespace MLNetDeep.Graphs.Tests;

/// <summary>Compares gradients with finite differences, both in double precision, so that nothing but a wrong formula shows.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5, Tolerance = 1e-6;

    /// <summary>Checks the derivative of a weighted sum of <paramref name="outputs"/>, and of the derivative itself where <paramref name="second"/>.</summary>
    /// <param name="what">For messages.</param>
    /// <param name="outputs">Float32 tensors.</param>
    /// <param name="inputs">Placeholders or variables to differentiate by.</param>
    /// <param name="given">Values of all placeholders and variables.</param>
    /// <param name="batch">Number of rows.</param>
    /// <param name="second">Whether second derivatives are checked.</param>
    public static void Run(string what, IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyDictionary<string, double[]> given, int batch, bool second)
    {
        Tensor total = WeightedSum(outputs, batch, 1);
        Tensor?[] gradients = Gradients.Compute([total], inputs);
        Compare(what, total, inputs, gradients, given, batch);
        if (!second)
            return;
        Tensor[] found = [.. gradients.OfType<Tensor>()];
        Tensor slope = WeightedSum(found, batch, 2);
        Compare($"second derivative of {what}", slope, inputs, Gradients.Compute([slope], inputs), given, batch);
    }

    public static double[] Numbers(int count, int seed, double low = -1, double high = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => low + (high - low) * random.NextDouble())];
    }

    // Weights, so that an error in one element cannot be made up for by another.
    internal static Tensor WeightedSum(IReadOnlyList<Tensor> tensors, int batch, int seed)
    {
        Tensor? sum = null;
        foreach (Tensor tensor in tensors)
        {
            Shape row = new(tensor.Shape.Rank == 0 || !tensor.Shape.IsBatched ? [.. tensor.Shape.Dims] : [.. Enumerable.Range(0, tensor.Shape.Rank).Select(i => i <= tensor.Shape.BatchAxis ? 1 : tensor.Shape[i])]);
            Tensor weights = Ops.Constant(tensor.Graph, [.. Numbers(row.UnitSize, seed++, 0.5, 2).Select(x => (float)x)], row);

            // Rows are told apart by a nonlinear function.
            Tensor part = Ops.Sum((tensor + Ops.Square(tensor) * 0.125f) * weights);
            sum = sum is null ? part : sum + part;
        }

        return sum!;
    }

    private static void Compare(string what, Tensor total, IReadOnlyList<Tensor> inputs, Tensor?[] gradients, IReadOnlyDictionary<string, double[]> given, int batch)
    {
        Tensor[] found = [.. gradients.OfType<Tensor>()];
        Queue<Array64> values = new(ReferenceEngine.Evaluate(found, given, batch));
        for (int i = 0; i < inputs.Count; i++)
        {
            string name = inputs[i].Node.Name;
            double[]? analytic = gradients[i] is null ? null : values.Dequeue().Data;
            double[] x = given[name];
            for (int j = 0; j < x.Length; j++)
            {
                double numeric = (At(j, Step) - At(j, -Step)) / (2 * Step), own = analytic?[j] ?? 0;
                Assert.True(
                    Math.Abs(numeric - own) <= Tolerance * (1 + Math.Abs(numeric)),
                    $"{what}: the derivative by {name}[{j}] is {own}{(analytic is null ? " (no gradient)" : "")}; by differences it is {numeric}.");
            }

            double At(int j, double by)
            {
                double[] moved = [.. x];
                moved[j] += by;
                return ReferenceEngine.Evaluate([total], new Dictionary<string, double[]>(given) { [name] = moved }, batch)[0].Data[0];
            }
        }
    }
}
