using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>The type of columns of pictures.</summary>
public sealed class ImageDataViewType : StructuredDataViewType
{
    /// <summary>Rows of every picture; 0 if they differ or are not known.</summary>
    public readonly int Height;

    /// <summary>Pixels in a row of every picture; 0 if they differ or are not known.</summary>
    public readonly int Width;

    /// <summary>Pictures of one size.</summary>
    public ImageDataViewType(int height, int width)
        : base(typeof(MLImage))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if ((long)height * width > int.MaxValue / 4)
            throw new ArgumentOutOfRangeException(nameof(height), $"An image of {width}x{height} is too large.");
        Height = height;
        Width = width;
    }

    /// <summary>Pictures of any size.</summary>
    public ImageDataViewType()
        : base(typeof(MLImage))
    {
    }

    /// <summary>Whether the other is the type of pictures of the same size.</summary>
    public override bool Equals(DataViewType? other) => other is ImageDataViewType image && image.Height == Height && image.Width == Width;

    /// <summary>Whether the other is the type of pictures of the same size.</summary>
    public override bool Equals(object? other) => other is DataViewType type && Equals(type);

    /// <summary>Equal for equal sizes.</summary>
    public override int GetHashCode() => HashCode.Combine(Height, Width);

    /// <summary>The type with its size.</summary>
    public override string ToString() => Height == 0 ? "Image" : $"Image<{Height}, {Width}>";
}
