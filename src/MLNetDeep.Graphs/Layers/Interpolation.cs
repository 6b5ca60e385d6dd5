namespace MLNetDeep.Layers;

/// <summary>Where the cells of a resized image come from.</summary>
public enum Interpolation
{
    /// <summary>The old cell that is nearest.</summary>
    Nearest,

    /// <summary>The four old cells around, the nearer the more; middles of cells as in TensorFlow 2 and in PyTorch without <c>align_corners</c>.</summary>
    Bilinear,
}
