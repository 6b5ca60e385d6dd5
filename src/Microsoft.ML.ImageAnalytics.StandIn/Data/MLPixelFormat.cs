namespace Microsoft.ML.Data;

/// <summary>How the bytes of a pixel are laid out.</summary>
public enum MLPixelFormat
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Blue, green, red, alpha; one byte each.</summary>
    Bgra32 = 1,

    /// <summary>Red, green, blue, alpha; one byte each.</summary>
    Rgba32 = 2,
}
