using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>Makes pictures larger or smaller about their middle.</summary>
/// <param name="Factor">They are scaled by 1 - Factor to 1 + Factor, drawn evenly; 0 to 0.9. Default 0.1.</param>
/// <param name="WidthFactor">The same for the width alone, drawn on its own. Default null: as the height, which keeps the proportions.</param>
public sealed record RandomZoom(float Factor = 0.1f, float? WidthFactor = null) : GeometricOperation
{
    internal override void Check(ImageShape image)
    {
        base.Check(image);
        Require(Factor is >= 0 and <= 0.9f, nameof(Factor), Factor, "0 to 0.9");
        Require(WidthFactor is null or (>= 0 and <= 0.9f), nameof(WidthFactor), WidthFactor ?? 0, "0 to 0.9");
    }

    internal override void Draw(ref RandomNumbers random, ImageShape image, ref AffineMap map)
    {
        double height = 1 + random.Between(-1, 1) * Factor;
        double width = WidthFactor is { } factor ? 1 + random.Between(-1, 1) * factor : height;
        map.Zoom(height, width);
    }
}
