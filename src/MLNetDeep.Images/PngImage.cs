using MLNetDeep.Images.Codec;

namespace MLNetDeep.Images;

/// <summary>
/// A picture of eight bits a channel, to be looked at: filters, heat maps, samples. It is written as PNG and needs no native library.
/// </summary>
/// <example>
/// <code>PngImage.FromFloats(heat, width: 28, height: 28, colorMap: ColorMap.Viridis).Enlarge(8).Save("heat.png");</code>
/// </example>
public sealed class PngImage
{
    private readonly byte[] _pixels;

    /// <summary>A picture of pixels, which are copied.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 grey, 2 grey and alpha, 3 red, green and blue, 4 these and alpha.</param>
    /// <param name="pixels">The channels of each pixel together, row by row from the top.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public PngImage(int width, int height, int channels, ReadOnlySpan<byte> pixels)
    {
        CheckSize(width, height, channels, pixels.Length);
        (Width, Height, Channels, _pixels) = (width, height, channels, pixels.ToArray());
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 grey, 2 grey and alpha, 3 red, green and blue, 4 these and alpha.</summary>
    public int Channels { get; }

    /// <summary>The channels of each pixel together, row by row from the top.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>A picture of numbers, such as a row of pixels, a filter or a heat map.</summary>
    /// <param name="pixels">The channels of each pixel together, row by row from the top. NaN is shown as the smallest.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 to 4 as in <see cref="Channels"/>.</param>
    /// <param name="minimum">What is shown as black; null for the smallest number.</param>
    /// <param name="maximum">What is shown as white; null for the largest number.</param>
    /// <param name="colorMap">The colours to show a single channel in; null for its grey.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together, or a colour map is given for several channels.</exception>
    public static PngImage FromFloats(ReadOnlySpan<float> pixels, int width, int height, int channels = 1, float? minimum = 0, float? maximum = 1, ColorMap? colorMap = null)
    {
        CheckSize(width, height, channels, pixels.Length);
        if (colorMap is not null && channels != 1)
            throw new ArgumentException($"A colour map shows one channel, not {channels}.", nameof(colorMap));
        (float low, float high) = (minimum ?? float.PositiveInfinity, maximum ?? float.NegativeInfinity);
        foreach (float value in pixels)
        {
            if (!float.IsFinite(value))
                continue;
            low = minimum ?? Math.Min(low, value);
            high = maximum ?? Math.Max(high, value);
        }

        float range = high > low ? high - low : 1;
        byte[] bytes = new byte[colorMap is null ? pixels.Length : pixels.Length * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            float value = float.IsNaN(pixels[i]) ? 0 : Math.Clamp((pixels[i] - low) / range, 0, 1);
            if (colorMap is { } map)
                (bytes[i * 3], bytes[i * 3 + 1], bytes[i * 3 + 2]) = ColorMaps.Color(map, value);
            else
                bytes[i] = ColorMaps.ToByte(value);
        }

        return new(width, height, colorMap is null ? channels : 3, bytes);
    }

    /// <summary>Reads a PNG file of any kind.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The picture, with four channels.</returns>
    /// <exception cref="InvalidDataException">It is not a PNG file, or damaged; the message says what is wrong.</exception>
    public static PngImage Load(string path)
    {
        using FileStream stream = File.OpenRead(path);
        try
        {
            return Load(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Reads a PNG file of any kind.</summary>
    /// <param name="stream">Its bytes.</param>
    /// <returns>The picture, with four channels.</returns>
    /// <exception cref="InvalidDataException">It is not a PNG file, or damaged; the message says what is wrong.</exception>
    public static PngImage Load(Stream stream)
    {
        try
        {
            RgbaPixels pixels = PngReader.Read(stream);
            return new(pixels.Width, pixels.Height, 4, pixels.Bytes);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The PNG file cannot be read: {e.Message}.", e);
        }
    }

    /// <summary>Writes a PNG file.</summary>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using FileStream stream = File.Create(path);
        Save(stream);
    }

    /// <summary>Writes a PNG file.</summary>
    /// <param name="stream">Where to.</param>
    public void Save(Stream stream) => PngWriter.Write(stream, Width, Height, Channels, _pixels);

    /// <summary>Each pixel as a square of <paramref name="factor"/> by <paramref name="factor"/>.</summary>
    /// <param name="factor">How many times larger.</param>
    public PngImage Enlarge(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        int width = checked(Width * factor), height = checked(Height * factor);
        byte[] pixels = new byte[checked(width * height * Channels)];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                _pixels.AsSpan((y / factor * Width + x / factor) * Channels, Channels).CopyTo(pixels.AsSpan((y * width + x) * Channels));
        }

        return new(width, height, Channels, pixels);
    }

    /// <summary>Another picture laid over this one, such as a heat map over what it explains.</summary>
    /// <param name="over">The other picture, of the same size.</param>
    /// <param name="share">How much of the other is seen: 0 nothing, 1 nothing else.</param>
    /// <returns>A picture of three channels.</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public PngImage Blend(PngImage over, float share = 0.5f)
    {
        ArgumentNullException.ThrowIfNull(over);
        if (over.Width != Width || over.Height != Height)
            throw new ArgumentException($"A picture of {over.Width}x{over.Height} cannot be laid over one of {Width}x{Height}.", nameof(over));
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share is from 0 to 1.");
        byte[] below = ToChannels(3), above = over.ToChannels(3);
        for (int i = 0; i < below.Length; i++)
            below[i] = ColorMaps.Mix(below[i], above[i], share);
        return new(Width, Height, 3, below);
    }

    /// <summary>The pixels with at least as many channels as they have, or with alpha left out.</summary>
    internal byte[] ToChannels(int channels)
    {
        if (channels == Channels)
            return [.. _pixels];
        bool gray = Channels < 3, alpha = Channels is 2 or 4;
        byte[] result = new byte[Width * Height * channels];
        for (int i = 0; i < Width * Height; i++)
        {
            ReadOnlySpan<byte> from = _pixels.AsSpan(i * Channels, Channels);
            Span<byte> to = result.AsSpan(i * channels, channels);
            to[0] = from[0];
            if (channels >= 3)
            {
                to[1] = gray ? from[0] : from[1];
                to[2] = gray ? from[0] : from[2];
            }

            if (channels is 2 or 4)
                to[^1] = alpha ? from[^1] : byte.MaxValue;
        }

        return result;
    }

    private static void CheckSize(int width, int height, int channels, int length)
    {
        if (width < 1 || height < 1 || channels is < 1 or > 4)
            throw new ArgumentException($"There is no picture of {width}x{height} with {channels} channel(s).");
        if (length != (long)width * height * channels)
            throw new ArgumentException($"There are {length} values; a picture of {width}x{height} with {channels} channel(s) has {(long)width * height * channels}.");
    }
}
