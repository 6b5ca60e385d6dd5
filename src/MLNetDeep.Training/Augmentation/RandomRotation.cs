using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>Turns pictures about their middle, either way.</summary>
/// <param name="Degrees">The largest angle, drawn evenly up to there; 0 to 180. Default 10.</param>
public sealed record RandomRotation(float Degrees = 10) : GeometricOperation
{
    internal override void Check(ImageShape image)
    {
        base.Check(image);
        Require(Degrees is >= 0 and <= 180, nameof(Degrees), Degrees, "0 to 180");
    }

    internal override void Draw(ref RandomNumbers random, ImageShape image, ref AffineMap map) => map.Rotate(random.Between(-1, 1) * Degrees);
}
