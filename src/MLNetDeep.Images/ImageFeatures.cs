using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetDeep.Images.Codec;
using MLNetDeep.Rows;

namespace MLNetDeep.Images;

/// <summary>Makes columns of images the features of networks. MLNetDeep finds it by its name.</summary>
internal sealed class ImageFeatures : FeatureAdapterKind
{
    /// <inheritdoc/>
    public override FeatureAdapter Create(string name, DataViewType type, IReadOnlyList<int>? inputShape, bool resize)
    {
        ImageDataViewType images = (ImageDataViewType)type;
        if (inputShape is not (null or [_, _, 1 or 3 or 4]))
        {
            throw new ArgumentException(
                $"The feature column '{name}' has images, but the network's input has the shape ({string.Join(", ", inputShape)}); for images it is height, width and channels " +
                "(1 grey, 3 red, green and blue, 4 these and alpha), for instance Network.Input(32, 32, 3).");
        }

        if (inputShape is null && images.Height == 0)
        {
            throw new ArgumentException(
                $"Neither the network nor the feature column '{name}' says how large images are: give the input its height, width and channels, for instance Network.Input(32, 32, 3), " +
                "or put ResizeImages before the trainer.");
        }

        ImageAdapter adapter = inputShape is null ? new(images.Height, images.Width, 3, resize) : new(inputShape[0], inputShape[1], inputShape[2], resize);
        adapter.Check(name, type);
        return adapter;
    }

    /// <inheritdoc/>
    public override FeatureAdapter Read(JsonElement json)
    {
        int height = json.GetProperty("height").GetInt32(), width = json.GetProperty("width").GetInt32(), channels = json.GetProperty("channels").GetInt32();
        if (height < 1 || width < 1 || (long)height * width > PngReader.MostPixels || channels is not (1 or 3 or 4))
            throw new InvalidDataException($"it takes images of {width}x{height} with {channels} channels, which there are not.");
        return new ImageAdapter(height, width, channels, json.GetProperty("resize").GetBoolean());
    }
}
