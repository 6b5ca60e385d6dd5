using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MLNetDeep.TensorFlow.Libraries;

/// <summary>Finds the native library, looks whether it is one that the engine can use, and says in one error what to do where it is not.</summary>
internal static unsafe class TensorFlowLibrary
{
    public const string Name = "tensorflow";

    private const string Advice =
        "Add the NuGet package SciSharp.TensorFlow.Redist 2.16.0 (CPU) or, for GPUs on Linux, SciSharp.TensorFlow.Redist-Linux-GPU 2.11.1 to the app, or set TensorFlowOptions.LibraryPath to a libtensorflow of version 2.4 or later.";

    /// <summary>Loads the library at <paramref name="path"/>, or the one that is found beside <paramref name="assembly"/> or on the system.</summary>
    /// <exception cref="TensorFlowException">There is none, it cannot be loaded, or it is no TensorFlow or not of a version that can be used.</exception>
    public static nint Load(string? path, Assembly assembly)
    {
        nint handle;
        string where;
        try
        {
            if (path is null)
            {
                where = $"the {Name} library";
                handle = NativeLibrary.Load(Name, assembly, null);
            }
            else
            {
                where = $"'{path}'";
                handle = NativeLibrary.Load(FileOf(path));
            }
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or FileNotFoundException)
        {
            throw new TensorFlowException(
                path is null ? $"The native library of TensorFlow is not there. {Advice}" : $"The native library of TensorFlow cannot be loaded from '{path}' ({e.Message.Trim()}). {Advice}", e);
        }

        if (!NativeLibrary.TryGetExport(handle, "TF_Version", out nint version))
        {
            NativeLibrary.Free(handle);
            throw new TensorFlowException($"{where[..1].ToUpperInvariant()}{where[1..]} is no TensorFlow: it has no TF_Version. {Advice}");
        }

        CheckVersion(Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)version)()) ?? "", where);
        return handle;
    }

    /// <exception cref="TensorFlowException">The version is not 2.4 or a later 2.</exception>
    public static void CheckVersion(string version, string where)
    {
        string[] parts = version.Split('.');
        if (parts.Length >= 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) &&
            int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor) && major == 2 && minor >= 4)
            return;
        throw new TensorFlowException($"The native library of TensorFlow, {where}, is of version {(version.Length > 0 ? version : "unknown")}, expected 2.4 or a later 2. {Advice}");
    }

    /// <summary>
    /// Sets a variable of the process where it has no value yet, so that native code sees it: .NET keeps its own copy of the environment, which libraries do not look at.
    /// </summary>
    public static void SetEnvironment(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
            return;
        Environment.SetEnvironmentVariable(name, value);
        if (OperatingSystem.IsWindows())
            _ = PutEnvironment(name, value);
        else
            _ = SetEnvironmentUnix(name, value, 1);
    }

    private static string FileOf(string path)
    {
        if (!Directory.Exists(path))
            return path;
        string file = OperatingSystem.IsWindows() ? "tensorflow.dll" : OperatingSystem.IsMacOS() ? "libtensorflow.dylib" : "libtensorflow.so";
        return Path.Combine(path, file);
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironmentUnix(string name, string value, int overwrite);

    [DllImport("ucrtbase", EntryPoint = "_putenv_s", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int PutEnvironment(string name, string value);
}
