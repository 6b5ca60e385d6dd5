namespace MLNetDeep.Graphs.Tests.Reference;

/// <summary>Every operation written down in the plainest way, in double precision: what engines are measured against.</summary>
internal static class ReferenceOps
{
    public static Array64[] Run(Node node, IReadOnlyList<Array64> inputs, int batch)
    {
        int[][] shapes = [.. node.Outputs.Select(o => Enumerable.Range(0, o.Shape.Rank).Select(i => o.Shape.Dim(i, batch)).ToArray())];
        Attributes a = node.Attributes;
        if (node.Op is ElementwiseOp)
            return [Elementwise(shapes[0], inputs, Scalar(node.Op.Name, a))];
        return node.Op.Name switch
        {
            "Const" => [new(shapes[0], a["value"].Value is int[] ints ? [.. ints.Select(i => (double)i)] : [.. a.Get<float[]>("value").Select(f => (double)f)])],
            "Assign" => [],
            "Identity" or "StopGradient" or "Reshape" => [new(shapes[0], inputs[0].Data)],
            "ElementCount" => [new([], [a.Get<int[]>("axes").Select(x => inputs[0].Dims[x < 0 ? x + inputs[0].Rank : x]).Aggregate(1.0, (x, y) => x * y)])],
            "BroadcastLike" => [Elementwise(shapes[0], [inputs[0]], x => x[0])],
            "Transpose" => [Fill(shapes[0], i => inputs[0][Inverse(i, a.Get<int[]>("perm"))])],
            "ConcatV2" => [Concat(shapes[0], inputs, Axis(inputs[0], a))],
            "Slice" => [Fill(shapes[0], i => inputs[0][Moved(i, Axis(inputs[0], a), Times(a.Get<int>("begin"), batch))])],
            "Pad" => [Pad(shapes[0], inputs[0], Axis(inputs[0], a), Times(a.Get<int>("before"), batch))],
            "MatMul" => [MatMul(shapes[0], inputs[0], inputs[1], a.Get<bool>("transpose_a"), a.Get<bool>("transpose_b"))],
            "BatchMatMulV2" => [BatchMatMul(shapes[0], inputs[0], inputs[1], a.Get<bool>("adj_x"), a.Get<bool>("adj_y"))],
            "Conv2D" => [Convolve(inputs[0], inputs[1], Array64.Zeros(shapes[0]), a, 2)],
            "Conv2DBackpropInput" => [Convolve(Array64.Zeros(shapes[0]), inputs[0], inputs[1], a, 0)],
            "Conv2DBackpropFilter" => [Convolve(inputs[0], Array64.Zeros(shapes[0]), inputs[1], a, 1)],
            "MaxPool" or "MaxPoolGradGrad" => [new(shapes[0], [.. ReferenceImages.Maxima(inputs[0], shapes[0], a).Select(i => inputs[^1].Data[i])])],
            "MaxPoolGrad" => [MaxPoolGrad(inputs, a)],
            "AvgPool" => [ReferenceImages.Average(inputs[0], Array64.Zeros(shapes[0]), a, forward: true)],
            "AvgPoolGrad" => [ReferenceImages.Average(Array64.Zeros(shapes[0]), inputs[0], a, forward: false)],
            "Sum" => [Reduce(shapes[0], inputs[0], a, (x, y) => x + y, 0, (x, _) => x)],
            "Mean" => [Reduce(shapes[0], inputs[0], a, (x, y) => x + y, 0, (x, n) => x / n)],
            "Max" => [Reduce(shapes[0], inputs[0], a, Math.Max, double.NegativeInfinity, (x, _) => x)],
            "ArgMax" => [ArgMax(shapes[0], inputs[0], Axis(inputs[0], a))],
            "GatherV2" => [Gather(shapes[0], inputs[0], inputs[1])],
            "UnsortedSegmentSum" => [Segments(shapes[0], inputs[0], inputs[1])],
            "OneHot" => [Fill(shapes[0], i => inputs[0][i.AsSpan()[..^1]] == i[^1] ? a.Get<float>("on_value") : a.Get<float>("off_value"))],
            "Softmax" => [Rows(inputs, 1, (_, r) => Softmax(r[0]))],
            "LogSoftmax" => [Rows(inputs, 1, (_, r) => LogSoftmax(r[0]))],
            "SoftmaxGrad" => [Rows(inputs, 2, (_, r) => [.. r[0].Zip(r[1], (y, dy) => y * (dy - r[0].Zip(r[1], (p, q) => p * q).Sum()))])],
            "SparseSoftmaxCrossEntropyWithLogits" => CrossEntropy(shapes, inputs),
            "BatchNorm" => BatchNorm(inputs, a.Get<float>("epsilon")),
            "BatchNormGrad" => BatchNormGrad(inputs, a.Get<float>("epsilon")),
            "LayerNorm" => LayerNorm(shapes, inputs, a.Get<float>("epsilon")),
            "LayerNormGrad" => LayerNormGrad(inputs),
            "ScaledDotProductAttention" => [ReferenceAttention.Forward(node, inputs)],
            "ScaledDotProductAttentionGrad" => ReferenceAttention.Backward(node, inputs),
            "EnsureShape" => inputs[0].Dims.SequenceEqual(shapes[0]) ? [new(shapes[0], inputs[0].Data)] : throw new ArgumentException($"A batch of {batch} does not fit {node.Inputs[0].Shape} to {node.Outputs[0].Shape}."),
            "LSTM" or "GRU" or "SimpleRNN" => ReferenceRecurrence.Run(node, inputs, shapes),
            "LSTMGrad" or "GRUGrad" or "SimpleRNNGrad" => Expanded(node, inputs, batch),
            "StatelessRandomUniform" => [Random(shapes[0], inputs, a, u => u)],
            "StatelessRandomNormal" => [Random(shapes[0], inputs, a, u => Math.Sqrt(-2 * Math.Log(1 - u)) * Math.Cos(20 * Math.PI * u))],
            "DropoutMask" => [DropoutMask(shapes[0], inputs[1], a)],
            var name => throw new NotSupportedException($"There is no reference for {name}."),
        };
    }

    public static Array64 DropoutMask(int[] dims, Array64 step, Attributes a) =>
        Random(dims, [step, step], a, u => u < a.Get<float>("rate") ? 0 : 1 / (1.0 - a.Get<float>("rate")));

    // By the simpler operations it stands for, in a graph of their own.
    private static Array64[] Expanded(Node node, IReadOnlyList<Array64> inputs, int batch)
    {
        Graph graph = new();
        Tensor[] sources = [.. node.Inputs.Select((x, i) => graph.Placeholder($"x{i}", x.DType, x.Shape))];
        Node copy = graph.Add(node.Op.Name, sources, node.Attributes);
        return ReferenceEngine.Evaluate(node.Op.Expand(copy)!, inputs.Select((x, i) => (x, i)).ToDictionary(p => $"x{p.i}", p => p.x.Data), batch);
    }

    private static Func<double[], double> Scalar(string name, Attributes a) => name switch
    {
        "AddV2" => x => x[0] + x[1],
        "Sub" => x => x[0] - x[1],
        "Mul" => x => x[0] * x[1],
        "RealDiv" => x => x[0] / x[1],
        "Maximum" => x => Math.Max(x[0], x[1]),
        "Minimum" => x => Math.Min(x[0], x[1]),
        "Neg" => x => -x[0],
        "Abs" => x => Math.Abs(x[0]),
        "Sign" => x => Math.Sign(x[0]),
        "Square" => x => x[0] * x[0],
        "Sqrt" => x => Math.Sqrt(x[0]),
        "Rsqrt" => x => 1 / Math.Sqrt(x[0]),
        "Reciprocal" => x => 1 / x[0],
        "Exp" => x => Math.Exp(x[0]),
        "Expm1" => x => Math.Abs(x[0]) < 1e-5 ? x[0] * (1 + x[0] / 2) : Math.Exp(x[0]) - 1,
        "Log" => x => Math.Log(x[0]),
        "Log1p" => x => Log1p(x[0]),
        "Erf" => x => Erf(x[0]),
        "Relu" => x => Math.Max(x[0], 0),
        "ReluGrad" => x => x[1] > 0 ? x[0] : 0,
        "LeakyRelu" => x => x[0] > 0 ? x[0] : a.Get<float>("alpha") * x[0],
        "LeakyReluGrad" => x => x[1] > 0 ? x[0] : a.Get<float>("alpha") * x[0],
        "Elu" => x => x[0] > 0 ? x[0] : a.Get<float>("alpha") * (Math.Exp(x[0]) - 1),
        "EluGrad" => x => x[1] > 0 ? x[0] : x[0] * (x[1] + a.Get<float>("alpha")),
        "Selu" => x => SeluScale * (x[0] > 0 ? x[0] : SeluAlpha * (Math.Exp(x[0]) - 1)),
        "SeluGrad" => x => x[1] > 0 ? x[0] * SeluScale : x[0] * (x[1] + SeluScale * SeluAlpha),
        "Sigmoid" => x => 1 / (1 + Math.Exp(-x[0])),
        "SigmoidGrad" => x => x[1] * x[0] * (1 - x[0]),
        "Tanh" => x => Math.Tanh(x[0]),
        "TanhGrad" => x => x[1] * (1 - x[0] * x[0]),
        "Softplus" => x => Math.Max(x[0], 0) + Log1p(Math.Exp(-Math.Abs(x[0]))),
        "Greater" => x => x[0] > x[1] ? 1 : 0,
        "GreaterEqual" => x => x[0] >= x[1] ? 1 : 0,
        "Less" => x => x[0] < x[1] ? 1 : 0,
        "LessEqual" => x => x[0] <= x[1] ? 1 : 0,
        "Equal" => x => x[0] == x[1] ? 1 : 0,
        "NotEqual" => x => x[0] != x[1] ? 1 : 0,
        "LogicalAnd" => x => x[0] * x[1],
        "LogicalOr" => x => Math.Max(x[0], x[1]),
        "LogicalNot" => x => 1 - x[0],
        "SelectV2" => x => x[0] != 0 ? x[1] : x[2],
        "Cast" => x => x[0],
        _ => throw new NotSupportedException($"There is no reference for {name}."),
    };

    private const double SeluScale = 1.0507009873554805, SeluAlpha = 1.6732632423543772;

    private static double Log1p(double x) => Math.Abs(x) < 1e-5 ? x * (1 - x * (0.5 - x / 3)) : Math.Log(1 + x);

    // A series of terms of one sign, so without cancellation.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18; n++)
            sum += term *= 2 * x * x / (2 * n + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static Array64 Elementwise(int[] dims, IReadOnlyList<Array64> inputs, Func<double[], double> function)
    {
        double[] x = new double[inputs.Count];
        return Fill(dims, index =>
        {
            for (int i = 0; i < x.Length; i++)
                x[i] = inputs[i][index];
            return function(x);
        });
    }

    private static Array64 Fill(int[] dims, Func<int[], double> value)
    {
        Array64 result = Array64.Zeros(dims);
        int i = 0;
        foreach (int[] index in result.Indices())
            result.Data[i++] = value(index);
        return result;
    }

    private static int Axis(Array64 x, Attributes a)
    {
        int axis = a.Get<int>("axis");
        return axis < 0 ? axis + x.Rank : axis;
    }

    // Lengths along the batched axis are negative: multiples of the batch.
    private static int Times(int length, int batch) => length < 0 ? -length * batch : length;

    private static int[] Moved(int[] index, int axis, int by)
    {
        int[] moved = [.. index];
        moved[axis] += by;
        return moved;
    }

    private static int[] Inverse(int[] index, int[] perm)
    {
        int[] source = new int[index.Length];
        for (int i = 0; i < index.Length; i++)
            source[perm[i]] = index[i];
        return source;
    }

    private static Array64 Concat(int[] dims, IReadOnlyList<Array64> inputs, int axis) => Fill(dims, index =>
    {
        int[] at = [.. index];
        foreach (Array64 input in inputs)
        {
            if (at[axis] < input.Dims[axis])
                return input[at];
            at[axis] -= input.Dims[axis];
        }

        throw new InvalidOperationException("The output is longer than the inputs.");
    });

    private static Array64 Pad(int[] dims, Array64 x, int axis, int before) => Fill(dims, index =>
    {
        int[] at = Moved(index, axis, -before);
        return (uint)at[axis] < (uint)x.Dims[axis] ? x[at] : 0;
    });

    private static Array64 MatMul(int[] dims, Array64 a, Array64 b, bool ta, bool tb) => Fill(dims, index =>
    {
        double sum = 0;
        for (int k = 0; k < a.Dims[ta ? 0 : 1]; k++)
            sum += (ta ? a[[k, index[0]]] : a[[index[0], k]]) * (tb ? b[[index[1], k]] : b[[k, index[1]]]);
        return sum;
    });

    private static Array64 BatchMatMul(int[] dims, Array64 x, Array64 y, bool adjX, bool adjY) => Fill(dims, index =>
    {
        double sum = 0;
        int[] a = [.. index.AsSpan(0, index.Length - 2)[(index.Length - x.Rank)..], 0, 0], b = [.. index.AsSpan(0, index.Length - 2)[(index.Length - y.Rank)..], 0, 0];
        for (int k = 0; k < x.Dims[adjX ? ^2 : ^1]; k++)
        {
            (a[adjX ? ^1 : ^2], a[adjX ? ^2 : ^1]) = (index[^2], k);
            (b[adjY ? ^2 : ^1], b[adjY ? ^1 : ^2]) = (index[^1], k);
            sum += x[a] * y[b];
        }

        return sum;
    });

    private static Array64 Convolve(Array64 x, Array64 w, Array64 y, Attributes a, int wanted) =>
        ReferenceImages.Convolve(x, w, y, a, wanted == 0 ? x : wanted == 1 ? w : y);

    private static Array64 MaxPoolGrad(IReadOnlyList<Array64> inputs, Attributes a)
    {
        Array64 dx = Array64.Zeros(inputs[0].Dims);
        int[] maxima = ReferenceImages.Maxima(inputs[0], inputs[1].Dims, a);
        for (int i = 0; i < maxima.Length; i++)
            dx.Data[maxima[i]] += inputs[2].Data[i];
        return dx;
    }

    private static Array64 Reduce(int[] dims, Array64 x, Attributes attributes, Func<double, double, double> fold, double start, Func<double, int, double> end)
    {
        int[] axes = [.. attributes.Get<int[]>("axes").Select(a => a < 0 ? a + x.Rank : a)];
        Array64 kept = Array64.Zeros([.. x.Dims.Select((d, i) => axes.Contains(i) ? 1 : d)]);
        Array.Fill(kept.Data, start);
        int at = 0;
        foreach (int[] index in x.Indices())
        {
            int[] to = [.. index.Select((j, i) => axes.Contains(i) ? 0 : j)];
            kept[to] = fold(kept[to], x.Data[at++]);
        }

        return new(dims, [.. kept.Data.Select(v => end(v, x.Data.Length / kept.Data.Length))]);
    }

    private static Array64 ArgMax(int[] dims, Array64 x, int axis) => Fill(dims, index =>
    {
        List<int> at = [.. index];
        at.Insert(axis, 0);
        return Enumerable.Range(0, x.Dims[axis]).MaxBy(i =>
        {
            at[axis] = i;
            return x[at.ToArray()];
        });
    });

    private static Array64 Gather(int[] dims, Array64 table, Array64 ids)
    {
        Array64 result = Array64.Zeros(dims);
        int width = table.Data.Length / table.Dims[0];
        for (int i = 0; i < ids.Data.Length; i++)
            Array.Copy(table.Data, (int)ids.Data[i] * width, result.Data, i * width, width);
        return result;
    }

    private static Array64 Segments(int[] dims, Array64 data, Array64 ids)
    {
        Array64 result = Array64.Zeros(dims);
        int width = result.Data.Length / dims[0];
        for (int i = 0; i < data.Data.Length; i++)
            result.Data[(int)ids.Data[i / width] * width + i % width] += data.Data[i];
        return result;
    }

    private static Array64 Rows(IReadOnlyList<Array64> inputs, int count, Func<int, double[][], double[]> row)
    {
        int width = inputs[0].Dims[^1];
        Array64 result = Array64.Zeros(inputs[0].Dims);
        for (int r = 0; r < result.Data.Length / width; r++)
            row(r, [.. inputs.Take(count).Select(i => i.Data[(r * width)..((r + 1) * width)])]).CopyTo(result.Data, r * width);
        return result;
    }

    private static double[] LogSoftmax(double[] x)
    {
        double max = x.Max(), sum = Math.Log(x.Sum(v => Math.Exp(v - max)));
        return [.. x.Select(v => v - max - sum)];
    }

    private static double[] Softmax(double[] x) => [.. LogSoftmax(x).Select(Math.Exp)];

    private static Array64[] CrossEntropy(int[][] shapes, IReadOnlyList<Array64> inputs)
    {
        Array64 losses = Array64.Zeros(shapes[0]);
        return [losses, Rows(inputs, 1, (r, x) =>
        {
            int label = (int)inputs[1].Data[r];
            losses.Data[r] = -LogSoftmax(x[0])[label];
            double[] gradient = Softmax(x[0]);
            gradient[label]--;
            return gradient;
        })];
    }

    private static Array64[] BatchNorm(IReadOnlyList<Array64> inputs, double epsilon)
    {
        (Array64 x, Array64 gamma, Array64 beta) = (inputs[0], inputs[1], inputs[2]);
        int channels = x.Dims[^1], rows = x.Data.Length / channels;
        Array64 y = Array64.Zeros(x.Dims), mean = Array64.Zeros([channels]), variance = Array64.Zeros([channels]);
        for (int c = 0; c < channels; c++)
        {
            double[] column = [.. Enumerable.Range(0, rows).Select(r => x.Data[r * channels + c])];
            double m = mean.Data[c] = column.Average(), v = variance.Data[c] = column.Average(t => (t - m) * (t - m));
            for (int r = 0; r < rows; r++)
                y.Data[r * channels + c] = (column[r] - m) / Math.Sqrt(v + epsilon) * gamma.Data[c] + beta.Data[c];
        }

        return [y, mean, variance];
    }

    // From the given statistics, not from those of x.
    private static Array64[] BatchNormGrad(IReadOnlyList<Array64> inputs, double epsilon)
    {
        (Array64 dy, Array64 x, Array64 gamma, Array64 mean, Array64 variance) = (inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]);
        int channels = x.Dims[^1], rows = x.Data.Length / channels;
        Array64 dx = Array64.Zeros(x.Dims), dgamma = Array64.Zeros([channels]), dbeta = Array64.Zeros([channels]);
        for (int c = 0; c < channels; c++)
        {
            double scale = 1 / Math.Sqrt(variance.Data[c] + epsilon);
            int[] at = [.. Enumerable.Range(0, rows).Select(r => r * channels + c)];
            double[] normal = [.. at.Select(i => (x.Data[i] - mean.Data[c]) * scale)];
            dbeta.Data[c] = at.Sum(i => dy.Data[i]);
            dgamma.Data[c] = at.Zip(normal, (i, n) => dy.Data[i] * n).Sum();
            for (int r = 0; r < rows; r++)
                dx.Data[at[r]] = gamma.Data[c] * scale * (dy.Data[at[r]] - dbeta.Data[c] / rows - normal[r] * dgamma.Data[c] / rows);
        }

        return [dx, dgamma, dbeta];
    }

    private static Array64[] LayerNorm(int[][] shapes, IReadOnlyList<Array64> inputs, double epsilon)
    {
        Array64 means = Array64.Zeros(shapes[1]), scales = Array64.Zeros(shapes[2]);
        return [Rows(inputs, 1, (r, x) =>
        {
            double mean = means.Data[r] = x[0].Average();
            double scale = scales.Data[r] = 1 / Math.Sqrt(x[0].Average(t => (t - mean) * (t - mean)) + epsilon);
            return [.. x[0].Select((t, c) => (t - mean) * scale * inputs[1].Data[c] + inputs[2].Data[c])];
        }), means, scales];
    }

    private static Array64[] LayerNormGrad(IReadOnlyList<Array64> inputs)
    {
        (Array64 gamma, Array64 mean, Array64 scale) = (inputs[2], inputs[3], inputs[4]);
        Array64 dgamma = Array64.Zeros(gamma.Dims), dbeta = Array64.Zeros(gamma.Dims);
        Array64 dx = Rows(inputs, 2, (r, rows) =>
        {
            double[] normal = [.. rows[1].Select(t => (t - mean.Data[r]) * scale.Data[r])], g = [.. rows[0].Zip(gamma.Data, (d, w) => d * w)];
            for (int c = 0; c < normal.Length; c++)
            {
                dgamma.Data[c] += rows[0][c] * normal[c];
                dbeta.Data[c] += rows[0][c];
            }

            double a = g.Average(), b = g.Zip(normal, (p, q) => p * q).Average();
            return [.. g.Zip(normal, (p, q) => scale.Data[r] * (p - a - q * b))];
        });
        return [dx, dgamma, dbeta];
    }

    // Repeatable, but not the numbers of an engine.
    private static Array64 Random(int[] dims, IReadOnlyList<Array64> inputs, Attributes a, Func<double, double> map)
    {
        Array64 result = Array64.Zeros(dims);
        for (int i = 0; i < result.Data.Length; i++)
        {
            ulong z = (ulong)HashCode(a.Get<int>("seed"), (int)inputs[1].Data[0], i);
            result.Data[i] = map((z >> 11) / (double)(1UL << 53));
        }

        return result;
    }

    private static long HashCode(params ReadOnlySpan<int> values)
    {
        ulong z = 0;
        foreach (int value in values)
        {
            z = (z ^ (uint)value) + 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            z ^= z >> 31;
        }

        return (long)z;
    }
}
