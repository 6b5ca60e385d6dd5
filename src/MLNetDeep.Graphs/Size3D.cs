namespace MLNetDeep;

/// <summary>Depth, height and width: of a window, of its steps, of a volume. A number alone stands for all: <c>3</c>, or <c>(1, 3, 3)</c>.</summary>
/// <param name="Depth">Along the first axis of a volume.</param>
/// <param name="Height">Along the second.</param>
/// <param name="Width">Along the third.</param>
public readonly record struct Size3D(int Depth, int Height, int Width)
{
    /// <summary>The same along all axes.</summary>
    public static implicit operator Size3D(int size) => new(size, size, size);

    /// <summary>Depth, height and width.</summary>
    public static implicit operator Size3D((int Depth, int Height, int Width) size) => new(size.Depth, size.Height, size.Width);

    internal int[] ToArray() => [Depth, Height, Width];

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"({Depth}, {Height}, {Width})");
}
