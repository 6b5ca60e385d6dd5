using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>
/// Runs a GraphDef by what TensorFlow's documentation says of each op, with plain loops: what the files that we write mean, whoever wrote them.
/// </summary>
/// <remarks>
/// TensorFlow runs nodes in any order that their inputs and control inputs allow. Here variables are written as early and read as late as that lets it,
/// so that a graph that lacks a control input goes wrong.
/// </remarks>
internal sealed class GraphInterpreter
{
    private readonly Dictionary<string, NodeDef> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> _variables;

    /// <param name="graph">The graph.</param>
    /// <param name="variables">Where variables are, so that several graphs can share them, as those of one session do.</param>
    public GraphInterpreter(GraphDef graph, Dictionary<string, Value>? variables = null)
    {
        _variables = variables ?? new(StringComparer.Ordinal);
        foreach (NodeDef node in graph.Node)
        {
            if (!_nodes.TryAdd(node.Name, node))
                throw new InvalidDataException($"Two nodes are called '{node.Name}'.");
        }

        foreach (NodeDef node in graph.Node)
        {
            bool control = false;
            foreach (string input in node.Input)
            {
                (string name, int output) = Split(input);
                if (!_nodes.ContainsKey(name))
                    throw new InvalidDataException($"Node '{node.Name}' has the input '{input}', which is not in the graph.");
                if (control && output >= 0)
                    throw new InvalidDataException($"Node '{node.Name}' has the input '{input}' after a control input.");
                control |= output < 0;
            }
        }
    }

    /// <summary>The values of variables, by their shared names.</summary>
    public IReadOnlyDictionary<string, Value> Variables => _variables;

    /// <summary>The values of tensors, by name ("node" or "node:1"), with values for placeholders; <paramref name="targets"/> are run for their effect.</summary>
    public Value[] Run(IReadOnlyDictionary<string, Value> feeds, IReadOnlyList<string> fetches, IReadOnlyList<string>? targets = null)
    {
        Dictionary<(string, int), Value> values = [];
        HashSet<string> fed = [];
        foreach ((string name, Value value) in feeds)
        {
            (string node, int output) = Split(name);
            if (!_nodes.TryGetValue(node, out NodeDef? placeholder))
                throw new InvalidOperationException($"'{name}' is fed but not in the graph.");
            CheckFeed(placeholder, value);
            values[(node, output)] = value;
            fed.Add(node);
        }

        // What is needed, and for each node how many of its inputs are still to come.
        Dictionary<string, int> waiting = [];
        Dictionary<string, List<string>> consumers = [];
        PriorityQueue<string, (int, int)> ready = new();
        Stack<string> open = new([.. fetches.Select(f => Split(f).Node), .. targets ?? []]);
        while (open.TryPop(out string? name))
        {
            if (waiting.ContainsKey(name))
                continue;
            if (!_nodes.TryGetValue(name, out NodeDef? node))
                throw new InvalidOperationException($"'{name}' is not in the graph.");
            string[] before = fed.Contains(name) ? [] : [.. node.Input.Select(i => Split(i).Node).Distinct()];
            waiting.Add(name, before.Length);
            foreach (string other in before)
            {
                if (!consumers.TryGetValue(other, out List<string>? list))
                    consumers.Add(other, list = []);
                list.Add(name);
                open.Push(other);
            }

            if (before.Length == 0)
                ready.Enqueue(name, Priority(node));
        }

        int done = 0;
        while (ready.TryDequeue(out string? name, out _))
        {
            done++;
            NodeDef node = _nodes[name];
            if (!fed.Contains(name))
                Run(node, values);
            foreach (string consumer in consumers.GetValueOrDefault(name, []))
            {
                if (--waiting[consumer] == 0)
                    ready.Enqueue(consumer, Priority(_nodes[consumer]));
            }
        }

        if (done < waiting.Count)
            throw new InvalidOperationException($"The graph has a cycle through {string.Join(", ", waiting.Where(w => w.Value > 0).Take(5).Select(w => $"'{w.Key}'"))}.");
        return [.. fetches.Select(f => Find(values, f, "what is fetched"))];
    }

    private static (int, int) Priority(NodeDef node) => (node.Op switch
    {
        "AssignVariableOp" or "AssignAddVariableOp" or "AssignSubVariableOp" or "ResourceScatterAdd" or "ResourceScatterSub" or "ResourceScatterUpdate" => 0,
        "ReadVariableOp" or "ResourceGather" => 2,
        _ => 1,
    }, 0);

    private void Run(NodeDef node, Dictionary<(string, int), Value> values)
    {
        Value[] inputs = [.. node.Input.Where(i => Split(i).Output >= 0).Select(i => Find(values, i, $"{node.Op} '{node.Name}'"))];
        OpCall call = new(node, inputs, _variables);
        if (!Operations.Table.TryGetValue(node.Op, out Func<OpCall, Value[]>? operation))
            throw new NotSupportedException($"The op {node.Op} of node '{node.Name}' is not known to the interpreter.");
        Value[] outputs;
        try
        {
            outputs = operation(call);
        }
        catch (Exception e) when (e is not InvalidOperationException || !e.Message.Contains($"'{node.Name}'", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{node.Op} '{node.Name}' on {string.Join(", ", inputs.Select(i => i.ToString()))}: {e.Message}", e);
        }

        for (int i = 0; i < outputs.Length; i++)
            values[(node.Name, i)] = outputs[i];
    }

    private static Value Find(Dictionary<(string, int), Value> values, string name, string who)
    {
        (string node, int output) = Split(name);
        return values.TryGetValue((node, output), out Value? value) ? value : throw new InvalidOperationException($"'{name}', an input of {who}, is no output.");
    }

    private static void CheckFeed(NodeDef placeholder, Value value)
    {
        if (placeholder.Op is not ("Placeholder" or "PlaceholderWithDefault"))
            return;
        if (placeholder.Attr["dtype"].Type != value.Type)
            throw new InvalidOperationException($"'{placeholder.Name}' of {placeholder.Attr["dtype"].Type} is fed {value}.");
        if (!placeholder.Attr.TryGetValue("shape", out AttrValue? shape) || shape.Shape.UnknownRank)
            return;
        if (shape.Shape.Dim.Count != value.Rank || shape.Shape.Dim.Select((d, i) => d.Size >= 0 && d.Size != value.Dims[i]).Any(wrong => wrong))
            throw new InvalidOperationException($"'{placeholder.Name}' of shape [{string.Join(", ", shape.Shape.Dim.Select(d => d.Size))}] is fed {value}.");
    }

    // "^node" is a control input: output -1.
    private static (string Node, int Output) Split(string name)
    {
        if (name.StartsWith('^'))
            return (name[1..], -1);
        int colon = name.LastIndexOf(':');
        return colon < 0 ? (name, 0) : (name[..colon], int.Parse(name.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture));
    }
}
