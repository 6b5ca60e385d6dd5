namespace MLNetDeep.Images;

/// <summary>The colours of colour maps.</summary>
internal static class ColorMaps
{
    // Viridis at nine equal steps; between them it is close to linear.
    private static readonly (byte R, byte G, byte B)[] Viridis =
        [(68, 1, 84), (71, 44, 122), (59, 81, 139), (44, 113, 142), (33, 144, 141), (39, 173, 129), (92, 200, 99), (170, 220, 50), (253, 231, 37)];

    /// <param name="map">The map.</param>
    /// <param name="value">From 0 to 1.</param>
    public static (byte R, byte G, byte B) Color(ColorMap map, float value)
    {
        switch (map)
        {
            case ColorMap.Gray:
                byte gray = ToByte(value);
                return (gray, gray, gray);
            case ColorMap.Jet:
                return (ToByte(1.5f - Math.Abs(4 * value - 3)), ToByte(1.5f - Math.Abs(4 * value - 2)), ToByte(1.5f - Math.Abs(4 * value - 1)));
            case ColorMap.Viridis:
                float at = value * (Viridis.Length - 1);
                int below = Math.Min((int)at, Viridis.Length - 2);
                float share = at - below;
                (byte R, byte G, byte B) a = Viridis[below], b = Viridis[below + 1];
                return (Mix(a.R, b.R, share), Mix(a.G, b.G, share), Mix(a.B, b.B, share));
            default:
                throw new ArgumentOutOfRangeException(nameof(map), map, "There is no such colour map.");
        }
    }

    public static byte ToByte(float value) => (byte)(Math.Clamp(value, 0, 1) * 255 + 0.5f);

    public static byte Mix(byte a, byte b, float share) => (byte)(a + (b - a) * share + 0.5f);
}
