using System.Runtime.InteropServices;
using Tensorflow;

namespace MLNetDeep.TensorFlow.Execution;

/// <summary>
/// A TF_Session. Each run holds it, so that it is never closed under one. It holds its graph too; where both are finalized at once the order does not matter,
/// as TensorFlow keeps a deleted graph until its last session is closed.
/// </summary>
internal sealed class SessionHandle : SafeHandle
{
    private readonly Graph _graph;

    public SessionHandle(nint session, Graph graph)
        : base(0, ownsHandle: true)
    {
        _graph = graph;
        SetHandle(session);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        using Status status = new();
        c_api.TF_CloseSession(handle, status.Handle);
        c_api.TF_DeleteSession(handle, status.Handle);
        _graph.Dispose();
        return true;
    }
}
