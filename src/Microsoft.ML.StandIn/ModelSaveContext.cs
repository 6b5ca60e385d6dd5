namespace Microsoft.ML;

/// <summary>Where a component writes itself: an entry of a model file, with entries of its parts below it.</summary>
public sealed class ModelSaveContext : IDisposable
{
    /// <summary>The name of the entry that holds the component itself.</summary>
    internal const string ModelStreamName = "Model.key";

    /// <summary>The model file.</summary>
    internal readonly RepositoryWriter Repository;

    /// <summary>The folder of the component in the file; empty at the top.</summary>
    internal readonly string Directory;

    /// <summary>Takes the component's own bytes.</summary>
    internal readonly BinaryWriter Writer;

    /// <summary>What <see cref="SetVersionInfo"/> set.</summary>
    internal ModelHeader Header;

    /// <summary>Where the component's bytes begin.</summary>
    internal readonly long FpMin;

    private readonly MemoryStream _payload = new();
    private string? _loader;
    private string? _assembly;

    internal ModelSaveContext(RepositoryWriter rep, string? dir, string? name)
    {
        Repository = rep;
        Directory = dir ?? "";
        EntryName = name ?? ModelStreamName;
        Writer = new BinaryWriter(_payload);
    }

    internal bool InRepository => true;

    private string EntryName { get; }

    internal void CheckAtModel()
    {
        if (_payload.Position != 0)
            throw new InvalidOperationException("Something was already written.");
    }

    /// <summary>Says what is saved and how it is loaded; comes before anything is written.</summary>
    internal void SetVersionInfo(VersionInfo ver)
    {
        CheckAtModel();
        Header.ModelSignature = ver.ModelSignature;
        Header.ModelVerWritten = ver.VerWrittenCur;
        Header.ModelVerReadable = ver.VerReadableCur;
        _loader = ver.LoaderSignature;
        _assembly = ver.LoaderAssemblyName;
    }

    internal void SaveString(string str)
    {
        ArgumentNullException.ThrowIfNull(str);
        Writer.Write(str);
    }

    internal void SaveString(ReadOnlyMemory<char> str) => SaveString(str.ToString());

    internal void SaveNonEmptyString(string str)
    {
        ArgumentException.ThrowIfNullOrEmpty(str);
        Writer.Write(str);
    }

    internal void SaveNonEmptyString(ReadOnlyMemory<char> str) => SaveNonEmptyString(str.ToString());

    internal void SaveStringOrNull(string? str)
    {
        Writer.Write(str is not null);
        if (str is not null)
            Writer.Write(str);
    }

    /// <summary>Saves a part in a folder of this name.</summary>
    internal void SaveModel<T>(T value, string name)
        where T : class
        => SaveModel(Repository, value, Repository.Combine(Directory, name));

    internal static void SaveModel<T>(RepositoryWriter rep, T value, string path)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value is not ICanSaveModel saveable)
            throw new InvalidOperationException($"{value.GetType()} cannot be saved.");
        using var ctx = new ModelSaveContext(rep, path, null);
        saveable.Save(ctx);
        ctx.Done();
    }

    internal void SaveSubModel(string dir, Action<ModelSaveContext> fn)
    {
        using var ctx = new ModelSaveContext(Repository, Repository.Combine(Directory, dir), null);
        fn(ctx);
        ctx.Done();
    }

    /// <summary>Saves bytes in an entry of their own beside the component's.</summary>
    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            action(writer);
        Repository.Write(Repository.Combine(Directory, name), stream);
    }

    /// <summary>Saves text in an entry of its own beside the component's.</summary>
    internal void SaveTextStream(string name, Action<TextWriter> action)
    {
        using var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, leaveOpen: true))
            action(writer);
        Repository.Write(Repository.Combine(Directory, name), stream);
    }

    /// <summary>Writes the entry.</summary>
    internal void Done()
    {
        if (Header.ModelSignature == 0)
            throw new InvalidOperationException("What is saved did not set its version.");
        Writer.Flush();
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(RepositoryReader.Magic);
        writer.Write(Header.ModelSignature);
        writer.Write(Header.ModelVerWritten);
        writer.Write(Header.ModelVerReadable);
        writer.Write(_loader ?? "");
        writer.Write(_assembly ?? "");
        writer.Write(_payload.Length);
        writer.Flush();
        Repository.Write(Repository.Combine(Directory, EntryName), stream, _payload);
    }

    /// <summary>Lets go of what was not written.</summary>
    public void Dispose()
    {
        Writer.Dispose();
        _payload.Dispose();
    }
}
