using System.Text.RegularExpressions;
using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>The layers of a network in an order in which they can be built, each with its final name.</summary>
internal sealed partial class NetworkPlan
{
    private readonly IReadOnlyList<Network> _outputs;

    public NetworkPlan(IReadOnlyList<Network> outputs)
    {
        _outputs = outputs;
        Dictionary<Network, int> seen = new(ReferenceEqualityComparer.Instance);
        foreach (Network output in outputs)
            Visit(output, seen);
        AssignNames();
    }

    /// <summary>A use of a layer: which layer, under what name, on which earlier uses' outputs.</summary>
    public sealed record Step(Layer Layer, IReadOnlyList<(int Step, int Output)> Inputs)
    {
        public string Name { get; set; } = "";

        /// <summary>A point of the network where it stands.</summary>
        public required Network Point { get; init; }
    }

    public List<Step> Steps { get; } = [];

    public List<(int Step, int Output)> Outputs { get; } = [];

    public IReadOnlyList<InputLayer> Inputs => [.. Steps.Select(s => s.Layer).OfType<InputLayer>()];

    /// <summary>Called after each step has been built.</summary>
    public Action<Step, IReadOnlyList<MaskedTensor>>? Built { get; init; }

    public IReadOnlyList<MaskedTensor> Build(BuildContext context, IReadOnlyList<MaskedTensor>? inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        int inputCount = Inputs.Count;
        if (inputs is not null && inputs.Count != inputCount)
            throw new ArgumentException($"The network has {inputCount} input(s) ({string.Join(", ", Steps.Where(s => s.Layer is InputLayer).Select(s => s.Name))}), received {inputs.Count}.", nameof(inputs));
        List<IReadOnlyList<MaskedTensor>> values = [];
        int nextInput = 0;
        foreach (Step step in Steps)
        {
            IReadOnlyList<MaskedTensor> taken = [.. step.Inputs.Select(i => values[i.Step][i.Output])];
            using IDisposable scope = context.Graph.Scope(context.Prefix + step.Name);
            IReadOnlyList<MaskedTensor> result;
            if (step.Layer is InputLayer input)
            {
                result = [inputs is null ? input.Placeholder(context, step.Name) : input.Check(inputs[nextInput], step.Name)];
                nextInput++;
            }
            else
            {
                try
                {
                    result = step.Layer.Build(new LayerContext(context, step.Name, step.Layer.Trainable, step.Layer.LearningRateMultiplier), taken);
                }
                catch (ArgumentException e)
                {
                    string shapes = string.Join(" and ", taken.Select(t => t.Value.Shape));
                    throw new ArgumentException($"Layer '{step.Name}' ({step.Layer.GetType().Name}) cannot take an input of shape {shapes}: {e.Message}", e);
                }
            }

            Built?.Invoke(step, result);
            values.Add(result);
        }

        return [.. Outputs.Select(o => values[o.Step][o.Output])];
    }

    // Depth first without recursion, inputs before the layers that take them.
    private void Visit(Network output, Dictionary<Network, int> seen)
    {
        Stack<(Network Point, bool Ready)> open = new();
        open.Push((output, false));
        while (open.TryPop(out var top))
        {
            if (seen.ContainsKey(top.Point))
                continue;
            if (!top.Ready)
            {
                open.Push((top.Point, true));
                foreach (Network input in top.Point.Inputs.Reverse())
                    open.Push((input, false));
                continue;
            }

            // Outputs of one use of a layer with several outputs are different points that share their inputs.
            int same = Steps.FindIndex(s => ReferenceEquals(s.Layer, top.Point.Layer) &&
                s.Inputs.SequenceEqual(top.Point.Inputs.Select(i => (seen[i], i.OutputIndex))));
            if (same < 0)
            {
                same = Steps.Count;
                Steps.Add(new(top.Point.Layer, [.. top.Point.Inputs.Select(i => (seen[i], i.OutputIndex))]) { Point = top.Point });
            }

            seen.Add(top.Point, same);
        }

        Outputs.Add((seen[output], output.OutputIndex));
    }

    private void AssignNames()
    {
        Dictionary<Layer, string> names = new(ReferenceEqualityComparer.Instance);
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach (Step step in Steps)
        {
            if (step.Layer.Name is { } given && !names.ContainsKey(step.Layer))
            {
                if (given.Length == 0 || !taken.Add(given))
                    throw new ArgumentException(given.Length == 0 ? "A layer's name is empty." : $"Two layers are called '{given}'; names must differ (one layer object used twice shares its weights).");
                names.Add(step.Layer, given);
            }
        }

        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (Step step in Steps)
        {
            if (!names.TryGetValue(step.Layer, out string? name))
            {
                string kind = SnakeCase().Replace(step.Layer is InputLayer ? "Input" : step.Layer.GetType().Name, "_$1").ToLowerInvariant();
                do
                {
                    int n = counts.GetValueOrDefault(kind);
                    counts[kind] = n + 1;
                    name = n == 0 ? kind : $"{kind}_{n}";
                }
                while (!taken.Add(name));
                names.Add(step.Layer, name);
            }

            step.Name = name;
        }
    }

    // Conv2DTranspose -> conv2d_transpose, as Keras does.
    [GeneratedRegex("(?<=[a-z0-9]|[0-9]D)([A-Z])(?=[a-z])")]
    private static partial Regex SnakeCase();
}
