using MLNetDeep.Graphs;

namespace MLNetDeep.Initializers;

/// <summary>Equal parts of the last axis, each with an initializer of its own: such as the gates in the bias of an LSTM.</summary>
/// <param name="Of">One initializer for each part.</param>
public sealed record Parts(IReadOnlyList<Initializer> Of) : Initializer
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The last axis cannot be cut into so many equal parts.</exception>
    public override void Fill(Span<float> values, Shape shape, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int columns = shape.Rank == 0 ? 0 : shape[^1];
        if (Of.Count == 0 || columns == 0 || columns % Of.Count != 0)
            throw new ArgumentException($"Parts: expected a shape whose last axis can be cut into {Of.Count} equal parts, received {shape}.", nameof(shape));
        int width = columns / Of.Count, rows = shape.UnitSize / columns;
        Shape part = shape.With(shape.Rank - 1, width);
        float[] some = new float[part.UnitSize];
        for (int i = 0; i < Of.Count; i++)
        {
            Of[i].Fill(some, part, seed + (ulong)i);
            for (int row = 0; row < rows; row++)
                some.AsSpan(row * width, width).CopyTo(values[(row * columns + i * width)..]);
        }
    }
}
