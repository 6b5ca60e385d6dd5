using MLNetDeep.Layers;
using MLNetDeep.Training;

namespace MLNetDeep.Explanations;

/// <summary>The filters that a two-dimensional convolution has learned.</summary>
public sealed class ConvolutionFilters
{
    private readonly float[] _kernel;

    private ConvolutionFilters(string layerName, int height, int width, int channels, float[] kernel)
    {
        LayerName = layerName;
        Height = height;
        Width = width;
        Channels = channels;
        Count = kernel.Length / (height * width * channels);
        _kernel = kernel;
    }

    /// <summary>The layer's name.</summary>
    public string LayerName { get; }

    /// <summary>Height of each filter.</summary>
    public int Height { get; }

    /// <summary>Width of each filter.</summary>
    public int Width { get; }

    /// <summary>Channels of each filter: those of the picture, in the first layer.</summary>
    public int Channels { get; }

    /// <summary>Number of filters.</summary>
    public int Count { get; }

    /// <summary>The weights of a filter: row by row, the channels of each cell together.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public float[] Filter(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        float[] filter = new float[Height * Width * Channels];
        for (int i = 0; i < filter.Length; i++)
            filter[i] = _kernel[i * Count + index];
        return filter;
    }

    internal static ConvolutionFilters Of(TrainedNetwork model, string? layerName)
    {
        Layer[] convolutions = [.. model.Network.WithLayerNames().Points.Select(p => p.Layer).Where(l => l is Conv2D).Distinct()];
        string names = convolutions.Length == 0 ? "none" : string.Join(", ", convolutions.Select(l => l.Name));
        Conv2D layer = (Conv2D?)(layerName is null ? convolutions.FirstOrDefault() : convolutions.FirstOrDefault(l => l.Name == layerName))
            ?? throw new ArgumentException(layerName is null
                ? "The network has no two-dimensional convolution, and so no filters to look at."
                : $"The network has no two-dimensional convolution called '{layerName}'. It has: {names}.", nameof(layerName));
        float[] kernel = model.Weights[$"{layer.Name}/kernel"];
        return new(layer.Name!, layer.KernelSize.Height, layer.KernelSize.Width, kernel.Length / (layer.KernelSize.Height * layer.KernelSize.Width * layer.Filters), kernel);
    }
}
