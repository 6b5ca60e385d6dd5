using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>Takes the pixels of each channel farther from or nearer to their mean, as Keras does. What leaves <see cref="ImageAugmentation.ValueRange"/> is cut off.</summary>
/// <param name="Factor">Distances are multiplied by 1 - Factor to 1 + Factor, drawn evenly; 0 to 1. Default 0.2.</param>
public sealed record RandomContrast(float Factor = 0.2f) : PixelOperation
{
    internal override void Check(ImageShape image)
    {
        base.Check(image);
        Require(Factor is >= 0 and <= 1, nameof(Factor), Factor, "0 to 1");
    }

    internal override void Apply(ref RandomNumbers random, ImageShape image, ImageAugmentation settings, Span<float> pixels)
    {
        (float low, float high) = settings.ValueRange;
        float factor = 1 + (float)random.Between(-1, 1) * Factor;
        if (factor == 1)
            return;
        int channels = image.Channels;
        for (int channel = 0; channel < channels; channel++)
        {
            double sum = 0;
            for (int i = channel; i < pixels.Length; i += channels)
                sum += pixels[i];
            float mean = (float)(sum / (image.Height * image.Width));
            for (int i = channel; i < pixels.Length; i += channels)
                pixels[i] = Math.Clamp(mean + (pixels[i] - mean) * factor, low, high);
        }
    }
}
