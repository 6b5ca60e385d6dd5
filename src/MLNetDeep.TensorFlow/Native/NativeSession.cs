using Google.Protobuf;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.TensorFlow.Libraries;
using Tensorflow;
using DataType = MLNetDeep.Exporting.TensorFlow.Protos.DataType;
using GraphDef = MLNetDeep.Exporting.TensorFlow.Protos.GraphDef;

namespace MLNetDeep.TensorFlow.Execution;

/// <summary>A graph of TensorFlow.NET and a session on it.</summary>
internal sealed unsafe class NativeSession : IRuntimeSession
{
    private readonly NativeFunctions _functions;
    private readonly Graph _graph;
    private readonly SessionHandle _session;

    private NativeSession(NativeFunctions functions, Graph graph, SessionHandle session, string device)
    {
        _functions = functions;
        _graph = graph;
        _session = session;
        Device = device;
    }

    public string Device { get; }

    public static NativeSession Create(NativeFunctions functions, TensorFlowOptions options)
    {
        Graph graph = new();
        SessionHandle? session = null;
        try
        {
            session = Open(graph, options, gpus: options.GpuDeviceId is not null);
            using Status status = new();
            string device = Devices.Choose(functions.Devices(session.DangerousGetHandle(), status), options);
            return new(functions, graph, session, device);
        }
        catch
        {
            if (session is not null)
                session.Dispose();
            else
                graph.Dispose();
            throw;
        }
    }

    public void Import(GraphDef graph, string prefix)
    {
        try
        {
            _graph.Import(graph.ToByteArray(), prefix);
        }
        catch (Exception e) when (e is Tensorflow.TensorflowException or InvalidArgumentError or OutOfRangeError)
        {
            throw new TensorFlowException($"TensorFlow does not take the graph: {e.Message}", e);
        }
    }

    public IRuntimeCall Prepare(IReadOnlyList<(string Name, DataType Type)> feeds, IReadOnlyList<string> fetches, IReadOnlyList<string> targets) => new NativeCall(
        _functions,
        _session,
        [.. feeds.Select(f => Output(f.Name))],
        [.. feeds.Select(f => (TF_DataType)(int)f.Type)],
        [.. fetches.Select(Output)],
        [.. targets.Select(Operation)]);

    public void Dispose() => _session.Dispose();

    private static SessionHandle Open(Graph graph, TensorFlowOptions options, bool gpus)
    {
        // What has no kernel for GPUs runs on the CPU beside it. All GPUs stay visible, as the first session of a process decides for all others; but none are
        // taken for a session on the CPU.
        ConfigProto config = new() { AllowSoftPlacement = true, GpuOptions = new() { AllowGrowth = true }, IntraOpParallelismThreads = options.Threads ?? 0 };
        if (!gpus)
            config.DeviceCount.Add("GPU", 0);
        byte[] bytes = config.ToByteArray();
        using SafeSessionOptionsHandle handle = c_api.TF_NewSessionOptions();
        using Status status = new();
        fixed (byte* p = bytes)
            c_api.TF_SetConfig(handle, (nint)p, (ulong)bytes.Length, status.Handle);
        NativeFunctions.Check(status);
        nint session = c_api.TF_NewSession(graph, handle, status.Handle);
        NativeFunctions.Check(status);
        return new(session, graph);
    }

    private nint Operation(string name)
    {
        nint operation = c_api.TF_GraphOperationByName(_graph, name);
        return operation != 0 ? operation : throw new TensorFlowException($"TensorFlow's graph has no operation '{name}'.");
    }

    private TF_Output Output(string name)
    {
        int colon = name.LastIndexOf(':');
        return new(Operation(name[..colon]), int.Parse(name.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture));
    }
}
