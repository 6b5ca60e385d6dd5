namespace MLNetDeep.Images.Codec;

/// <summary>What PNG's reading and writing share.</summary>
internal static class PngFilter
{
    /// <summary>The neighbour (left, above, left above) that is nearest to left + above - left above.</summary>
    public static byte Paeth(byte left, byte above, byte leftAbove)
    {
        int estimate = left + above - leftAbove;
        int toLeft = Math.Abs(estimate - left), toAbove = Math.Abs(estimate - above), toLeftAbove = Math.Abs(estimate - leftAbove);
        return toLeft <= toAbove && toLeft <= toLeftAbove ? left : toAbove <= toLeftAbove ? above : leftAbove;
    }
}
