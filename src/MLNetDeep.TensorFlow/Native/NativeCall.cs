using Tensorflow;

namespace MLNetDeep.TensorFlow.Execution;

/// <summary>TF_SessionRun on tensors that are kept from one run to the next.</summary>
internal sealed unsafe class NativeCall(
    NativeFunctions functions, SessionHandle session, TF_Output[] inputs, TF_DataType[] types, TF_Output[] outputs, nint[] targets) : IRuntimeCall
{
    private readonly SafeTensorHandle?[] _tensors = new SafeTensorHandle?[inputs.Length];
    private readonly long[][] _dims = new long[inputs.Length][];
    private readonly nint[] _inputs = new nint[inputs.Length], _outputs = new nint[outputs.Length];
    private readonly Status _status = new();

    ~NativeCall() => FreeOutputs();

    public Span<byte> Feed(int feed, ReadOnlySpan<long> dims, bool keeps)
    {
        if (_tensors[feed] is null || keeps || !dims.SequenceEqual(_dims[feed]))
        {
            // Whoever kept the old one holds it; else it is freed.
            _tensors[feed]?.Dispose();
            long bytes = Size(types[feed]);
            foreach (long dim in dims)
                bytes *= dim;
            _dims[feed] = dims.ToArray();
            SafeTensorHandle tensor = c_api.TF_AllocateTensor(types[feed], _dims[feed], dims.Length, (ulong)bytes);
            if (tensor.IsInvalid)
                throw new TensorFlowException($"TensorFlow has no {bytes} bytes for a tensor: take a smaller BatchSize.");
            _tensors[feed] = tensor;
            _inputs[feed] = tensor.DangerousGetHandle();
        }

        return functions.Data(_inputs[feed]);
    }

    public void Run()
    {
        FreeOutputs();
        bool held = false;
        try
        {
            session.DangerousAddRef(ref held);
            c_api.TF_SessionRun(
                session.DangerousGetHandle(), null, inputs, _inputs, inputs.Length, outputs, _outputs, outputs.Length, targets, targets.Length, 0, _status.Handle);
        }
        finally
        {
            if (held)
                session.DangerousRelease();
            GC.KeepAlive(this);
        }

        NativeFunctions.Check(_status);
    }

    public ReadOnlySpan<byte> Fetch(int fetch) => _outputs[fetch] != 0 ? functions.Data(_outputs[fetch]) : throw new InvalidOperationException("Nothing to fetch: run first.");

    public void Dispose()
    {
        FreeOutputs();
        foreach (SafeTensorHandle? tensor in _tensors)
            tensor?.Dispose();
        Array.Clear(_tensors);
        _status.Dispose();
        GC.SuppressFinalize(this);
    }

    private static long Size(TF_DataType type) => type switch
    {
        TF_DataType.TF_BOOL => 1,
        TF_DataType.TF_FLOAT or TF_DataType.TF_INT32 => 4,
        _ => throw new NotSupportedException($"A fed tensor of {type}."),
    };

    private void FreeOutputs()
    {
        for (int i = 0; i < _outputs.Length; i++)
        {
            if (_outputs[i] != 0)
                c_api.TF_DeleteTensor(_outputs[i]);
            _outputs[i] = 0;
        }
    }
}
