using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Support;

/// <summary>Models whose files <see cref="HostileModelTests{T}"/> damages.</summary>
public interface IHostileModels
{
    /// <summary>By kind of model: what it writes into its file, what reads that, and the names of the texts in it.</summary>
    static abstract IReadOnlyDictionary<string, (byte[] Good, Func<Stream, RowTransformer> Load, string[] Texts)> Files { get; }

    /// <summary>The most that reading and asking may take, well above what a good file takes.</summary>
    static virtual long MostBytes => 16 << 20;

    /// <summary>Asks a model that could be read for something.</summary>
    static abstract void Ask(RowTransformer model);

    /// <summary>Whether a model that could be read may answer with this error: its file names another column, or gives one another type.</summary>
    static virtual bool MayAnswer(Exception error) => false;

    /// <summary>What errors call the weight that the file calls <paramref name="tensor"/>.</summary>
    static virtual string NameInErrors(string tensor) => tensor;
}
