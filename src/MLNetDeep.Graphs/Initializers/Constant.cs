using MLNetDeep.Graphs;

namespace MLNetDeep.Initializers;

/// <summary>Every element the same.</summary>
/// <param name="Value">The value.</param>
public sealed record Constant(float Value = 0) : Initializer
{
    /// <summary>All zeros.</summary>
    public static Constant Zeros { get; } = new(0);

    /// <summary>All ones.</summary>
    public static Constant Ones { get; } = new(1);

    /// <inheritdoc/>
    public override void Fill(Span<float> values, Shape shape, ulong seed) => values.Fill(Value);
}
