using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Says that a member holds pictures, and of which size.</summary>
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    private readonly int _height;
    private readonly int _width;

    /// <summary>Pictures of any size.</summary>
    public ImageTypeAttribute()
    {
    }

    /// <summary>Pictures of one size.</summary>
    public ImageTypeAttribute(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _height = height;
        _width = width;
    }

    /// <summary>Whether the other says the same size.</summary>
    public override bool Equals(DataViewTypeAttribute? other) => other is ImageTypeAttribute image && image._height == _height && image._width == _width;

    /// <summary>Equal for equal sizes.</summary>
    public override int GetHashCode() => HashCode.Combine(_height, _width);

    /// <summary>Makes the column type known.</summary>
    public override void Register()
        => DataViewTypeManager.Register(_height == 0 ? new ImageDataViewType() : new ImageDataViewType(_height, _width), typeof(MLImage), this);
}
