using System.Runtime.InteropServices;

namespace MLNetDeep.TensorFlow.Execution;

/// <summary>Functions of TensorFlow's C interface that TensorFlow.NET lacks, or declares in a way that makes an object for each call.</summary>
internal sealed unsafe class NativeFunctions(nint library)
{
    private readonly delegate* unmanaged<nint, nint> _tensorData = (delegate* unmanaged<nint, nint>)NativeLibrary.GetExport(library, "TF_TensorData");
    private readonly delegate* unmanaged<nint, nuint> _tensorByteSize = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(library, "TF_TensorByteSize");
    private readonly delegate* unmanaged<nint, nint, nint> _sessionListDevices = (delegate* unmanaged<nint, nint, nint>)NativeLibrary.GetExport(library, "TF_SessionListDevices");
    private readonly delegate* unmanaged<nint, int> _deviceListCount = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "TF_DeviceListCount");
    private readonly delegate* unmanaged<nint, int, nint, nint> _deviceListName = (delegate* unmanaged<nint, int, nint, nint>)NativeLibrary.GetExport(library, "TF_DeviceListName");
    private readonly delegate* unmanaged<nint, void> _deleteDeviceList = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "TF_DeleteDeviceList");

    public Span<byte> Data(nint tensor) => new((void*)_tensorData(tensor), checked((int)_tensorByteSize(tensor)));

    /// <summary>Names of the devices that a session has.</summary>
    public List<string> Devices(nint session, Tensorflow.Status status)
    {
        nint list = _sessionListDevices(session, status.Handle.DangerousGetHandle());
        Check(status);
        try
        {
            List<string> names = [];
            for (int i = 0; i < _deviceListCount(list); i++)
                names.Add(Marshal.PtrToStringUTF8(_deviceListName(list, i, status.Handle.DangerousGetHandle())) ?? "");
            return names;
        }
        finally
        {
            _deleteDeviceList(list);
        }
    }

    /// <exception cref="TensorFlowException">The call that the status is of failed.</exception>
    public static void Check(Tensorflow.Status status)
    {
        Tensorflow.TF_Code code = status.Code;
        if (code == Tensorflow.TF_Code.TF_OK)
            return;
        string advice = code == Tensorflow.TF_Code.TF_RESOURCE_EXHAUSTED ? " There is not memory enough on the device: take a smaller BatchSize, or a smaller network." : "";
        throw new TensorFlowException($"TensorFlow failed ({code.ToString()[3..]}): {status.Message}{advice}");
    }
}
