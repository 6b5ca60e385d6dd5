namespace Microsoft.ML.Transforms.Image;

public sealed partial class ImageResizingEstimator
{
    /// <summary>Which side of an image is kept when it is cropped.</summary>
    public enum Anchor : byte
    {
        /// <summary>The right one.</summary>
        Right = 0,

        /// <summary>The left one.</summary>
        Left = 1,

        /// <summary>The top.</summary>
        Top = 2,

        /// <summary>The bottom.</summary>
        Bottom = 3,

        /// <summary>The middle.</summary>
        Center = 4,
    }
}
