using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests;
using MLNetDeep.TensorFlow.Tests.Support;

namespace MLNetDeep.TensorFlow.Tests;

/// <summary>Every operation, its gradient, and the gradient's gradient, against the CPU engine.</summary>
public class OperationTests
{
    public static TheoryData<string, string> Differentiable => TestedEngines.Times(GradientTests.Cases.Keys);

    [SkippableTheory]
    [MemberData(nameof(Differentiable))]
    public void Operations_and_their_gradients_agree_with_the_cpu(string engine, string op)
    {
        foreach (GradientTests.Case check in GradientTests.Cases[op])
        {
            GradientTests.Inputs inputs = new();
            Tensor[] outputs = check.Build(inputs);
            Tensor total = GradientCheck.WeightedSum(outputs, GradientTests.Batch, 1);
            Tensor[] gradients = [.. Gradients.Compute([total], [.. inputs.Differentiated]).OfType<Tensor>()];
            List<Tensor> fetches = [.. outputs, .. gradients];
            if (gradients.Length > 0)
                fetches.AddRange(Gradients.Compute([GradientCheck.WeightedSum(gradients, GradientTests.Batch, 2)], [.. inputs.Differentiated]).OfType<Tensor>());
            Compare.Fetches(engine, inputs.Graph, fetches, Floats(inputs), GradientTests.Batch);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Comparisons_and_integers_agree_with_the_cpu(string engine)
    {
        GradientTests.Inputs inputs = new();
        Tensor x = inputs.Float(-2, 2, -1, 4), y = inputs.Float(-2, 2, 4), ids = inputs.Int([2, 0, 1], -1);
        Tensor close = Ops.Cast(Ops.Greater(x, y));
        List<Tensor> all = [Ops.OneHot(ids, 3, 0.75f, 0.125f), Ops.ArgMax(x, 0), Ops.ArgMax(x, -1), Ops.ElementCount(x, [0, 1]), Ops.StopGradient(x), Ops.Cast(ids), x, ids, x];
        foreach (string op in (string[])["Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual"])
        {
            Tensor truth = inputs.Graph.Add(op, [x, y]).Outputs[0], of = inputs.Graph.Add(op, [close, Ops.Cast(Ops.Less(y, x))]).Outputs[0];
            all.AddRange([truth, of, Ops.LogicalAnd(truth, of), Ops.LogicalOr(truth, of), Ops.LogicalNot(truth)]);
        }

        Compare.Fetches(engine, inputs.Graph, all, Floats(inputs), GradientTests.Batch);
    }

    // The bits are equal; what is made of them may round.
    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Random_numbers_are_those_of_the_cpu(string engine)
    {
        GradientTests.Inputs inputs = new();
        Tensor like = inputs.Float(0, 1, -1, 5, 7), step = inputs.Int([11]);
        Tensor[] fetches = [Ops.RandomUniform(like, step, 7), Ops.RandomUniform(like, step, -3), Ops.RandomNormal(like, step, 7), Ops.DropoutMask(like, step, 0.4f, 7)];
        Compare.Fetches(engine, inputs.Graph, fetches, Floats(inputs), GradientTests.Batch, 1e-5);
    }

    private static Dictionary<string, float[]> Floats(GradientTests.Inputs inputs) => inputs.Given.ToDictionary(g => g.Key, g => g.Value.Select(v => (float)v).ToArray());
}
