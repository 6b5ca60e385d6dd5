namespace Microsoft.ML.Data;

/// <summary>Keeps a member from becoming a column.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = false)]
public sealed class NoColumnAttribute : Attribute
{
    /// <summary>Creates the attribute.</summary>
    public NoColumnAttribute()
    {
    }
}
