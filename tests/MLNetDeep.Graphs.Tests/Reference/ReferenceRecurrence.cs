using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Graphs.Tests.Reference;

/// <summary>Recurrent operations, row by row, step by step and unit by unit.</summary>
internal static class ReferenceRecurrence
{
    public static Array64[] Run(Node node, IReadOnlyList<Array64> inputs, int[][] shapes)
    {
        Attributes a = node.Attributes;
        RecurrentInputs at = ((RecurrentOp)node.Op).Inputs(a);
        Array64 x = inputs[0], kernel = inputs[1];
        Array64? bias = Given(at.Bias), mask = Given(at.Mask), dropout = Given(at.Dropout);
        int rows = x.Dims[0], steps = x.Dims[1], units = kernel.Dims[0];
        Array64[] outputs = [.. shapes.Select(Array64.Zeros)];
        for (int row = 0; row < rows; row++)
        {
            double[] h = First(at.State), c = First(at.Cell);
            for (int i = 0; i < steps; i++)
            {
                int step = a.Get<bool>("go_backwards") ? steps - 1 - i : i;
                if (mask is null || mask[[row, step]] != 0)
                {
                    double[] before = h;
                    double Product(int column) => (bias?.Data[column] ?? 0) + Enumerable.Range(0, units).Sum(k => before[k] * (dropout?[[row, k]] ?? 1) * kernel[[k, column]]);
                    double X(int column) => x[[row, step, column]];
                    h = new double[units];
                    c = [.. c];
                    for (int u = 0; u < units; u++)
                    {
                        double[] saved = [];
                        switch (node.Op.Name)
                        {
                            case "LSTM":
                                double input = Sigmoid(X(u) + Product(u)), forget = Sigmoid(X(units + u) + Product(units + u));
                                double candidate = Math.Tanh(X(2 * units + u) + Product(2 * units + u)), output = Sigmoid(X(3 * units + u) + Product(3 * units + u));
                                c[u] = forget * c[u] + input * candidate;
                                h[u] = output * Math.Tanh(c[u]);
                                saved = [input, forget, candidate, output];
                                break;
                            case "GRU":
                                double update = Sigmoid(X(u) + Product(u)), reset = Sigmoid(X(units + u) + Product(units + u)), inner = Product(2 * units + u);
                                double next = Math.Tanh(X(2 * units + u) + reset * inner);
                                h[u] = update * before[u] + (1 - update) * next;
                                saved = [update, reset, next, inner];
                                break;
                            default:
                                h[u] = a.Get<string>("activation") == "Tanh" ? Math.Tanh(X(u) + Product(u)) : Math.Max(0, X(u) + Product(u));
                                break;
                        }

                        for (int g = 0; g < saved.Length; g++)
                            outputs[node.Op.Name == "LSTM" ? 3 : 2][[row, step, g * units + u]] = saved[g];
                    }
                }

                for (int u = 0; u < units; u++)
                {
                    outputs[0][[row, step, u]] = outputs[1][[row, u]] = h[u];
                    if (node.Op.Name == "LSTM")
                        outputs[4][[row, step, u]] = outputs[2][[row, u]] = c[u];
                }
            }

            double[] First(int index) => [.. Enumerable.Range(0, units).Select(u => index < 0 ? 0 : inputs[index][[row, u]])];
        }

        return outputs;

        Array64? Given(int index) => index < 0 ? null : inputs[index];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
