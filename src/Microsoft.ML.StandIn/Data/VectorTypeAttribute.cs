namespace Microsoft.ML.Data;

/// <summary>Makes a member's column a vector of given dimensions.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = false)]
public sealed class VectorTypeAttribute : Attribute
{
    /// <summary>A vector whose length varies by row.</summary>
    public VectorTypeAttribute()
    {
    }

    /// <summary>A vector of one length.</summary>
    public VectorTypeAttribute(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        Dims = [size];
    }

    /// <summary>A vector of several dimensions.</summary>
    public VectorTypeAttribute(params int[] dimensions)
    {
        if (Array.Exists(dimensions, d => d < 0))
            throw new ArgumentOutOfRangeException(nameof(dimensions));
        Dims = dimensions;
    }

    internal int[]? Dims { get; }
}
