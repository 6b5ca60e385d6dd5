using MLNetDeep.Graphs;

namespace MLNetDeep.Engines;

/// <summary>
/// A compiled part of a graph with its own buffers. Give the feeds their values in place, <see cref="Run"/>, read the fetches in place;
/// after the first run with the largest batch nothing is allocated. One thread at a time; <see cref="Fork"/> gives another thread its own.
/// </summary>
public interface IExecutable : IDisposable
{
    /// <summary>The placeholders that must be fed.</summary>
    IReadOnlyList<Tensor> Feeds { get; }

    /// <summary>The tensors that can be fetched, as given to <see cref="ISession.Compile"/>.</summary>
    IReadOnlyList<Tensor> Fetches { get; }

    /// <summary>Where to put the values of <paramref name="placeholder"/> for a batch of <paramref name="batch"/> rows. A later call with a larger batch may move it and lose its values.</summary>
    /// <typeparam name="T">float or int as the placeholder's type says; float (0 and 1) for Bool.</typeparam>
    /// <exception cref="ArgumentException">It is not among <see cref="Feeds"/>, or of another type.</exception>
    Span<T> Feed<T>(Tensor placeholder, int batch)
        where T : unmanaged;

    /// <summary>Runs with the values that the feeds have.</summary>
    /// <param name="batch">Number of rows: what batched dimensions stand for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is less than 1, or a value cannot be (a class label or token id out of range).</exception>
    void Run(int batch);

    /// <summary>The values of a fetch after <see cref="Run"/>; valid until the next run.</summary>
    /// <typeparam name="T">float or int as the tensor's type says; float (0 and 1) for Bool.</typeparam>
    ReadOnlySpan<T> Fetch<T>(Tensor tensor)
        where T : unmanaged;

    /// <summary>Another executable of the same session that shares everything but buffers.</summary>
    IExecutable Fork();
}
