using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Explanations;
using MLNetDeep.Rows;
using MLNetDeep.Transformers;

namespace MLNetDeep.Images;

/// <summary>
/// What a trained convolutional network sees, as pictures to save as PNG files. Each method takes a whole model (the chain that was fitted or loaded, with what makes features of
/// images in it) and the rows that this model takes; pictures are shown as they reach the network. The same numbers as columns are <c>ml.Transforms.GradCam</c>,
/// <c>OcclusionMap</c> and <c>ActivationMaps</c>.
/// </summary>
/// <example>
/// <code>
/// model.FilterSheet().Save("filters.png");
/// model.GradCamSheet(ml, ml.Data.TakeRows(test, 12)).Save("seen.png");
/// </code>
/// </example>
public static class ExplanationSheets
{
    /// <summary>What the shorter side of a picture on a sheet should at least have.</summary>
    private const int TileSide = 112;

    /// <summary>The filters that a convolution has learned, one beside another, each in its own range from black to white.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layerName">The convolution, as <c>Network.Summary()</c> shows it. Default null: the first, which sees the picture itself: filters of 3 channels are shown in colour. Of other numbers of channels each is shown as the mean of them.</param>
    /// <param name="columns">Filters in a row; 0 for about as many as there are rows.</param>
    /// <exception cref="ArgumentException">There is no neural network in the model, or no such convolution.</exception>
    public static ImageSheet FilterSheet(this ITransformer model, string? layerName = null, int columns = 0)
    {
        ConvolutionFilters filters = model.GetFilters(layerName);
        ImageSheet sheet = new(columns, padding: 4, scale: Math.Max(56 / Math.Min(filters.Height, filters.Width), 1), background: 64);
        for (int i = 0; i < filters.Count; i++)
        {
            float[] filter = filters.Filter(i);
            sheet.Add(filters.Channels is 1 or 3
                ? PngImage.FromFloats(filter, filters.Width, filters.Height, filters.Channels, minimum: null, maximum: null)
                : PngImage.FromFloats(Means(filter, filters.Channels), filters.Width, filters.Height, minimum: null, maximum: null));
        }

        return sheet;
    }

    /// <summary>The maps of a layer for one picture, after the picture itself: one a channel, each in its own range.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ml">The context.</param>
    /// <param name="rows">Rows, of which the first is shown.</param>
    /// <param name="layerName">The layer. Default null: the last convolution, with the normalisation and activation behind it.</param>
    /// <param name="colorMap">The colours of maps.</param>
    /// <param name="columns">Pictures in a row; 0 for about as many as there are rows.</param>
    /// <exception cref="ArgumentException">There is no neural network in the model, no such layer, it has no maps, or there are no rows.</exception>
    public static ImageSheet ActivationSheet(this ITransformer model, MLContext ml, IDataView rows, string? layerName = null, ColorMap colorMap = ColorMap.Viridis, int columns = 0)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(rows);
        ImageExplanationTransformer maps = ml.Transforms.ActivationMaps(model, layerName).Fit(Prepare(model, rows, out ModelParts parts));
        if (maps.Explanation.Dimensions is not [var height, var width, var channels])
            throw new ArgumentException($"The layer '{maps.LayerName}' gives ({string.Join(", ", maps.Explanation.Dimensions)}), expected maps: height, width and channels.", nameof(layerName));
        ImageSheet sheet = new(columns, padding: 4, background: 64);
        int side = Math.Max(TileSide / 2 / Math.Min(height, width), 1);
        foreach (Shown shown in Read(Prepare(model, rows, out _), parts, maps, 1, null))
        {
            sheet.Add(shown.Picture.Enlarge(Math.Max(TileSide / 2 / Math.Min(shown.Picture.Height, shown.Picture.Width), 1)));
            for (int channel = 0; channel < channels; channel++)
            {
                float[] map = [.. Enumerable.Range(0, height * width).Select(i => shown.Values[i * channels + channel])];
                sheet.Add(PngImage.FromFloats(map, width, height, minimum: null, maximum: null, colorMap: colorMap).Enlarge(side));
            }
        }

        return sheet.Count > 0 ? sheet : throw new ArgumentException("There are no rows to show.", nameof(rows));
    }

    /// <summary>Pictures, and beside each where the network finds what speaks for a class: Grad-CAM (Selvaraju et al. 2017), laid over the picture.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ml">The context.</param>
    /// <param name="rows">The rows, with the columns that the model takes.</param>
    /// <param name="layerName">The layer whose maps are looked at. Default null: the last convolution, with the normalisation and activation behind it.</param>
    /// <param name="className">The class that is looked for. Default null: the predicted one of each row.</param>
    /// <param name="labelColumnName">Name of a column (text or key) of what is shown; where it is in the data and the prediction is another, the caption says so.</param>
    /// <param name="mostRows">Rows that are shown at most.</param>
    /// <param name="columns">Pairs of pictures in a row; 0 for about as many as there are rows.</param>
    /// <param name="colorMap">The colours of maps.</param>
    /// <exception cref="ArgumentException">There is no neural network in the model, no such layer or class, the network takes no images, or there are no rows.</exception>
    public static ImageSheet GradCamSheet(
        this ITransformer model,
        MLContext ml,
        IDataView rows,
        string? layerName = null,
        string? className = null,
        string? labelColumnName = "Label",
        int mostRows = 16,
        int columns = 0,
        ColorMap colorMap = ColorMap.Jet)
    {
        ArgumentNullException.ThrowIfNull(ml);
        return Overlays(ml.Transforms.GradCam(model, layerName: layerName, className: className), model, rows, labelColumnName, mostRows, columns, colorMap);
    }

    /// <summary>Pictures, and beside each how much a class's probability falls where a patch hides the picture (Zeiler and Fergus 2014), laid over it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ml">The context.</param>
    /// <param name="rows">The rows, with the columns that the model takes.</param>
    /// <param name="patchSize">Side of the patch in pixels. Default null: a quarter of the picture's shorter side.</param>
    /// <param name="stride">Pixels that it is moved by; at most its size. Default null: half its size.</param>
    /// <param name="fill">The value of its pixels, as the network sees them. Default null: the mean of each channel over the picture.</param>
    /// <param name="className">The class that is looked for. Default null: the predicted one of each row.</param>
    /// <param name="labelColumnName">Name of a column (text or key) of what is shown; where it is in the data and the prediction is another, the caption says so.</param>
    /// <param name="mostRows">Rows that are shown at most.</param>
    /// <param name="columns">Pairs of pictures in a row; 0 for about as many as there are rows.</param>
    /// <param name="colorMap">The colours of maps.</param>
    /// <exception cref="ArgumentException">There is no neural network in the model, no such class, the patch does not fit, the network takes no images, or there are no rows.</exception>
    public static ImageSheet OcclusionSheet(
        this ITransformer model,
        MLContext ml,
        IDataView rows,
        int? patchSize = null,
        int? stride = null,
        float? fill = null,
        string? className = null,
        string? labelColumnName = "Label",
        int mostRows = 16,
        int columns = 0,
        ColorMap colorMap = ColorMap.Jet)
    {
        ArgumentNullException.ThrowIfNull(ml);
        return Overlays(ml.Transforms.OcclusionMap(model, patchSize: patchSize, stride: stride, fill: fill, className: className), model, rows, labelColumnName, mostRows, columns, colorMap);
    }

    private static ImageSheet Overlays(
        IEstimator<ImageExplanationTransformer> estimator, ITransformer model, IDataView rows, string? label, int mostRows, int columns, ColorMap colorMap)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRows, 1);
        IDataView data = Prepare(model, rows, out ModelParts parts);
        ImageExplanationTransformer explanation = estimator.Fit(data);
        ImageSheet sheet = new(columns, padding: 6);
        foreach (Shown shown in Read(data, parts, explanation, mostRows, label))
        {
            int scale = Math.Max(TileSide / Math.Min(shown.Picture.Height, shown.Picture.Width), 1);
            PngImage picture = shown.Picture.Enlarge(scale);
            float[] map = new float[picture.Width * picture.Height];
            HeatMap.Resize(shown.Values, shown.Picture.Height, shown.Picture.Width, map, picture.Height, picture.Width);
            sheet.Add(Beside(picture, picture.Blend(PngImage.FromFloats(map, picture.Width, picture.Height, colorMap: colorMap), 0.45f)), shown.Caption);
        }

        return sheet.Count > 0 ? sheet : throw new ArgumentException("There are no rows to show.", nameof(rows));
    }

    // The data as it reaches the network.
    private static IDataView Prepare(ITransformer model, IDataView rows, out ModelParts parts)
    {
        parts = ModelParts.Of(model);
        return parts.Before.Aggregate(rows, (data, part) => part.Transform(data));
    }

    private static IEnumerable<Shown> Read(IDataView data, ModelParts parts, ImageExplanationTransformer explanation, int mostRows, string? label)
    {
        IDataView seen = explanation.Transform(parts.Network.Transform(data));
        LayerGraph graph = new(parts.Network.Model);
        int image = graph.ImageInput;
        (int height, int width, int channels) = (graph.Inputs[image].Shape[1], graph.Inputs[image].Shape[2], graph.Inputs[image].Shape[3]);
        FeatureColumn pixels = parts.Network.Features[image].In(seen.Schema);
        using DataViewRowCursor cursor = seen.GetRowCursor(seen.Schema);
        FeatureColumn.Reader<float> reader = pixels.BindFloats(cursor, seen.Schema[pixels.Name]);
        ValueGetter<VBuffer<float>> map = cursor.GetGetter<VBuffer<float>>(seen.Schema[explanation.OutputColumnName]);
        Func<string?> caption = Captions(cursor, parts.Network, label);
        float[] picture = new float[height * width * channels];
        VBuffer<float> values = default;
        for (int i = 0; i < mostRows && cursor.MoveNext(); i++)
        {
            reader(picture);
            map(ref values);
            yield return new(Show(picture, width, height, channels), [.. values.DenseValues()], caption());
        }
    }

    // The prediction, and what it should have been.
    private static Func<string?> Captions(DataViewRow row, NeuralNetworkTransformer network, string? label)
    {
        IReadOnlyList<string> classes = network.Task.ClassNames;
        Func<string?>? truth = label is null ? null : Text(row, label);
        if (classes.Count == 0)
        {
            ValueGetter<float>? number = row.Schema["Score"].Type == NumberDataViewType.Single ? row.GetGetter<float>(row.Schema["Score"]) : null;
            float value = 0;
            return () =>
            {
                number?.Invoke(ref value);
                return number is null ? null : value.ToString("G4", CultureInfo.InvariantCulture);
            };
        }

        ValueGetter<VBuffer<float>>? scores = row.Schema["Score"].Type is VectorDataViewType ? row.GetGetter<VBuffer<float>>(row.Schema["Score"]) : null;
        ValueGetter<float>? probability = scores is null ? row.GetGetter<float>(row.Schema["Probability"]) : null;
        VBuffer<float> all = default;
        float yes = 0;
        return () =>
        {
            float[] shares;
            if (scores is not null)
            {
                scores(ref all);
                shares = [.. all.DenseValues()];
            }
            else
            {
                probability!(ref yes);
                shares = [1 - yes, yes];
            }

            int best = Array.IndexOf(shares, shares.Max());
            string predicted = best < 0 ? "?" : classes[best];
            string? right = truth?.Invoke();
            return string.Create(CultureInfo.InvariantCulture, $"{predicted} {100 * shares.Max():F0}%{(string.IsNullOrEmpty(right) || right == predicted ? "" : $", is {right}")}");
        };
    }

    private static Func<string?>? Text(DataViewRow row, string name)
    {
        if (row.Schema.GetColumnOrNull(name) is not { } column)
            return null;
        if (column.Type is TextDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> text = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> value = default;
            return () =>
            {
                text(ref value);
                return value.ToString();
            };
        }

        if (column.Type is BooleanDataViewType)
        {
            ValueGetter<bool> flag = row.GetGetter<bool>(column);
            bool value = false;
            return () =>
            {
                flag(ref value);
                return value.ToString();
            };
        }

        if (column.Type is KeyDataViewType { RawType: var raw } && raw == typeof(uint) && KeyNames.Of(column) is { } names)
        {
            ValueGetter<uint> key = row.GetGetter<uint>(column);
            uint value = 0;
            return () =>
            {
                key(ref value);
                return value == 0 || value > names.Count ? null : names.Names[(int)value - 1];
            };
        }

        return null;
    }

    // Pixels are mostly from 0 to 1 or from 0 to 255; others are shown in their own range.
    private static PngImage Show(float[] picture, int width, int height, int channels)
    {
        float low = picture.Min(), high = picture.Max();
        (float? minimum, float? maximum) = low < 0 || high > byte.MaxValue ? ((float?)null, (float?)null) : (0f, high > 1 ? byte.MaxValue : 1f);
        return channels is 1 or 3 or 4
            ? PngImage.FromFloats(picture, width, height, channels, minimum, maximum)
            : PngImage.FromFloats(Means(picture, channels), width, height, minimum: minimum, maximum: maximum);
    }

    private static float[] Means(float[] values, int channels) =>
        [.. Enumerable.Range(0, values.Length / channels).Select(i => values.AsSpan(i * channels, channels).ToArray().Average())];

    private static PngImage Beside(PngImage left, PngImage right)
    {
        ImageSheet pair = new(columns: 2, padding: 0);
        pair.Add(left);
        pair.Add(right);
        return pair.ToImage();
    }

    private sealed record Shown(PngImage Picture, float[] Values, string? Caption);
}
