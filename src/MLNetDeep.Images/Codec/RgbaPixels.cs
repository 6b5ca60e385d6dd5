namespace MLNetDeep.Images.Codec;

/// <summary>A picture: four bytes a pixel (red, green, blue, alpha), row by row from the top.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bytes">The pixels.</param>
internal sealed record RgbaPixels(int Width, int Height, byte[] Bytes);
