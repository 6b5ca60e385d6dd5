using MLNetDeep.Images;

namespace ImageFolder;

/// <summary>What the pictures of a folder are like, seen from some of them.</summary>
/// <param name="Width">Width of the first.</param>
/// <param name="Height">Height of the first.</param>
/// <param name="Channels">1 if all are grey, else 3.</param>
/// <param name="Sizes">How many sizes there are.</param>
internal sealed record PictureFormat(int Width, int Height, int Channels, int Sizes)
{
    private const int Looks = 100, LargestSide = 64;

    /// <summary>Side that pictures are resized to unless the user says otherwise.</summary>
    public int Side => Math.Min(Math.Min(Width, Height), LargestSide);

    public string Description => $"{(Channels == 1 ? "grey" : "in colour")}, {(Sizes == 1 ? $"{Width}x{Height}" : $"of at least {Sizes} sizes")}";

    /// <summary>Looks at pictures spread over the folder.</summary>
    public static PictureFormat Of(IReadOnlyList<string> paths)
    {
        int step = Math.Max(paths.Count / Looks, 1);
        PngImage[] pictures = [.. paths.Where((_, i) => i % step == 0).Select(PngImage.Load)];
        return new(pictures[0].Width, pictures[0].Height, pictures.All(IsGrey) ? 1 : 3, pictures.DistinctBy(p => (p.Width, p.Height)).Count());
    }

    private static bool IsGrey(PngImage picture)
    {
        ReadOnlySpan<byte> pixels = picture.Pixels;
        for (int i = 0; i < pixels.Length; i += 4)
        {
            if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2])
                return false;
        }

        return true;
    }
}
