using MLNetDeep.Images.Codec;

namespace Microsoft.ML.Data;

/// <summary>A picture in memory: four bytes a pixel, row by row from the top.</summary>
public sealed class MLImage : IDisposable
{
    private byte[]? _pixels;

    private MLImage(int width, int height, MLPixelFormat format, byte[] pixels)
    {
        Width = width;
        Height = height;
        PixelFormat = format;
        _pixels = pixels;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The order of the bytes of a pixel.</summary>
    public MLPixelFormat PixelFormat { get; }

    /// <summary>The bytes of all pixels.</summary>
    public ReadOnlySpan<byte> Pixels => Bytes;

    /// <summary>Bits of a pixel.</summary>
    public int BitsPerPixel => 32;

    /// <summary>Whatever its user wants to remember of the picture.</summary>
    public string? Tag { get; set; }

    internal byte[] Bytes => _pixels ?? throw new ObjectDisposedException(nameof(MLImage));

    /// <summary>Reads a picture.</summary>
    /// <param name="imageStream">A file's bytes.</param>
    /// <exception cref="ArgumentException">They are not a picture that can be read; the message says why.</exception>
    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        try
        {
            return Of(PngReader.Read(imageStream));
        }
        catch (InvalidDataException e)
        {
            throw new ArgumentException($"The image cannot be read: {e.Message}.", nameof(imageStream), e);
        }
    }

    /// <summary>Reads a picture.</summary>
    /// <param name="imagePath">The file.</param>
    /// <exception cref="ArgumentException">The file is not a picture that can be read; the message says why.</exception>
    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        using var stream = File.OpenRead(imagePath);
        try
        {
            return Of(PngReader.Read(stream));
        }
        catch (InvalidDataException e)
        {
            throw new ArgumentException($"The image file '{imagePath}' cannot be read: {e.Message}.", nameof(imagePath), e);
        }
    }

    /// <summary>Makes a picture of pixels, which are copied.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixelFormat">The order of the bytes of a pixel.</param>
    /// <param name="imagePixelData">Four bytes for each pixel.</param>
    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException($"Unsupported pixel format {pixelFormat}.", nameof(pixelFormat));
        if (imagePixelData.Length != (long)width * height * 4)
            throw new ArgumentException($"There are {imagePixelData.Length} bytes; a picture of {width}x{height} has {(long)width * height * 4}.", nameof(imagePixelData));
        return new(width, height, pixelFormat, imagePixelData.ToArray());
    }

    /// <summary>Writes the picture to a file.</summary>
    /// <param name="imagePath">The file, whose extension says the format.</param>
    /// <exception cref="ArgumentException">The extension is not <c>.png</c>.</exception>
    public void Save(string imagePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        if (!string.Equals(Path.GetExtension(imagePath), ".png", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"Only PNG files can be written: '{imagePath}' does not end in .png.", nameof(imagePath));
        var rgba = PixelFormat == MLPixelFormat.Rgba32 ? Bytes : Swapped(Bytes);
        using var stream = File.Create(imagePath);
        PngWriter.Write(stream, Width, Height, 4, rgba);
    }

    /// <summary>Lets go of the pixels.</summary>
    public void Dispose() => _pixels = null;

    /// <summary>A picture over pixels that nobody else changes.</summary>
    internal static MLImage Over(int width, int height, MLPixelFormat format, byte[] pixels) => new(width, height, format, pixels);

    private static MLImage Of(RgbaPixels pixels) => new(pixels.Width, pixels.Height, MLPixelFormat.Bgra32, Swapped(pixels.Bytes));

    private static byte[] Swapped(byte[] pixels)
    {
        var swapped = (byte[])pixels.Clone();
        for (var i = 0; i < swapped.Length; i += 4)
            (swapped[i], swapped[i + 2]) = (swapped[i + 2], swapped[i]);
        return swapped;
    }
}
