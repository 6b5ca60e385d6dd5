using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace MLNetDeep.Images.Tests.Support;

/// <summary>An image by its path.</summary>
public class PathRow
{
    public string ImagePath { get; set; } = "";

    /// <summary>Not known; the transform of the training rows' labels asks for it.</summary>
    public string Label { get; set; } = "";
}

/// <summary>An image in memory.</summary>
public class ImageRow
{
    [ImageType]
    public MLImage? Image { get; set; }

    public bool Label { get; set; }
}

/// <summary>What a multiclass model says.</summary>
public class Prediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
