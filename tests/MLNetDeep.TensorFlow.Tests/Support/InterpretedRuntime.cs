using System.Runtime.InteropServices;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Exporting.Tests.Interpreter;
using MLNetDeep.TensorFlow.Execution;
using MLNetDeep.TensorFlow.Libraries;

namespace MLNetDeep.TensorFlow.Tests.Support;

/// <summary>A TensorFlow for tests without one: graphs are run by the reference interpreter. It minds what the real one would not forgive.</summary>
internal sealed class InterpretedRuntime(params string[] gpus) : ITensorFlowRuntime
{
    private int _sessions, _calls;

    /// <summary>Sessions that have not been disposed of.</summary>
    public int OpenSessions => _sessions;

    /// <summary>Calls that have not been disposed of.</summary>
    public int OpenCalls => _calls;

    /// <summary>All nodes that were imported.</summary>
    public List<NodeDef> Nodes { get; } = [];

    public IRuntimeSession CreateSession(TensorFlowOptions options)
    {
        string device = Devices.Choose(["/job:localhost/replica:0/task:0/device:CPU:0", .. gpus.Select(g => $"/job:localhost/replica:0/task:0/device:GPU:{g}")], options);
        Interlocked.Increment(ref _sessions);
        return new Session(this, device);
    }

    private sealed class Session(InterpretedRuntime runtime, string device) : IRuntimeSession
    {
        private readonly Dictionary<string, GraphInterpreter> _parts = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Value> _variables = new(StringComparer.Ordinal);

        public string Device => device;

        public bool IsDisposed { get; private set; }

        public IReadOnlyDictionary<string, Value> Variables => _variables;

        public void Import(GraphDef graph, string prefix)
        {
            Assert.False(IsDisposed);

            // On two devices one name would be two variables.
            Assert.All(graph.Node, n => Assert.Equal(device, n.Device));
            lock (runtime.Nodes)
                runtime.Nodes.AddRange(graph.Node);
            lock (_parts)
                _parts.Add(prefix, new(graph.Clone(), _variables));
        }

        public IRuntimeCall Prepare(IReadOnlyList<(string Name, DataType Type)> feeds, IReadOnlyList<string> fetches, IReadOnlyList<string> targets)
        {
            Assert.False(IsDisposed);
            Assert.Equal(fetches.Count, fetches.Distinct().Count());
            Assert.Empty(fetches.Intersect(feeds.Select(f => f.Name)));
            string prefix = feeds.Select(f => f.Name).Concat(fetches).Concat(targets).First().Split('/')[0];
            Interlocked.Increment(ref runtime._calls);
            lock (_parts)
                return new Call(runtime, this, _parts[prefix], [.. feeds.Select(f => (f.Name[(prefix.Length + 1)..], f.Type))], [.. fetches.Select(f => f[(prefix.Length + 1)..])], [.. targets.Select(t => t[(prefix.Length + 1)..])]);
        }

        public void Dispose()
        {
            Assert.False(IsDisposed);
            IsDisposed = true;
            Interlocked.Decrement(ref runtime._sessions);
        }
    }

    private sealed class Call(InterpretedRuntime runtime, Session session, GraphInterpreter part, (string Name, DataType Type)[] feeds, string[] fetches, string[] targets) : IRuntimeCall
    {
        private readonly byte[][] _given = new byte[feeds.Length][];
        private readonly int[][] _dims = new int[feeds.Length][];
        private readonly bool[] _keeps = new bool[feeds.Length];
        private byte[][] _results = [];
        private bool _disposed;

        public Span<byte> Feed(int feed, ReadOnlySpan<long> dims, bool keeps)
        {
            _dims[feed] = [.. dims.ToArray().Select(d => (int)d)];
            _keeps[feed] = keeps;
            return _given[feed] = new byte[Extents.Size(_dims[feed]) * (feeds[feed].Type == DataType.DtBool ? 1 : 4)];
        }

        public void Run()
        {
            Assert.False(_disposed);
            Assert.False(session.IsDisposed);
            Dictionary<string, Value> values = [];
            for (int i = 0; i < feeds.Length; i++)
            {
                values.Add(feeds[i].Name, feeds[i].Type switch
                {
                    DataType.DtFloat => Value.Floats(MemoryMarshal.Cast<byte, float>(_given[i]), _dims[i]),
                    DataType.DtInt32 => Value.Ints(MemoryMarshal.Cast<byte, int>(_given[i]), _dims[i]),
                    _ => Value.Bools(MemoryMarshal.Cast<byte, bool>(_given[i]), _dims[i]),
                });
            }

            Value[] results;
            try
            {
                results = part.Run(values, fetches, targets);
            }
            catch (InvalidOperationException e)
            {
                throw new TensorFlowException($"TensorFlow failed: {e.Message}", e);
            }

            // The real one would give the variable the feed's memory, which the next feed overwrites.
            for (int i = 0; i < feeds.Length; i++)
                Assert.True(_keeps[i] || targets.Length == 0 || !session.Variables.Values.Contains(values[feeds[i].Name]), $"A variable keeps the memory of '{feeds[i].Name}'.");
            _results = [.. results.Select(Bytes)];
        }

        public ReadOnlySpan<byte> Fetch(int fetch) => _results[fetch];

        public void Dispose()
        {
            Assert.False(_disposed);
            _disposed = true;
            Interlocked.Decrement(ref runtime._calls);
        }

        private static byte[] Bytes(Value value) => value.Type switch
        {
            DataType.DtFloat => MemoryMarshal.AsBytes<float>(value.ToFloats()).ToArray(),
            DataType.DtInt32 => MemoryMarshal.AsBytes<int>(value.ToInts()).ToArray(),
            DataType.DtBool => [.. value.Wholes.Select(v => (byte)v)],
            _ => throw new NotSupportedException($"A fetched tensor of {value.Type}."),
        };
    }
}
