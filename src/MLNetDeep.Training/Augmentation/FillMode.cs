namespace MLNetDeep.Training.Augmentation;

/// <summary>What is seen where a moved picture leaves the frame empty. The names are Keras's.</summary>
public enum FillMode
{
    /// <summary>The picture mirrored at its edge, the outermost pixel twice: <c>c b a | a b c d | d c b</c>.</summary>
    Reflect,

    /// <summary>The outermost pixel again and again: <c>a a a | a b c d | d d d</c>.</summary>
    Nearest,

    /// <summary>One value everywhere, <see cref="ImageAugmentation.FillValue"/>: <c>k k k | a b c d | k k k</c>.</summary>
    Constant,
}
