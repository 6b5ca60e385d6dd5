using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component reads itself from; the counterpart of <see cref="ModelSaveContext"/>.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    public const string ModelStreamName = ModelSaveContext.ModelStreamName;

    /// <summary>The model file.</summary>
    public readonly RepositoryReader Repository;

    /// <summary>The folder of the component in the file; empty at the top.</summary>
    public readonly string Directory;

    /// <summary>Gives the component's own bytes, and no others.</summary>
    public readonly BinaryReader Reader;

    /// <summary>The assembly that has the loader.</summary>
    public readonly string LoaderAssemblyName;

    /// <summary>What was set by <see cref="ModelSaveContext.SetVersionInfo"/>.</summary>
    internal ModelHeader Header;

    /// <summary>Where the component's bytes begin.</summary>
    public readonly long FpMin;

    private readonly string _loader;

    internal ModelLoadContext(RepositoryReader rep, RepositoryReader.Entry ent, string? dir)
    {
        Repository = rep;
        Directory = dir ?? "";
        Reader = new BinaryReader(ent.Stream);
        if (ReadHeader(Reader, ref Header, out _loader, out LoaderAssemblyName) is { } error)
        {
            Reader.Dispose();
            throw new FormatException($"Corrupt model entry '{ent.Path}': {error}.");
        }
        FpMin = Reader.BaseStream.Position;
    }

    public bool InRepository => true;

    public void CheckAtModel()
    {
        if (Reader.BaseStream.Position != FpMin)
            throw new InvalidOperationException("Something was already read.");
    }

    /// <summary>Throws unless this is the wanted format in a version that can be read.</summary>
    public void CheckAtModel(VersionInfo ver)
    {
        CheckAtModel();
        CheckVersionInfo(ver);
    }

    public void CheckVersionInfo(VersionInfo ver) => ModelHeader.CheckVersionInfo(ref Header, ver);

    /// <summary>Reads a count of items, of which each takes at least so many bytes: an error where the entry is too short for it.</summary>
    internal int ReadCount(int minimumItemSize)
    {
        var count = Reader.ReadInt32();
        var left = Reader.BaseStream.Length - Reader.BaseStream.Position;
        if (count < 0 || (long)count * minimumItemSize > left)
            throw new FormatException($"Corrupt model: {count} items are announced, but only {left} bytes are left.");
        return count;
    }

    public string LoadString() => Reader.ReadString();

    public string LoadNonEmptyString()
    {
        var text = Reader.ReadString();
        return text.Length > 0 ? text : throw new FormatException("Corrupt model: a name is empty.");
    }

    public string? LoadStringOrNull() => Reader.ReadBoolean() ? Reader.ReadString() : null;

    /// <summary>Whether there is a part of this name.</summary>
    public bool ContainsModel(string name) => Repository.Contains(Repository.Combine(Repository.Combine(Directory, name), ModelStreamName));

    /// <summary>Loads the part of this name.</summary>
    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class
        => LoadModel<TRes, TSig>(env, out result, Repository, Repository.Combine(Directory, name), extra);

    public bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes? result, string name, params object[] extra)
        where TRes : class
    {
        result = null;
        if (!ContainsModel(name))
            return false;
        LoadModel<TRes, TSig>(env, out var loaded, name, extra);
        result = loaded;
        return true;
    }

    public static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string? dir, params object[] extra)
        where TRes : class
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(rep);
        using var level = rep.Enter();
        using var entry = rep.Open(rep.Combine(dir, ModelStreamName));
        using var ctx = new ModelLoadContext(rep, entry, dir);
        result = env.ComponentCatalog.CreateLoaded<TRes>(env, typeof(TSig), ctx._loader, ctx.LoaderAssemblyName, [ctx, .. extra]);
    }

    public bool TryProcessSubModel(string dir, Action<ModelLoadContext> action)
    {
        if (!ContainsModel(dir))
            return false;
        var path = Repository.Combine(Directory, dir);
        using var level = Repository.Enter();
        using var entry = Repository.Open(Repository.Combine(path, ModelStreamName));
        using var ctx = new ModelLoadContext(Repository, entry, path);
        action(ctx);
        return true;
    }

    /// <summary>Reads what <see cref="ModelSaveContext.SaveBinaryStream"/> wrote.</summary>
    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        var path = Repository.Combine(Directory, name);
        if (!Repository.Contains(path))
            return false;
        using var entry = Repository.Open(path);
        using var reader = new BinaryReader(entry.Stream);
        action(reader);
        return true;
    }

    /// <summary>Reads what <see cref="ModelSaveContext.SaveTextStream"/> wrote.</summary>
    public bool TryLoadTextStream(string name, Action<TextReader> action)
    {
        var path = Repository.Combine(Directory, name);
        if (!Repository.Contains(path))
            return false;
        using var entry = Repository.Open(path);
        using var reader = new StreamReader(entry.Stream);
        action(reader);
        return true;
    }

    public void Dispose() => Reader.Dispose();

    private static string? ReadHeader(BinaryReader reader, ref ModelHeader header, out string loader, out string assembly)
    {
        loader = assembly = "";
        try
        {
            if (reader.ReadUInt64() != RepositoryReader.Magic)
                return "it does not begin as one";
            header.ModelSignature = reader.ReadUInt64();
            header.ModelVerWritten = reader.ReadUInt32();
            header.ModelVerReadable = reader.ReadUInt32();
            loader = reader.ReadString();
            assembly = reader.ReadString();
            return reader.ReadInt64() == reader.BaseStream.Length - reader.BaseStream.Position ? null : "its length is wrong";
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            return "it ends too early";
        }
    }
}
