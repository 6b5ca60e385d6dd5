namespace MLNetDeep.Graphs.Tests;

/// <summary>The gradient of every operation there is, against finite differences.</summary>
public class GradientTests
{
    internal const int Batch = 3;

    // Operations without a gradient of their own, and why.
    private static readonly Dictionary<string, string> Without = new()
    {
        ["Placeholder"] = "a source",
        ["Const"] = "a source",
        ["Variable"] = "a source; differentiated by in every layer's test",
        ["Assign"] = "has no output",
        ["StopGradient"] = "has none by definition",
        ["ElementCount"] = "depends on shapes alone",
        ["ArgMax"] = "gives integers",
        ["OneHot"] = "takes integers",
        ["Greater"] = "gives truth values",
        ["GreaterEqual"] = "gives truth values",
        ["Less"] = "gives truth values",
        ["LessEqual"] = "gives truth values",
        ["Equal"] = "gives truth values",
        ["NotEqual"] = "gives truth values",
        ["LogicalAnd"] = "takes truth values",
        ["LogicalOr"] = "takes truth values",
        ["LogicalNot"] = "takes truth values",
        ["StatelessRandomUniform"] = "takes a shape",
        ["StatelessRandomNormal"] = "takes a shape",
        ["DropoutMask"] = "takes a shape",
    };

    // Operations whose gradient is cut short on purpose, so that differences cannot tell.
    private static readonly List<(string Op, Func<Inputs, Tensor[]> Build)> Truncated = [];

    internal static readonly Dictionary<string, List<Case>> Cases = MakeCases(Truncated);

    public static TheoryData<string> Checked => [.. Cases.Keys];

    [Fact]
    public void Every_operation_is_checked_or_says_why_not()
    {
        string[] missing = [.. OpRegistry.All.Select(o => o.Name).Where(n => !Cases.ContainsKey(n) && !Without.ContainsKey(n))];
        Assert.True(missing.Length == 0, $"Without a gradient check: {string.Join(", ", missing)}.");
        Assert.Empty(Cases.Keys.Intersect(Without.Keys));
        Assert.Empty(Cases.Keys.Concat(Without.Keys).Except(OpRegistry.All.Select(o => o.Name)));
    }

    [Theory]
    [MemberData(nameof(Checked))]
    public void Gradient_agrees_with_differences(string op)
    {
        foreach (Case check in Cases[op])
        {
            Inputs inputs = new();
            Tensor[] outputs = check.Build(inputs);
            Assert.Contains(inputs.Graph.Nodes, n => n.Op.Name == op);
            GradientCheck.Run(op, outputs, [.. inputs.Differentiated], inputs.Given, Batch, check.Smooth);
        }
    }

    [Theory]
    [MemberData(nameof(Checked))]
    public void Cpu_agrees_with_the_reference(string op)
    {
        foreach (Case check in Cases[op])
        {
            Inputs inputs = new();
            Tensor[] outputs = check.Build(inputs);

            // Which elements drop out is each engine's own affair.
            if (inputs.Graph.Nodes.Any(n => n.Attributes.TryGet("rate", out float rate) && rate > 0))
                continue;
            Tensor total = outputs.Select(o => Ops.Sum(o + Ops.Square(o))).Aggregate((a, b) => a + b);
            AssertCpuAgrees(inputs, [.. outputs, .. Gradients.Compute([total], [.. inputs.Differentiated]).OfType<Tensor>()]);
        }
    }

    [Fact]
    public void Cpu_agrees_with_the_reference_on_what_has_no_gradient()
    {
        Inputs inputs = new();
        Tensor x = inputs.Float(-2, 2, -1, 4), y = inputs.Float(-2, 2, 4), ids = inputs.Int([2, 0, 1], -1);
        Tensor close = Ops.Cast(Ops.Greater(x, y));
        List<Tensor> all = [Ops.OneHot(ids, 3, 0.75f, 0.125f), Ops.ArgMax(x, 0), Ops.ArgMax(x, -1), Ops.ElementCount(x, [0, 1]), Ops.StopGradient(x), Ops.Cast(ids)];
        foreach (string op in (string[])["Greater", "GreaterEqual", "Less", "LessEqual", "Equal", "NotEqual"])
        {
            Tensor truth = Two(op, x, y), of = Two(op, close, Ops.Cast(Ops.Less(y, x)));
            all.AddRange([truth, of, Ops.LogicalAnd(truth, of), Ops.LogicalOr(truth, of), Ops.LogicalNot(truth)]);
        }

        AssertCpuAgrees(inputs, [.. all]);
    }

    private static void AssertCpuAgrees(Inputs inputs, Tensor[] fetches)
    {
        Dictionary<string, float[]> given = inputs.Given.ToDictionary(g => g.Key, g => g.Value.Select(v => (float)v).ToArray());
        float[][] expected = TestEngines.Run("reference", inputs.Graph, fetches, given, Batch), actual = TestEngines.Run("cpu", inputs.Graph, fetches, given, Batch);
        for (int i = 0; i < fetches.Length; i++)
        {
            Assert.Equal(expected[i].Length, actual[i].Length);
            Assert.All(expected[i].Zip(actual[i]), p => Assert.True(Math.Abs(p.First - p.Second) <= 2e-5 * (1 + Math.Abs(p.First)), $"{fetches[i]}: {p.Second}, expected {p.First}"));
        }
    }

    // The gradient of what the operation stands for, differentiated node by node, is the measure.
    [Fact]
    public void Truncated_gradients_are_those_of_the_simple_operations()
    {
        Assert.Equal(8, Truncated.Count);
        foreach ((string op, Func<Inputs, Tensor[]> build) in Truncated)
        {
            Inputs inputs = new();
            Tensor[] outputs = build(inputs);
            Tensor[] simple = outputs[0].Node.Op.Expand(outputs[0].Node)![..outputs.Length];
            Tensor[] upstream = [.. outputs.Select((o, i) => Ops.Constant(inputs.Graph, i + 1.5f) * o)];
            Tensor?[] expected = Gradients.Compute(simple, inputs.Differentiated, upstream), actual = Gradients.Compute(outputs, inputs.Differentiated, upstream);
            Tensor?[] whole = Gradients.Compute(outputs[0].Node.Graph.Add(op, outputs[0].Node.Inputs, With(outputs[0].Node.Attributes, "truncate", 0)).Outputs.Take(outputs.Length).ToArray(), inputs.Differentiated, upstream);
            Dictionary<string, float[]> given = inputs.Given.ToDictionary(g => g.Key, g => g.Value.Select(v => (float)v).ToArray());
            Tensor[] fetches = [.. expected.OfType<Tensor>(), .. actual.OfType<Tensor>(), .. whole.OfType<Tensor>()];
            float[][] values = TestEngines.Run("cpu", inputs.Graph, fetches, given, Batch);
            int count = fetches.Length / 3;
            for (int i = 0; i < count; i++)
                Assert.All(values[i].Zip(values[count + i]), p => Assert.True(Math.Abs(p.First - p.Second) <= 1e-5 * (1 + Math.Abs(p.First)), $"{op}: {p.Second}, expected {p.First}"));
            Assert.Contains(Enumerable.Range(0, count), i => values[i].Zip(values[2 * count + i]).Any(p => Math.Abs(p.First - p.Second) > 1e-3));
        }
    }

    [Fact]
    public void Fused_operations_equal_what_they_stand_for()
    {
        foreach ((string op, List<Case> cases) in Cases)
        {
            foreach (Case check in cases)
            {
                Inputs inputs = new();
                check.Build(inputs);
                foreach (Node node in inputs.Graph.Nodes.Where(n => n.Op.Name == op).ToArray())
                {
                    if (node.Op.Expand(node) is not { } simple)
                        continue;
                    Assert.Equal(node.Outputs.Select(o => o.Spec), simple.Select(s => s.Spec));
                    var values = Reference.ReferenceEngine.Evaluate([.. node.Outputs, .. simple], inputs.Given, Batch);
                    for (int i = 0; i < simple.Length; i++)
                        Assert.All(values[i].Data.Zip(values[i + simple.Length].Data), p => Assert.Equal(p.First, p.Second, 9));
                }
            }
        }
    }

    [Fact]
    public void Stop_gradient_stops_it()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(2));
        Assert.Null(Gradients.Compute([Ops.Sum(Ops.StopGradient(x))], [x])[0]);
    }

    [Fact]
    public void What_does_not_matter_has_no_gradient()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(2)), y = graph.Placeholder("y", DType.Float32, Shape.Batched(2));
        Tensor?[] gradients = Gradients.Compute([Ops.Sum(x * 2f)], [x, y]);
        Assert.Equal(x.Shape, gradients[0]!.Shape);
        Assert.Null(gradients[1]);
    }

    [Fact]
    public void An_intermediate_counts_as_independent()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Scalar), y = Ops.Square(x), z = y * x;
        Tensor?[] gradients = Gradients.Compute([z], [x, y]);
        var values = Reference.ReferenceEngine.Evaluate([gradients[0]!, gradients[1]!], new Dictionary<string, double[]> { ["x"] = [3] }, 1);
        Assert.Equal([9, 3], values.Select(v => v.Data[0]));
    }

    internal static Dictionary<string, List<Case>> MakeCases(List<(string, Func<Inputs, Tensor[]>)> truncated)
    {
        Dictionary<string, List<Case>> cases = [];
        foreach (string op in (string[])["Neg", "Square", "Exp", "Expm1", "Erf", "Sigmoid", "Tanh", "Softplus", "Identity", "Softmax", "LogSoftmax"])
            Add(op, i => [One(op, i.Float(-2, 2, -1, 5))]);
        foreach (string op in (string[])["Sqrt", "Rsqrt", "Reciprocal", "Log", "Log1p"])
            Add(op, i => [One(op, i.Float(0.5, 3, -1, 4))]);

        // With a kink at zero, and inputs away from it.
        foreach (string op in (string[])["Abs", "Sign", "Relu", "Selu"])
        {
            Add(op, i => [One(op, i.Float(0.2, 2, -1, 4))], smooth: op != "Sign");
            Add(op, i => [One(op, i.Float(-2, -0.2, -1, 4))], smooth: op == "Selu");
        }

        foreach ((string op, float alpha) in ((string, float)[])[("LeakyRelu", 0.3f), ("Elu", 1), ("Elu", 0.5f)])
        {
            Add(op, i => [One(op, i.Float(0.2, 2, -1, 4), new(("alpha", alpha)))]);
            Add(op, i => [One(op, i.Float(-2, -0.2, -1, 4), new(("alpha", alpha)))]);
        }

        // The gradients of activations, as functions of two inputs. What kink they have is in one of them.
        foreach (string op in (string[])["SigmoidGrad", "TanhGrad", "SoftmaxGrad"])
            Add(op, i => [Two(op, i.Float(-2, 2, -1, 4), i.Float(-2, 2, -1, 4))]);
        foreach (string op in (string[])["ReluGrad", "LeakyReluGrad", "EluGrad", "SeluGrad"])
        {
            Attributes? attributes = op is "LeakyReluGrad" or "EluGrad" ? new(("alpha", 0.7f)) : null;
            Add(op, i => [Two(op, i.Float(-2, 2, -1, 4), i.Float(0.2, 2, -1, 4), attributes)]);
            Add(op, i => [Two(op, i.Float(-2, 2, -1, 4), i.Float(-0.6, -0.2, -1, 4), attributes)]);
        }

        // Broadcasting of every kind.
        foreach (string op in (string[])["AddV2", "Sub", "Mul", "RealDiv", "Maximum", "Minimum"])
        {
            Add(op, i => [Two(op, i.Float(-2, 2, -1, 4), i.Float(0.5, 2, -1, 4))]);
            Add(op, i => [Two(op, i.Float(-2, 2, -1, 2, 4), i.Float(0.5, 2, 4))]);
            Add(op, i => [Two(op, i.Float(-2, 2), i.Float(0.5, 2, -1, 2))]);
            Add(op, i => [Two(op, i.Float(-2, 2, -1, 1), i.Float(0.5, 2, 1, 3))]);
            Add(op, i =>
            {
                Tensor x = i.Float(0.5, 2, -1, 3);
                return [Two(op, x, x)];
            }, smooth: op is not ("Maximum" or "Minimum"));
        }

        // A maximum of equals has one gradient of two that differences see: neither.
        cases["Maximum"].RemoveAt(4);
        cases["Minimum"].RemoveAt(4);

        Add("SelectV2", i => [Ops.Select(Ops.Greater(i.Float(-2, 2, -1, 3), i.Float(-2, 2, 3)), i.Float(-2, 2, -1, 3), i.Float(-2, 2, 3))]);
        Add("Cast", i =>
        {
            Tensor x = i.Float(-2, 2, -1, 3);
            return [One("Cast", x) * Ops.Cast(Ops.Greater(x, Ops.Like(x, 0)))];
        });
        foreach (string op in (string[])["Sum", "Mean", "Max"])
        {
            foreach (bool keep in (bool[])[false, true])
            {
                foreach (int[] axes in (int[][])[[0], [1], [-1], [0, 2], [1, 2], [0, 1, 2]])
                    Add(op, i => [One(op, i.Float(-2, 2, -1, 2, 3), new(("axes", axes), ("keep_dims", keep)))]);
            }
        }

        foreach (bool ta in (bool[])[false, true])
        {
            foreach (bool tb in (bool[])[false, true])
            {
                Attributes attributes = new(("transpose_a", ta), ("transpose_b", tb));
                if (!ta)
                    Add("MatMul", i => [Two("MatMul", i.Float(-2, 2, -2, 3), tb ? i.Float(-2, 2, 4, 3) : i.Float(-2, 2, 3, 4), attributes)]);
                else
                    Add("MatMul", i => [Two("MatMul", i.Float(-2, 2, 3, -1), tb ? i.Float(-2, 2, 4, 3) : i.Float(-2, 2, 3, 4), attributes)]);

                // Summed over the batch.
                Add("MatMul", i => [Two("MatMul", ta ? i.Float(-2, 2, -1, 2) : i.Float(-2, 2, 2, -1), tb ? i.Float(-2, 2, 3, -1) : i.Float(-2, 2, -1, 3), attributes)]);
            }
        }

        // Strides, dilations, paddings of four different sizes, groups; a window that leaves cells at the end unseen.
        foreach ((int[] x, int[] w, Func<Tensor, Tensor, Tensor> convolve) in (List<(int[], int[], Func<Tensor, Tensor, Tensor>)>)
        [
            ([4, 5, 2], [3, 2, 2, 3], (x, w) => Ops.Conv2D(x, w)),
            ([5, 4, 2], [3, 3, 2, 3], (x, w) => Ops.Conv2D(x, w, [2, 3], [0, 1, 1, 0])),
            ([5, 6, 1], [2, 3, 1, 2], (x, w) => Ops.Conv2D(x, w, [1, 1], [1, 0, 2, 1], [2, 2])),
            ([4, 4, 4], [3, 3, 2, 6], (x, w) => Ops.Conv2D(x, w, [2, 1], [1, 1, 1, 1], groups: 2)),
            ([4, 3, 3], [2, 2, 1, 6], (x, w) => Ops.Conv2D(x, w, [2, 2], groups: 3)),
            ([3, 3, 2], [1, 1, 2, 2], (x, w) => Ops.Conv2D(x, w, [2, 2])),
        ])
        {
            Add("Conv2D", i => [convolve(i.Float(-1, 1, [-1, .. x]), i.Float(-1, 1, w))]);

            // The gradients of a convolution, as functions of what they take.
            Add("Conv2DBackpropInput", i =>
            {
                Tensor from = i.Graph.Placeholder("from", DType.Float32, new Shape([-1, .. x])), filters = i.Float(-1, 1, w), y = convolve(from, filters);
                return [i.Graph.Add("Conv2DBackpropInput", [filters, i.Float(-1, 1, y.Shape.Dims.ToArray())], With(y.Node.Attributes, ("input_sizes", (int[])[x[0], x[1]]))).Outputs[0]];
            });
            Add("Conv2DBackpropFilter", i =>
            {
                Tensor from = i.Float(-1, 1, [-1, .. x]), y = convolve(from, i.Graph.Placeholder("w", DType.Float32, new Shape(w)));
                return [i.Graph.Add("Conv2DBackpropFilter", [from, i.Float(-1, 1, y.Shape.Dims.ToArray())], With(y.Node.Attributes, ("filter_sizes", (int[])[w[0], w[1]]))).Outputs[0]];
            });
        }

        foreach ((int[] size, int[] strides, int[] pads) in (List<(int[], int[], int[])>)
        [
            ([2, 2], [2, 2], [0, 0, 0, 0]),
            ([3, 2], [1, 2], [1, 1, 0, 1]),
            ([2, 3], [3, 1], [1, 0, 2, 1]),
        ])
        {
            Attributes pool = new(("ksize", size), ("strides", strides), ("pads", pads)), grad = With(pool, ("input_sizes", (int[])[4, 5]));
            Add("MaxPool", i => [One("MaxPool", i.Float(-2, 2, -1, 4, 5, 2), pool)]);
            Add("AvgPool", i => [One("AvgPool", i.Float(-2, 2, -1, 4, 5, 2), pool)]);
            Add("AvgPoolGrad", i => [One("AvgPoolGrad", i.Float(-2, 2, Pooled(i, pool)), grad)]);
            Add("MaxPoolGrad", i =>
            {
                Tensor x = i.Float(-2, 2, -1, 4, 5, 2), y = One("MaxPool", x, pool);
                return [i.Graph.Add("MaxPoolGrad", [x, y, i.Float(-2, 2, y.Shape.Dims.ToArray())], pool).Outputs[0]];
            });
            Add("MaxPoolGradGrad", i =>
            {
                Tensor x = i.Float(-2, 2, -1, 4, 5, 2);
                return [i.Graph.Add("MaxPoolGradGrad", [x, One("MaxPool", x, pool), i.Float(-2, 2, -1, 4, 5, 2)], pool).Outputs[0]];
            });
        }

        foreach (bool adjX in (bool[])[false, true])
        {
            foreach (bool adjY in (bool[])[false, true])
            {
                Attributes attributes = new(("adj_x", adjX), ("adj_y", adjY));
                int[] a = adjX ? [3, 2] : [2, 3], b = adjY ? [4, 3] : [3, 4];
                Add("BatchMatMulV2", i => [Two("BatchMatMulV2", i.Float(-2, 2, [-1, 2, .. a]), i.Float(-2, 2, [-1, 2, .. b]), attributes)]);
                Add("BatchMatMulV2", i => [Two("BatchMatMulV2", i.Float(-2, 2, [-1, .. a]), i.Float(-2, 2, b), attributes)]);
                Add("BatchMatMulV2", i => [Two("BatchMatMulV2", i.Float(-2, 2, a), i.Float(-2, 2, [-1, .. b]), attributes)]);
                Add("BatchMatMulV2", i => [Two("BatchMatMulV2", i.Float(-2, 2, [-1, 2, .. a]), i.Float(-2, 2, [2, .. b]), attributes)]);
                Add("BatchMatMulV2", i => [Two("BatchMatMulV2", i.Float(-2, 2, [2, .. a]), i.Float(-2, 2, [-1, 2, .. b]), attributes)]);
            }
        }

        Add("Reshape", i => [Ops.Reshape(i.Float(-2, 2, -1, 2, 3), new Shape(-2, 3))]);
        Add("Transpose", i => [Ops.Transpose(i.Float(-2, 2, -1, 2, 3), 2, 0, 1)]);
        Add("ConcatV2", i => [Ops.Concatenate([i.Float(-2, 2, -1, 2), i.Float(-2, 2, -1, 1), i.Float(-2, 2, -1, 3)], 1)]);
        Add("ConcatV2", i => [Ops.Concatenate([i.Float(-2, 2, -1, 2), i.Float(-2, 2, -2, 2)], 0)]);
        Add("ConcatV2", i => [Ops.Concatenate([i.Float(-2, 2, -1, 2, 2), i.Float(-2, 2, -1, 2, 1)], -1)]);
        Add("Slice", i => [Ops.Slice(i.Float(-2, 2, -1, 5), 1, 1, 3)]);
        Add("Slice", i => [Ops.Slice(i.Float(-2, 2, -3, 2), 0, -1, -1)]);
        Add("Pad", i => [Ops.Pad(i.Float(-2, 2, -1, 2, 2), 1, 1, 2)]);
        Add("Pad", i => [Ops.Pad(i.Float(-2, 2, -1, 2), 0, -1, 0)]);
        Add("BroadcastLike", i => [Ops.BroadcastLike(i.Float(-2, 2, 3), i.Float(-2, 2, -1, 3))]);
        Add("BroadcastLike", i => [Ops.BroadcastLike(i.Float(-2, 2, -1, 1), i.Float(-2, 2, -1, 3))]);
        Add("GatherV2", i => [Ops.Gather(i.Float(-2, 2, 4, 2), i.Int([3, 0, 1, 3, 3, 1], -1, 2))]);
        Add("UnsortedSegmentSum", i => [Ops.UnsortedSegmentSum(i.Float(-2, 2, -1, 2, 2), i.Int([3, 0, 1, 3, 3, 1], -1, 2), 4)]);
        Add("SparseSoftmaxCrossEntropyWithLogits", i => [Ops.SparseSoftmaxCrossEntropy(i.Float(-2, 2, -1, 4), i.Int([3, 0, 1], -1))]);
        Add("SparseSoftmaxCrossEntropyWithLogits", i => [.. Ops.Many("SparseSoftmaxCrossEntropyWithLogits", [i.Float(-2, 2, -1, 4), i.Int([3, 0, 1], -1)], Attributes.None)]);

        AddAttention(Add);

        Attributes epsilon = new(("epsilon", 0.05f));
        foreach ((string norm, string grad) in ((string, string)[])[("BatchNorm", "BatchNormGrad"), ("LayerNorm", "LayerNormGrad")])
        {
            foreach (int[] dims in (int[][])[[-1, 4], [-1, 2, 3]])
            {
                Add(norm, i => [Ops.Many(norm, [i.Float(-2, 2, dims), i.Float(0.5, 2, dims[^1]), i.Float(-1, 1, dims[^1])], epsilon)[0]]);
                Add(norm, i => Ops.Many(norm, [i.Float(-2, 2, dims), i.Float(0.5, 2, dims[^1]), i.Float(-1, 1, dims[^1])], epsilon));
                Add(grad, i =>
                {
                    Tensor x = i.Float(-2, 2, dims), gamma = i.Float(0.5, 2, dims[^1]);
                    Tensor[] y = Ops.Many(norm, [x, gamma, i.Float(-1, 1, dims[^1])], epsilon);
                    return Ops.Many(grad, [i.Float(-2, 2, dims), x, gamma, y[1], y[2]], epsilon);
                });
            }
        }

        Add("EnsureShape", i => [Ops.EnsureShape(Ops.EnsureShape(i.Float(-2, 2, -1, 2), new Shape(Batch, 2)), Shape.Batched(2))]);

        // Recurrent layers: first states, masks with padding on either side and a row all of padding, dropout, backwards, truncation; with a result unused.
        foreach ((int gates, Func<Tensor, Tensor, Recurrence, Tensor[]> run) in (List<(int, Func<Tensor, Tensor, Recurrence, Tensor[]>)>)
        [
            (4, (x, w, r) =>
            {
                (Tensor y, Tensor h, Tensor c) = Ops.Lstm(x, w, r.State, r.Cell, r.Mask, r.Dropout, r.Backwards, r.Truncate);
                return [y, h, c];
            }),
            (3, (x, w, r) =>
            {
                (Tensor y, Tensor h) = Ops.Gru(x, w, r.Bias, r.State, r.Mask, r.Dropout, r.Backwards, r.Truncate);
                return [y, h];
            }),
            (1, (x, w, r) =>
            {
                (Tensor y, Tensor h) = Ops.SimpleRnn(x, w, "Tanh", r.State, r.Mask, r.Dropout, r.Backwards, r.Truncate);
                return [y, h];
            }),
            (1, (x, w, r) =>
            {
                (Tensor y, Tensor h) = Ops.SimpleRnn(x, w, "Relu", r.State, r.Mask, r.Dropout, r.Backwards, r.Truncate);
                return [y, h];
            }),
        ])
        {
            foreach ((string kinds, bool backwards, int truncate) in (List<(string, bool, int)>)
                [("", false, 0), ("bias state", false, 0), ("state mask", true, 0), ("mask", false, 0), ("bias dropout mask", true, 0), ("bias dropout mask", true, 2), ("state dropout", false, 2)])
            {
                string op = gates switch { 4 => "LSTM", 3 => "GRU", _ => "SimpleRNN" };
                Tensor[] Make(Inputs i)
                {
                    const int Units = 2, Steps = 4;
                    Recurrence r = new(
                        kinds.Contains("bias", StringComparison.Ordinal) && gates == 3 ? i.Float(-1, 1, gates * Units) : null,
                        kinds.Contains("state", StringComparison.Ordinal) ? i.Float(-1, 1, -1, Units) : null,
                        kinds.Contains("state", StringComparison.Ordinal) && gates == 4 ? i.Float(-1, 1, -1, Units) : null,
                        kinds.Contains("mask", StringComparison.Ordinal) ? Ops.NotEqual(Ops.Cast(i.Int([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], -1, Steps)), Ops.Constant(i.Graph, 0)) : null,
                        kinds.Contains("dropout", StringComparison.Ordinal) ? Ops.Constant(i.Graph, [0f, 2f], new Shape(Units)) : null,
                        backwards,
                        truncate);
                    Tensor x = i.Float(-1, 1, -1, Steps, gates * Units), w = i.Float(-1, 1, Units, gates * Units);
                    if (r.Dropout is not null)
                        r = r with { Dropout = Ops.BroadcastLike(r.Dropout, Ops.Sum(Ops.Slice(x, 2, 0, Units), [1])) };
                    return run(x, w, r);
                }

                // A kink that differences may step over makes rectified units not smooth, and truncation is not what differences see.
                if (truncate > 0)
                {
                    truncated.Add((op, Make));
                    continue;
                }

                Add(op, Make);
                Add(op, i => [Make(i)[1]]);
                if (kinds == "state mask")
                    Add(op, i => Make(i)[0].Node.Outputs.ToArray());
                Add(op + "Grad", i =>
                {
                    Tensor[] results = Make(i);
                    Node node = results[0].Node;
                    return [.. node.Op.Gradient(node, [.. node.Outputs.Select((o, n) => n < results.Length ? i.Float(-1, 1, o.Shape.Dims.ToArray()) : null)]).OfType<Tensor>()];
                });
            }
        }

        return cases;

        void Add(string op, Func<Inputs, Tensor[]> build, bool smooth = true)
        {
            if (!cases.TryGetValue(op, out List<Case>? list))
                cases.Add(op, list = []);
            list.Add(new(build, smooth));
        }
    }

    // Attention of one step too few or too many for whole vectors, of other value sizes; every mask; rows and sources that are masked altogether.
    private static void AddAttention(Action<string, Func<Inputs, Tensor[]>, bool> add)
    {
        foreach ((int steps, int sources, int size, int valueSize, bool causal, bool queryMask, bool keyMask, float rate) in (List<(int, int, int, int, bool, bool, bool, float)>)
        [
            (3, 3, 2, 2, false, false, false, 0),
            (2, 4, 3, 1, false, false, true, 0),
            (3, 3, 1, 2, true, false, false, 0),
            (3, 2, 2, 2, true, true, true, 0),
            (2, 3, 2, 2, false, true, false, 0.5f),
        ])
        {
            Tensor[] Inputs(Inputs i, bool gradient)
            {
                List<Tensor> inputs = [i.Float(-1, 1, -1, steps, 2, size), i.Float(-1, 1, -1, sources, 2, size), i.Float(-1, 1, -1, sources, 2, valueSize)];
                if (gradient)
                    inputs.Insert(0, i.Float(-1, 1, -1, steps, 2, valueSize));
                if (queryMask)
                    inputs.Add(Mask(i, steps));
                if (keyMask)
                    inputs.Add(Mask(i, sources));
                if (rate > 0)
                    inputs.Add(i.Int([5]));
                return [.. inputs];
            }

            Attributes attributes = new(("scale", 0.7f), ("causal", causal), ("query_mask", queryMask), ("key_mask", keyMask), ("rate", rate), ("seed", 3));
            foreach (string op in (string[])["ScaledDotProductAttention", "ScaledDotProductAttentionGrad"])
                add(op, i => Ops.Many(op, Inputs(i, op.EndsWith("Grad", StringComparison.Ordinal)), attributes), true);
        }

        // The first step real, of the second row none, of the third all.
        static Tensor Mask(Inputs i, int steps)
        {
            Tensor real = i.Int([.. Enumerable.Range(0, Batch * steps).Select(at => at < steps ? at == 0 ? 1.0 : 0 : at / steps == 1 ? 0 : 1)], -1, steps);
            return Ops.Greater(Ops.Cast(real), Ops.Like(real, 0));
        }
    }

    private static Tensor One(string op, Tensor x, Attributes? attributes = null) => x.Graph.Add(op, [x], attributes).Outputs[0];

    private static Tensor Two(string op, Tensor x, Tensor y, Attributes? attributes = null) => x.Graph.Add(op, [x, y], attributes).Outputs[0];

    private static Attributes With(Attributes attributes, (string, AttributeValue) more) => new([.. attributes.Select(a => (a.Key, a.Value)), more]);

    private static Attributes With(Attributes attributes, string name, AttributeValue value) =>
        new([.. attributes.Select(a => (a.Key, a.Key == name ? value : a.Value))]);

    private static int[] Pooled(Inputs i, Attributes pool) =>
        One("AvgPool", i.Graph.Placeholder("from", DType.Float32, new Shape(-1, 4, 5, 2)), pool).Shape.Dims.ToArray();

    private sealed record Recurrence(Tensor? Bias, Tensor? State, Tensor? Cell, Tensor? Mask, Tensor? Dropout, bool Backwards, int Truncate);

    internal sealed record Case(Func<Inputs, Tensor[]> Build, bool Smooth);

    internal sealed class Inputs
    {
        public Graph Graph { get; } = new();

        public Dictionary<string, double[]> Given { get; } = [];

        public List<Tensor> Differentiated { get; } = [];

        public Tensor Float(double low, double high, params int[] dims)
        {
            Tensor x = Graph.Placeholder($"x{Given.Count}", DType.Float32, new Shape(dims));
            Given.Add(x.Node.Name, GradientCheck.Numbers((int)x.Shape.Size(Batch), Given.Count, low, high));
            Differentiated.Add(x);
            return x;
        }

        public Tensor Int(double[] values, params int[] dims)
        {
            Tensor x = Graph.Placeholder($"x{Given.Count}", DType.Int32, new Shape(dims));
            Given.Add(x.Node.Name, values);
            return x;
        }
    }
}
