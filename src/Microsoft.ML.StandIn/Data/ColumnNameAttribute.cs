namespace Microsoft.ML.Data;

/// <summary>Gives a member's column another name.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = false)]
public sealed class ColumnNameAttribute(string name) : Attribute
{
    internal string Name { get; } = name;
}
