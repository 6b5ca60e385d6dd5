using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>An operation that moves pixels. All of those in a list become one resampling of the picture, so that it is blurred once at most.</summary>
public abstract record GeometricOperation : ImageOperation
{
    private protected GeometricOperation()
    {
    }

    /// <summary>Whether <see cref="Draw"/> heeds the probability.</summary>
    internal virtual bool DrawsItself => false;

    /// <summary>Draws a movement and puts it after those in <paramref name="map"/>.</summary>
    internal abstract void Draw(ref RandomNumbers random, ImageShape image, ref AffineMap map);
}
