namespace Microsoft.ML.Data;

/// <summary>Base of the attributes that give a member a column type of its own.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = false)]
public abstract class DataViewTypeAttribute : Attribute, IEquatable<DataViewTypeAttribute>
{
    /// <summary>Creates the attribute.</summary>
    protected DataViewTypeAttribute()
    {
    }

    /// <summary>Makes the column type known.</summary>
    public abstract void Register();

    /// <summary>Whether the other says the same.</summary>
    public abstract bool Equals(DataViewTypeAttribute? other);
}
