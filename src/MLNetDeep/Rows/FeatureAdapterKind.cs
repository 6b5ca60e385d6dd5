using System.Text.Json;
using Microsoft.ML.Data;

namespace MLNetDeep.Rows;

/// <summary>Makes the adapters of one kind of column.</summary>
internal abstract class FeatureAdapterKind
{
    /// <summary>The adapter of a column for an input.</summary>
    /// <param name="name">The column.</param>
    /// <param name="type">Its type.</param>
    /// <param name="inputShape">The dimensions that the input has been given; null where they come from the data.</param>
    /// <param name="resize">Whether images of another size are resized.</param>
    /// <exception cref="ArgumentException">The input cannot be fed so; the message says why.</exception>
    public abstract FeatureAdapter Create(string name, DataViewType type, IReadOnlyList<int>? inputShape, bool resize);

    /// <summary>Reads what <see cref="FeatureAdapter.Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that.</exception>
    public abstract FeatureAdapter Read(JsonElement json);
}
