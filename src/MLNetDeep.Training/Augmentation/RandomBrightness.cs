using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>Makes pictures lighter or darker: adds one number to all pixels, as Keras does. What leaves <see cref="ImageAugmentation.ValueRange"/> is cut off.</summary>
/// <param name="Factor">The most that is added or taken away, as a share of the value range, drawn evenly; 0 to 1. Default 0.2.</param>
public sealed record RandomBrightness(float Factor = 0.2f) : PixelOperation
{
    internal override void Check(ImageShape image)
    {
        base.Check(image);
        Require(Factor is >= 0 and <= 1, nameof(Factor), Factor, "0 to 1");
    }

    internal override void Apply(ref RandomNumbers random, ImageShape image, ImageAugmentation settings, Span<float> pixels)
    {
        (float low, float high) = settings.ValueRange;
        float more = (float)random.Between(-1, 1) * Factor * (high - low);
        if (more == 0)
            return;
        foreach (ref float pixel in pixels)
            pixel = Math.Clamp(pixel + more, low, high);
    }
}
