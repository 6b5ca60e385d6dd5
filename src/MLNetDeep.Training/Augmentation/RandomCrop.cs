using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>
/// Puts a border around pictures and cuts a piece of the original size out of the whole, at a random place (torchvision's
/// <c>RandomCrop</c> with padding; usual for CIFAR with 4 pixels, He et al. 2015). Pixels keep their values: the shift is by whole ones.
/// </summary>
/// <param name="Padding">Width of the border in pixels, filled as <see cref="ImageAugmentation.FillMode"/> says; at least 0.</param>
public sealed record RandomCrop(int Padding) : GeometricOperation
{
    internal override void Check(ImageShape image)
    {
        base.Check(image);
        Require(Padding >= 0 && Padding <= Math.Min(image.Height, image.Width), nameof(Padding), Padding, $"0 to {Math.Min(image.Height, image.Width)}, the image's shorter side");
    }

    internal override void Draw(ref RandomNumbers random, ImageShape image, ref AffineMap map)
    {
        int down = random.Next(2 * Padding + 1) - Padding, right = random.Next(2 * Padding + 1) - Padding;
        map.Shift(down, right);
    }
}
