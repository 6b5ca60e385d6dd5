using MLNetDeep.Cpu.Execution;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Planning;

/// <summary>
/// Finds products and convolutions whose output channels are multiplied by numbers that weights alone make, as batch normalisation does in scoring.
/// <c>(x·w + b)·s + t</c> is <c>x·(w·s) + (b·s + t)</c>: what is left for each row is a product with a bias.
/// </summary>
internal static class ScaleFolding
{
    /// <summary>The operations that follow a product, up to the last that becomes part of it.</summary>
    /// <param name="Bias">What is added before the multiplication, or null.</param>
    /// <param name="Scale">What is multiplied by.</param>
    /// <param name="Shift">What is added after it, or null.</param>
    /// <param name="Last">The last of them.</param>
    /// <param name="Inner">All before it; nothing else reads their results.</param>
    public sealed record Fold(Tensor? Bias, Tensor Scale, Tensor? Shift, Node Last, IReadOnlyList<Node> Inner)
    {
        /// <summary>What must be there before the product is.</summary>
        public IEnumerable<Tensor> Rows => new[] { Bias, Scale, Shift }.OfType<Tensor>();
    }

    /// <summary>The folds by their products.</summary>
    /// <param name="nodes">All that runs, inputs before their consumers.</param>
    /// <param name="fetches">What is read from outside.</param>
    public static Dictionary<Node, Fold> Find(IReadOnlyList<Node> nodes, IReadOnlyList<Tensor> fetches)
    {
        HashSet<Node> fromWeights = [];
        Dictionary<Tensor, List<Node>> readers = [];
        foreach (Node node in nodes)
        {
            Tensor[] read = [.. node.Inputs.Where((_, i) => !node.Op.IsShapeOnly(i))];
            foreach (Tensor input in read.Distinct())
            {
                if (!readers.TryGetValue(input, out List<Node>? list))
                    readers.Add(input, list = []);
                list.Add(node);
            }

            if (node.Op.Name is "Variable" or "Const" || read.Length > 0 && !node.Op.HasSideEffect && read.All(i => fromWeights.Contains(i.Node)) && node.Outputs.All(o => !o.Shape.IsBatched))
                fromWeights.Add(node);
        }

        HashSet<Tensor> fetched = [.. fetches];
        Dictionary<Node, Fold> folds = [];
        foreach (Node node in nodes)
        {
            if (KernelTable.HasEpilogue(node.Op.Name) && fromWeights.Contains(node.Inputs[1].Node) && !fromWeights.Contains(node) &&
                !(node.Attributes.TryGet("transpose_b", out bool transposed) && transposed) && Follow(node.Outputs[0]) is { } fold)
                folds.Add(node, fold);
        }

        return folds;

        Fold? Follow(Tensor at)
        {
            int channels = at.Shape[^1];
            Tensor? bias = null, scale = null;
            List<Node> inner = [];
            Fold? found = null;
            while (!fetched.Contains(at) && readers.TryGetValue(at, out List<Node>? all) && all is [var next])
            {
                if (!IsView(next, channels))
                {
                    if (RowOf(next, at) is not { } row)
                        break;
                    if (next.Op.Name == "AddV2" && scale is not null)
                        return new(bias, scale, row, next, inner);
                    if (next.Op.Name == "AddV2" && bias is null)
                        bias = row;
                    else if (next.Op.Name == "Mul" && scale is null)
                        found = new(bias, scale = row, null, next, [.. inner]);
                    else
                        break;
                }

                inner.Add(next);
                at = next.Outputs[0];
            }

            return found;
        }

        // The other input of a sum or product, if it is one number for each channel.
        Tensor? RowOf(Node node, Tensor at)
        {
            if (node.Op.Name is not ("AddV2" or "Mul"))
                return null;
            Tensor other = node.Inputs[0] == at ? node.Inputs[1] : node.Inputs[0];
            int channels = at.Shape[^1];
            return fromWeights.Contains(other.Node) && node.Outputs[0].Shape.Equals(at.Shape) && other.Shape.Rank > 0 && other.Shape[^1] == channels && other.Shape.UnitSize == channels
                ? other
                : null;
        }
    }

    private static bool IsView(Node node, int channels) => node.Op.Name == "Reshape" && node.Outputs[0].Shape.Rank > 0 && node.Outputs[0].Shape[^1] == channels;
}
