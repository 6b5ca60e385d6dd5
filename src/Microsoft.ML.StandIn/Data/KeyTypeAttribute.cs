namespace Microsoft.ML.Data;

/// <summary>Makes a member of an unsigned integer type a key.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = false)]
public sealed class KeyTypeAttribute : Attribute
{
    /// <summary>As many keys as the member's type can hold.</summary>
    public KeyTypeAttribute()
    {
    }

    /// <summary>A given number of keys.</summary>
    public KeyTypeAttribute(ulong count) => KeyCount = new KeyCount(count);

    internal KeyCount KeyCount { get; } = new();
}
