namespace MLNetDeep.Generation;

/// <summary>What generated rows of a table are to be: <c>("Status", "bad")</c>.</summary>
/// <param name="Column">A column of categories: a key, text, Boolean, or numbers of which there were few different ones. A slot of a vector as <c>Flags[3]</c>, or with its name.</param>
/// <param name="Value">The category as text: the value that a key stands for, <c>True</c> or <c>False</c>; null or empty for a missing one.</param>
public sealed record TableCondition(string Column, string? Value)
{
    /// <summary>A condition of a column's name and a value.</summary>
    public static implicit operator TableCondition((string Column, string? Value) condition) => new(condition.Column, condition.Value);

    /// <summary>A condition of a column's name and a value.</summary>
    /// <param name="condition">Both.</param>
    public static TableCondition FromValueTuple((string Column, string? Value) condition) => condition;
}
