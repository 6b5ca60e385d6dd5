using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>
/// Makes the colours of RGB pictures stronger or paler: the distance of each pixel from its grey (0.299 R + 0.587 G + 0.114 B) is scaled, as
/// torchvision does. What leaves <see cref="ImageAugmentation.ValueRange"/> is cut off.
/// </summary>
/// <param name="Factor">Distances are multiplied by 1 - Factor to 1 + Factor, drawn evenly; 0 to 1. Default 0.2.</param>
public sealed record RandomSaturation(float Factor = 0.2f) : PixelOperation
{
    internal override void Check(ImageShape image)
    {
        base.Check(image);
        Require(Factor is >= 0 and <= 1, nameof(Factor), Factor, "0 to 1");
        if (image.Channels != 3)
            throw new ArgumentException($"RandomSaturation needs images of 3 channels (RGB); they have the shape {image}: {image.Channels} channel(s).");
    }

    internal override void Apply(ref RandomNumbers random, ImageShape image, ImageAugmentation settings, Span<float> pixels)
    {
        (float low, float high) = settings.ValueRange;
        float factor = 1 + (float)random.Between(-1, 1) * Factor;
        if (factor == 1)
            return;
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            Span<float> rgb = pixels.Slice(i, 3);
            float grey = 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
            foreach (ref float colour in rgb)
                colour = Math.Clamp(grey + (colour - grey) * factor, low, high);
        }
    }
}
