namespace Microsoft.ML.Data;

/// <summary>How many keys a key column has.</summary>
public sealed class KeyCount
{
    /// <summary>The number; null for as many as the type can hold.</summary>
    public ulong? Count;

    /// <summary>As many as the type can hold.</summary>
    public KeyCount()
    {
    }

    /// <summary>A given number.</summary>
    public KeyCount(ulong count)
    {
        if (count == 0)
            throw new ArgumentOutOfRangeException(nameof(count), "Count must be strictly positive.");
        Count = count;
    }
}
