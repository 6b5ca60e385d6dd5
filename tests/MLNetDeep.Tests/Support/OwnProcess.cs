using System.Diagnostics;

namespace MLNetDeep.Tests.Support;

/// <summary>Runs the test project's own entry point in a process of its own.</summary>
internal static class OwnProcess
{
    /// <summary>Runs it, and waits for its end.</summary>
    /// <param name="arguments">What it is given.</param>
    /// <returns>The lines that it wrote. If it fails, so does the test, with what it wrote about that.</returns>
    public static string[] Run(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [typeof(OwnProcess).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string[] lines = [.. process.StandardOutput.ReadToEnd().Split('\n').SkipLast(1).Select(l => l.TrimEnd('\r'))];
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return lines;
    }
}
