namespace MLNetDeep;

/// <summary>Height and width: of a window, of its steps, of an image. A number alone stands for both: <c>3</c>, or <c>(3, 5)</c>.</summary>
/// <param name="Height">Along the first axis of an image.</param>
/// <param name="Width">Along the second.</param>
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>The same along both axes.</summary>
    public static implicit operator Size2D(int size) => new(size, size);

    /// <summary>Height and width.</summary>
    public static implicit operator Size2D((int Height, int Width) size) => new(size.Height, size.Width);

    internal int[] ToArray() => [Height, Width];

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"({Height}, {Width})");
}
