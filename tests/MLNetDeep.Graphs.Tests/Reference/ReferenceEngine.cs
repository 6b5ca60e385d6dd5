using System.Runtime.InteropServices;
using MLNetDeep.Engines;
using MLNetDeep.Initializers;

namespace MLNetDeep.Graphs.Tests.Reference;

/// <summary>A slow engine in double precision, by which graphs and gradients are tested without any other engine, and others are measured.</summary>
internal sealed class ReferenceEngine : IEngine
{
    public string Name => "reference";

    public ISession CreateSession(Graph graph, int seed) => new Session(graph, seed);

    /// <summary>The values of tensors, given those of placeholders and variables by name.</summary>
    public static Array64[] Evaluate(IReadOnlyList<Tensor> fetches, IReadOnlyDictionary<string, double[]> given, int batch)
    {
        HashSet<Node> needed = [];
        Stack<Node> open = new(fetches.Select(f => f.Node));
        while (open.TryPop(out Node? node))
        {
            if (needed.Add(node))
            {
                foreach (Tensor input in node.Inputs)
                    open.Push(input.Node);
            }
        }

        Dictionary<Tensor, Array64> values = [];
        foreach (Node node in needed.OrderBy(n => n.Id))
        {
            if (node.Op.Name is "Placeholder" or "Variable")
            {
                Shape shape = node.Outputs[0].Shape;
                int[] dims = [.. Enumerable.Range(0, shape.Rank).Select(i => shape.Dim(i, batch))];
                double[] data = given.TryGetValue(node.Name, out double[]? fed) ? fed : throw new ArgumentException($"'{node.Name}' is not fed.");
                Assert.True(data.Length == shape.Size(batch), $"'{node.Name}' of shape {shape} is fed {data.Length} values for a batch of {batch}.");
                values.Add(node.Outputs[0], new(dims, data));
                continue;
            }

            Array64[] results = ReferenceOps.Run(node, [.. node.Inputs.Select(i => values[i])], batch);
            for (int i = 0; i < results.Length; i++)
                values.Add(node.Outputs[i], results[i]);
        }

        return [.. fetches.Select(f => values[f])];
    }

    private sealed class Session : ISession
    {
        private readonly int _seed;
        private readonly Dictionary<string, double[]> _variables = [];

        public Session(Graph graph, int seed)
        {
            Graph = graph;
            _seed = seed;
        }

        public Graph Graph { get; }

        public void ReadVariable(string name, Span<float> destination)
        {
            double[] values = Values(Graph.GetVariable(name));
            for (int i = 0; i < values.Length; i++)
                destination[i] = (float)values[i];
        }

        public void WriteVariable(string name, ReadOnlySpan<float> values) => _variables[name] = [.. values.ToArray().Select(v => (double)v)];

        public IExecutable Compile(IReadOnlyList<Tensor> fetches, IReadOnlyList<Node>? targets = null) => new Executable(this, fetches, targets ?? []);

        public void Dispose()
        {
        }

        public double[] Values(Variable variable)
        {
            if (!_variables.TryGetValue(variable.Name, out double[]? values))
            {
                float[] initial = new float[variable.Shape.UnitSize];
                variable.Initializer.Fill(initial, variable.Shape, Initializer.SeedFor(_seed, variable.Name));
                _variables.Add(variable.Name, values = [.. initial.Select(v => (double)v)]);
            }

            return values;
        }

        public void Set(string name, double[] values) => _variables[name] = values;
    }

    private sealed class Executable : IExecutable
    {
        private readonly Session _session;
        private readonly IReadOnlyList<Node> _targets;
        private readonly Dictionary<Tensor, int[]> _fed = [];
        private Dictionary<Tensor, int[]> _fetched = [];

        public Executable(Session session, IReadOnlyList<Tensor> fetches, IReadOnlyList<Node> targets)
        {
            _session = session;
            _targets = targets;
            Fetches = fetches;
            Feeds = [.. session.Graph.Nodes.Where(n => n.Op.Name == "Placeholder").Select(n => n.Outputs[0])];
        }

        public IReadOnlyList<Tensor> Feeds { get; }

        public IReadOnlyList<Tensor> Fetches { get; }

        // The bits of 32-bit numbers, whichever kind they are.
        public Span<T> Feed<T>(Tensor placeholder, int batch)
            where T : unmanaged
        {
            if (!_fed.TryGetValue(placeholder, out int[]? bits) || bits.Length != placeholder.Shape.Size(batch))
                _fed[placeholder] = bits = new int[placeholder.Shape.Size(batch)];
            return MemoryMarshal.Cast<int, T>(bits.AsSpan());
        }

        public void Run(int batch)
        {
            Dictionary<string, double[]> given = _session.Graph.Variables.ToDictionary(v => v.Name, _session.Values);
            foreach ((Tensor feed, int[] bits) in _fed)
                given[feed.Node.Name] = [.. bits.Select(b => feed.DType == DType.Int32 ? b : BitConverter.Int32BitsToSingle(b))];
            Tensor[] assigned = [.. _targets.Select(t => t.Inputs[1])];
            Array64[] values = Evaluate([.. Fetches, .. assigned], given, batch);
            _fetched = Fetches.Select((f, i) => (f, i)).DistinctBy(p => p.f).ToDictionary(
                p => p.f,
                p => values[p.i].Data.Select(v => p.f.DType == DType.Int32 ? (int)v : BitConverter.SingleToInt32Bits((float)v)).ToArray());
            for (int i = 0; i < _targets.Count; i++)
                _session.Set(_targets[i].Inputs[0].Node.Name, values[Fetches.Count + i].Data);
        }

        public ReadOnlySpan<T> Fetch<T>(Tensor tensor)
            where T : unmanaged => MemoryMarshal.Cast<int, T>(_fetched[tensor].AsSpan());

        public IExecutable Fork() => new Executable(_session, Fetches, _targets);

        public void Dispose()
        {
        }
    }
}
