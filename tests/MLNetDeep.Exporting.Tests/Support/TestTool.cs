using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace MLNetDeep.Exporting.Tests.Support;

/// <summary>A program that answers lines by lines, started at the first question and shared by all tests.</summary>
internal sealed class TestTool : IDisposable
{
    private readonly string _program;
    private readonly string[] _arguments;
    private readonly string[] _probe;
    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private Process? _process;
    private string? _missing;
    private bool _looked;

    /// <param name="program">The program.</param>
    /// <param name="arguments">What it is started with to answer questions.</param>
    /// <param name="probe">What it is started with to see whether all it needs is there.</param>
    public TestTool(string program, string[] arguments, string[] probe)
    {
        _program = program;
        _arguments = arguments;
        _probe = probe;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>The folder of this test project.</summary>
    public static string ProjectFolder { get; } =
        typeof(TestTool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProjectFolder").Value!;

    /// <summary>Why the tool cannot be used; null where it can.</summary>
    public string? Missing
    {
        get
        {
            lock (_lock)
            {
                if (!_looked)
                    _missing = Look();
                _looked = true;
                return _missing;
            }
        }
    }

    /// <summary>Sends a line and reads the answer.</summary>
    public string Ask(string line)
    {
        lock (_lock)
        {
            if (_process is null)
            {
                // Read all the time, so that a tool that complains a lot does not stand still.
                _process = Start(_arguments);
                _process.ErrorDataReceived += (_, e) => _errors.Enqueue(e.Data ?? "");
                _process.BeginErrorReadLine();
            }

            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
            return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{_program} ended: {string.Join('\n', _errors.TakeLast(20))}");
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_process is { HasExited: false })
                _process.Kill();
            _process?.Dispose();
            _process = null;
        }
    }

    private string? Look()
    {
        try
        {
            using Process process = Start(_probe);
            process.StandardInput.Close();
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"'{_program} {string.Join(' ', _probe)}' says: {error.Split('\n').FirstOrDefault(l => l.Contains("Error", StringComparison.Ordinal)) ?? error}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"there is no {_program} here";
        }
    }

    private Process Start(string[] arguments) => Process.Start(new ProcessStartInfo(_program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = ProjectFolder,
    })!;
}
