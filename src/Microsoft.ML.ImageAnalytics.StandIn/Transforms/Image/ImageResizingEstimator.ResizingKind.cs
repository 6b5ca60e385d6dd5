namespace Microsoft.ML.Transforms.Image;

public sealed partial class ImageResizingEstimator
{
    /// <summary>What is done with images of other proportions.</summary>
    public enum ResizingKind : byte
    {
        /// <summary>Keeps the proportions; what is left over is padded.</summary>
        IsoPad = 0,

        /// <summary>Keeps the proportions; what is too much is cut off.</summary>
        IsoCrop = 1,

        /// <summary>Stretches or squeezes.</summary>
        Fill = 2,
    }
}
