using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>Turns pictures left to right, or upside down. Not for what has a right way round, such as digits.</summary>
public sealed record RandomFlip : GeometricOperation
{
    /// <summary>A flip of half of the pictures; see <see cref="ImageOperation.Probability"/>.</summary>
    /// <param name="direction">Which sides change places. Default left and right.</param>
    public RandomFlip(FlipDirection direction = FlipDirection.Horizontal)
    {
        Direction = direction;
        Probability = 0.5f;
    }

    /// <summary>Which sides change places; where both may, each does with <see cref="ImageOperation.Probability"/>.</summary>
    public FlipDirection Direction { get; init; }

    // Drawn here for each direction.
    internal override bool DrawsItself => true;

    internal override void Check(ImageShape image)
    {
        base.Check(image);
        Require(Enum.IsDefined(Direction), nameof(Direction), Direction, "a member of FlipDirection");
    }

    internal override void Draw(ref RandomNumbers random, ImageShape image, ref AffineMap map)
    {
        bool horizontal = Direction != FlipDirection.Vertical && random.Chance(Probability);
        bool vertical = Direction != FlipDirection.Horizontal && random.Chance(Probability);
        map.Flip(vertical, horizontal);
    }
}
