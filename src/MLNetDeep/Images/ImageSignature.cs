namespace MLNetDeep.Images;

/// <summary>Tells by its first bytes what kind of picture a file is.</summary>
internal static class ImageSignature
{
    /// <summary>Bytes that are enough to tell.</summary>
    public const int Length = 12;

    /// <summary>The name of the format; null for none that is known.</summary>
    public static string? Format(ReadOnlySpan<byte> start) =>
        start.Length >= 8 && start[0] == 0x89 && start[1..].StartsWith("PNG\r\n\x1a\n"u8) ? "PNG"
        : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "JPEG"
        : start.StartsWith("GIF8"u8) ? "GIF"
        : start.StartsWith("BM"u8) ? "BMP"
        : start.StartsWith("RIFF"u8) && start.Length >= 12 && start[8..].StartsWith("WEBP"u8) ? "WebP"
        : start.StartsWith("II*\0"u8) || start.StartsWith("MM\0*"u8) ? "TIFF"
        : null;
}
