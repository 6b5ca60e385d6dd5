using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>Moves pictures up or down and sideways (Keras's <c>RandomTranslation</c>). By fractions of pixels too, which blurs a little; <see cref="RandomCrop"/> does not.</summary>
/// <param name="Height">Up or down by at most this share of the height, drawn evenly; 0 to 1. Default 0.1.</param>
/// <param name="Width">To either side by at most this share of the width; 0 to 1. Default 0.1.</param>
public sealed record RandomShift(float Height = 0.1f, float Width = 0.1f) : GeometricOperation
{
    internal override void Check(ImageShape image)
    {
        base.Check(image);
        Require(Height is >= 0 and <= 1, nameof(Height), Height, "0 to 1");
        Require(Width is >= 0 and <= 1, nameof(Width), Width, "0 to 1");
    }

    internal override void Draw(ref RandomNumbers random, ImageShape image, ref AffineMap map)
    {
        double down = random.Between(-1, 1) * Height * image.Height, right = random.Between(-1, 1) * Width * image.Width;
        map.Shift(down, right);
    }
}
