namespace Microsoft.ML.Data;

/// <summary>Says which fields of a text file a member is loaded from.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field, AllowMultiple = false)]
public sealed class LoadColumnAttribute : Attribute
{
    internal readonly List<TextLoader.Range> Sources;

    /// <summary>One field.</summary>
    public LoadColumnAttribute(int fieldIndex) => Sources = [new TextLoader.Range(fieldIndex)];

    /// <summary>Adjacent fields.</summary>
    public LoadColumnAttribute(int start, int end) => Sources = [new TextLoader.Range(start, end)];

    /// <summary>Any fields.</summary>
    public LoadColumnAttribute(int[] columnIndexes) => Sources = [.. columnIndexes.Select(i => new TextLoader.Range(i))];
}
