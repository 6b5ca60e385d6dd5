namespace MLNetDeep.Signals.Tests.Support;

/// <summary>A folder that is gone after a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mlnetdeep-signals").FullName;

    public string File(string name, byte[]? content = null)
    {
        string file = System.IO.Path.Combine(Path, name);
        if (content is not null)
            System.IO.File.WriteAllBytes(file, content);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
