namespace MLNetDeep.Training.Augmentation;

/// <summary>The size of a picture; its pixels lie row by row, the channels of a pixel beside each other.</summary>
internal readonly record struct ImageShape(int Height, int Width, int Channels)
{
    public int Size => Height * Width * Channels;

    public override string ToString() => $"({Height}, {Width}, {Channels})";
}
