using System.Diagnostics;
using System.Runtime.InteropServices;
using MLNetDeep.TensorFlow.Libraries;

namespace MLNetDeep.TensorFlow.Tests;

/// <summary>Finding the native library, and saying in one error what to do where that fails.</summary>
public class LibraryTests
{
    private const string Package = "SciSharp.TensorFlow.Redist 2.16.0", GpuPackage = "SciSharp.TensorFlow.Redist-Linux-GPU 2.11.1";

    [Fact]
    public void A_path_without_a_library_names_the_packages()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string file = Path.Combine(folder, "libtensorflow.so");
            foreach (string path in (string[])[file, folder, Path.Combine(folder, "nowhere")])
            {
                string error = Assert.Throws<TensorFlowException>(() => Load(path)).Message;
                Assert.Contains($"cannot be loaded from '{path}'", error, StringComparison.Ordinal);
                Assert.Contains(Package, error, StringComparison.Ordinal);
                Assert.Contains(GpuPackage, error, StringComparison.Ordinal);
                Assert.Contains("TensorFlowOptions.LibraryPath", error, StringComparison.Ordinal);
            }

            File.WriteAllText(file, "not a library");
            Assert.Contains("cannot be loaded", Assert.Throws<TensorFlowException>(() => Load(folder)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [SkippableFact]
    public void A_library_that_is_no_tensorflow_is_told_apart()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Takes the C library of Linux for one.");
        string error = Assert.Throws<TensorFlowException>(() => Load("libc.so.6")).Message;
        Assert.Contains("'libc.so.6' is no TensorFlow: it has no TF_Version", error, StringComparison.Ordinal);
        Assert.Contains(Package, error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("1.15.0", false)]
    [InlineData("2.3.4", false)]
    [InlineData("3.0.0", false)]
    [InlineData("", false)]
    [InlineData("2.4.0", true)]
    [InlineData("2.16.1", true)]
    public void A_library_of_another_version_is_refused(string version, bool fits)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/usr/bin/gcc"), "Makes a library with gcc on Linux.");
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "fake.c"), $"const char* TF_Version(void) {{ return \"{version}\"; }}\n");
            using (Process gcc = Process.Start(new ProcessStartInfo("/usr/bin/gcc", ["-shared", "-fPIC", "-o", "libtensorflow.so", "fake.c"]) { WorkingDirectory = folder })!)
            {
                gcc.WaitForExit();
                Assert.Equal(0, gcc.ExitCode);
            }

            if (fits)
            {
                NativeLibrary.Free(Load(folder));
                return;
            }

            string error = Assert.Throws<TensorFlowException>(() => Load(folder)).Message;
            Assert.Contains($"is of version {(version.Length > 0 ? version : "unknown")}, expected 2.4 or a later 2", error, StringComparison.Ordinal);
            Assert.Contains(Package, error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    // .NET keeps a copy of the environment that native code does not see.
    [SkippableFact]
    public void Native_code_sees_the_environment()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Asks the C library of Linux.");
        const string Name = "MLNETDEEP_TEST_OF_THE_ENVIRONMENT";
        TensorFlowLibrary.SetEnvironment(Name, "true");
        Assert.Equal("true", Marshal.PtrToStringUTF8(GetEnvironment(Name)));
        Assert.Equal("true", Environment.GetEnvironmentVariable(Name));

        // What the user has set stays.
        TensorFlowLibrary.SetEnvironment(Name, "false");
        Assert.Equal("true", Marshal.PtrToStringUTF8(GetEnvironment(Name)));
    }

    private static nint Load(string path) => TensorFlowLibrary.Load(path, typeof(LibraryTests).Assembly);

#pragma warning disable CA2101 // The name is plain ASCII.
    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetEnvironment(string name);
#pragma warning restore CA2101
}
