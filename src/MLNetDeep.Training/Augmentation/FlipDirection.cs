namespace MLNetDeep.Training.Augmentation;

/// <summary>Which sides of a picture a flip exchanges.</summary>
public enum FlipDirection
{
    /// <summary>Left and right.</summary>
    Horizontal,

    /// <summary>Top and bottom.</summary>
    Vertical,

    /// <summary>Each of the two, independently of the other.</summary>
    HorizontalAndVertical,
}
