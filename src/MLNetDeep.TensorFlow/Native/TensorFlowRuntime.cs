using System.Reflection;
using System.Runtime.InteropServices;
using MLNetDeep.TensorFlow.Libraries;

namespace MLNetDeep.TensorFlow.Execution;

/// <summary>
/// TensorFlow through TensorFlow.NET, of which only a small part is used: a graph to import into, and the C interface. What is dangerous in the rest is kept away from:
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Nothing is built with TensorFlow.NET's operations, so that it does not matter that eager execution is each thread's default, nor what graph is the thread's.</item>
/// <item>No <c>Tensorflow.Session</c> is made: it makes its graph the thread's default, and its finalizer can end the process. A <see cref="SessionHandle"/> is held by each run.</item>
/// <item>No <c>Tensorflow.Tensor</c> is made: disposing of it frees nothing. Tensors are handles, freed by the call that made them.</item>
/// <item>No <c>NDArray</c> is made: it would switch the thread to eager execution under a lock of the whole process.</item>
/// <item>Devices are named in the nodes, since <c>tf.device</c> does nothing.</item>
/// </list>
/// </remarks>
internal sealed class TensorFlowRuntime : ITensorFlowRuntime
{
    private static readonly Lock LoadLock = new();
    private static NativeFunctions? _functions;
    private static string? _loadedFrom;

    private TensorFlowRuntime()
    {
    }

    public static ITensorFlowRuntime Shared { get; } = new TensorFlowRuntime();

    public IRuntimeSession CreateSession(TensorFlowOptions options)
    {
        NativeFunctions functions = Load(options.LibraryPath);
        return NativeSession.Create(functions, options);
    }

    // Once a process: the first engine's path is everybody's.
    private static NativeFunctions Load(string? path)
    {
        lock (LoadLock)
        {
            if (_functions is { } known)
            {
                return path is null || path == _loadedFrom ? known : throw new TensorFlowException(
                    $"The native library of TensorFlow was loaded from {(_loadedFrom is null ? "its package or the system" : $"'{_loadedFrom}'")}; a process cannot take another one, '{path}', beside it. Give all engines the same LibraryPath.");
            }

            // Looked at when TensorFlow sees its devices first. Sessions ask for the same, but ML.NET's own users of TensorFlow in the process may not.
            TensorFlowLibrary.SetEnvironment("TF_FORCE_GPU_ALLOW_GROWTH", "true");
            Assembly assembly = typeof(Tensorflow.Tensor).Assembly;
            nint handle = TensorFlowLibrary.Load(path, assembly);
            try
            {
                NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name == TensorFlowLibrary.Name ? handle : 0);
            }
            catch (InvalidOperationException e) when (path is not null)
            {
                throw new TensorFlowException($"The app has set where TensorFlow.NET finds its native library (NativeLibrary.SetDllImportResolver), so that LibraryPath, '{path}', cannot. Leave one of the two out.", e);
            }
            catch (InvalidOperationException)
            {
                // The app's own resolver finds it.
            }

            _loadedFrom = path;
            return _functions = new(handle);
        }
    }
}
