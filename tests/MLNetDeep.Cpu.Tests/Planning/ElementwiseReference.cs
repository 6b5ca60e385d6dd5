using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Tests.Planning;

/// <summary>Computes elementwise graphs one node and one element at a time, in double precision.</summary>
internal sealed class ElementwiseReference(int batch, IReadOnlyDictionary<Tensor, float[]> feeds)
{
    private readonly Dictionary<Tensor, double[]> _values = [];

    public double[] Value(Tensor tensor)
    {
        if (!_values.TryGetValue(tensor, out double[]? value))
            _values.Add(tensor, value = Compute(tensor));
        return value;
    }

    private double[] Compute(Tensor tensor)
    {
        Node node = tensor.Node;
        Attributes a = node.Attributes;
        switch (node.Op.Name)
        {
            case "Placeholder" or "Variable":
                return [.. feeds[tensor].Select(f => (double)f)];
            case "Const":
                return [.. a.Get<float[]>("value").Select(f => (double)f)];
            case "Reshape" or "Identity" or "StopGradient":
                return Value(node.Inputs[0]);
            case "BroadcastLike":
                return Map(tensor.Shape, [node.Inputs[0]], x => x[0]);
        }

        double alpha = a.TryGet("alpha", out float found) ? found : 0;
        return Map(tensor.Shape, node.Inputs, node.Op.Name switch
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
            "Exp" => x => Math.Exp(x[0]),
            "Tanh" => x => Math.Tanh(x[0]),
            "Sigmoid" => x => 1 / (1 + Math.Exp(-x[0])),
            "Relu" => x => Math.Max(0, x[0]),
            "LeakyRelu" => x => x[0] > 0 ? x[0] : alpha * x[0],
            "Greater" => x => x[0] > x[1] ? 1 : 0,
            "SelectV2" => x => x[0] != 0 ? x[1] : x[2],
            var other => throw new NotSupportedException(other),
        });
    }

    private double[] Map(Shape shape, IReadOnlyList<Tensor> inputs, Func<double[], double> function)
    {
        double[] result = new double[shape.Size(batch)];
        double[] arguments = new double[inputs.Count];
        int[] index = new int[shape.Rank];
        for (int at = 0; at < result.Length; at++)
        {
            for (int rest = at, d = shape.Rank - 1; d >= 0; d--)
            {
                index[d] = rest % shape.Dim(d, batch);
                rest /= shape.Dim(d, batch);
            }

            for (int i = 0; i < inputs.Count; i++)
            {
                Shape from = inputs[i].Shape;
                int offset = 0;
                for (int d = 0; d < from.Rank; d++)
                {
                    int dim = from.Dim(d, batch);
                    offset = offset * dim + (dim == 1 ? 0 : index[d + shape.Rank - from.Rank]);
                }

                arguments[i] = Value(inputs[i])[offset];
            }

            result[at] = function(arguments);
        }

        return result;
    }
}
