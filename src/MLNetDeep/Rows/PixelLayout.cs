using System.Text.Json;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;

namespace MLNetDeep.Rows;

/// <summary>How a vector holds the pixels of an image. Networks take them as height, width and channels; <c>ExtractPixels</c> also gives them plane by plane.</summary>
internal sealed class PixelLayout
{
    private PixelLayout(int[] shape, bool planar, bool isTyped)
    {
        Shape = shape;
        Planes = planar ? shape[2] : 1;
        IsTyped = isTyped;
    }

    /// <summary>Height, width, channels.</summary>
    public int[] Shape { get; }

    /// <summary>Planes that lie one after another; 1 where the channels of each pixel lie together.</summary>
    public int Planes { get; }

    /// <summary>Whether the vector's type has the dimensions.</summary>
    public bool IsTyped { get; }

    /// <summary>The dimensions as they lie in the vector.</summary>
    public int[] Dimensions => Planes > 1 ? [Shape[2], Shape[0], Shape[1]] : Shape;

    /// <summary>The layout of a column for an input.</summary>
    /// <param name="name">The column.</param>
    /// <param name="type">Its type.</param>
    /// <param name="input">The dimensions that the input has been given; null where they come from the data.</param>
    /// <param name="format">What the user says; null for what the type says.</param>
    /// <returns>Null where it is a vector like any other.</returns>
    /// <exception cref="ArgumentException">What the user says does not fit.</exception>
    public static PixelLayout? Find(string name, DataViewType type, IReadOnlyList<int>? input, DataFormat? format)
    {
        int[]? dims = DimensionsOf(type);
        int[]? wanted = input is [_, _, _] ? [.. input] : null;
        bool first = format is { } given ? given == DataFormat.ChannelsFirst
            : dims is not null && (wanted is null ? IsChannels(dims[0]) && !IsChannels(dims[2]) : !dims.SequenceEqual(wanted) && Last(dims).SequenceEqual(wanted));
        if (dims is not null)
        {
            int[] shape = first ? Last(dims) : dims;
            if (wanted is null ? input is null && IsChannels(shape[2]) : shape.SequenceEqual(wanted))
                return new(shape, first, isTyped: true);
            if (first)
            {
                throw new ArgumentException(
                    $"The feature column '{name}' has type {type}, which with DataFormat.ChannelsFirst is {shape[0]} high and {shape[1]} wide with {shape[2]} channels; the network takes {(input is null ? "1, 3 or 4 channels" : $"({string.Join(", ", input)})")}.");
            }

            return null;
        }

        if (!first)
            return null;
        int size = type is VectorDataViewType vector ? vector.Size : 1;
        if (wanted is null || wanted.Aggregate(1L, (a, b) => a * b) != size)
        {
            throw new ArgumentException(
                $"The feature column '{name}' has type {type}; with DataFormat.ChannelsFirst the network's input must say how large images are, {size} numbers in all: give it height, width and channels, for instance Network.Input(32, 32, 3).");
        }

        return new(wanted, planar: true, isTyped: false);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that.</exception>
    public static PixelLayout Read(JsonElement json, int size)
    {
        int[] shape = [.. json.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())];
        if (shape.Length != 3 || shape.Any(d => d < 1) || shape.Aggregate(1L, (a, b) => Math.Min(a * b, int.MaxValue)) != size)
            throw new InvalidDataException($"pixels of ({string.Join(", ", shape)}) are not {size} numbers.");
        return new(shape, json.GetProperty("planar").GetBoolean(), json.GetProperty("typed").GetBoolean());
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("shape");
        foreach (int dim in Shape)
            json.WriteNumberValue(dim);
        json.WriteEndArray();
        json.WriteBoolean("planar", Planes > 1);
        json.WriteBoolean("typed", IsTyped);
        json.WriteEndObject();
    }

    /// <summary>Checks that a column of other data does not say that it lies otherwise.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public void Check(string name, DataViewType type)
    {
        if (DimensionsOf(type) is { } dims && !dims.SequenceEqual(Dimensions))
        {
            throw new ArgumentException(
                $"The feature column '{name}' has type {type}, but the model was trained on pixels of ({string.Join(", ", Dimensions)}). Let ExtractPixels have the same interleavePixelColors, and images the same size, as in training.");
        }
    }

    /// <summary>Puts planes into the order that networks take.</summary>
    public void Interleave(in VBuffer<float> planar, Span<float> target)
    {
        int pixels = target.Length / Planes;
        if (!planar.IsDense)
        {
            target.Clear();
            foreach (KeyValuePair<int, float> item in planar.Items())
                target[item.Key % pixels * Planes + item.Key / pixels] = item.Value;
            return;
        }

        ReadOnlySpan<float> values = planar.GetValues();
        for (int plane = 0, from = 0; plane < Planes; plane++)
        {
            for (int to = plane; to < target.Length; to += Planes)
                target[to] = values[from++];
        }
    }

    private static int[]? DimensionsOf(DataViewType type) =>
        type is VectorDataViewType { Dimensions: { Length: 3 } dims } && dims.All(d => d > 0) ? [.. dims] : null;

    private static int[] Last(int[] dims) => [dims[1], dims[2], dims[0]];

    private static bool IsChannels(int dim) => dim is 1 or 3 or 4;
}
