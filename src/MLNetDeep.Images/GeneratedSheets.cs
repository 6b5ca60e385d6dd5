using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.Images;

/// <summary>Sheets of pictures that a generator makes.</summary>
/// <example>
/// <code>
/// GanTrainer.Options options = new() { Generator = generator, Discriminator = discriminator, OnSamples = GeneratedSheets.SaveTo("sheets"), SampleEveryEpochs = 5 };
/// GeneratedSheets.Of(model.Interpolate(paths: 8, steps: 10), "Pixels", 28, 28, columns: 10).Save("between.png");
/// </code>
/// </example>
public static class GeneratedSheets
{
    /// <summary>Saves the samples of an epoch as <c>epoch-0005.png</c>; the least of their numbers is black and the most is white.</summary>
    /// <param name="folder">Where to; it is made if need be.</param>
    /// <param name="columns">Pictures in a row of the sheet; 0 for about as many as there are rows.</param>
    /// <param name="scale">How many times larger each picture is shown.</param>
    /// <returns>For <c>OnSamples</c>. It throws an <see cref="ArgumentException"/> for samples that are no pictures: height, width and 1 to 4 channels.</returns>
    public static Action<GeneratedSamples> SaveTo(string folder, int columns = 0, int scale = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return samples =>
        {
            if (samples.RowShape is not [var height, var width, >= 1 and <= 4])
                throw new ArgumentException($"Samples of shape ({string.Join(", ", samples.RowShape)}) are no pictures: expected height, width and 1 to 4 channels.");
            float[] rows = [.. samples.Rows];
            int size = rows.Length / samples.Count;
            Directory.CreateDirectory(folder);
            Sheet(Enumerable.Range(0, samples.Count).Select(i => rows[(i * size)..((i + 1) * size)]), height, width, samples.RowShape[2], rows.Min(), rows.Max(), columns, scale)
                .Save(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{samples.Epoch:D4}.png")));
        };
    }

    /// <summary>The pictures of a column; the least of their numbers is black and the most is white.</summary>
    /// <param name="data">Rows, such as generated ones; all of them are read.</param>
    /// <param name="columnName">The column of pixels, channels beside one another.</param>
    /// <param name="height">Height of a picture.</param>
    /// <param name="width">Width of a picture.</param>
    /// <param name="columns">Pictures in a row of the sheet, such as the steps of an interpolation; 0 for about as many as there are rows.</param>
    /// <param name="scale">How many times larger each picture is shown.</param>
    /// <exception cref="ArgumentException">The column's vectors are not pictures of that size, or there are none.</exception>
    public static ImageSheet Of(IDataView data, string columnName, int height, int width, int columns = 0, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(columnName);
        float[][] rows = [.. data.GetColumn<float[]>(columnName)];
        if (rows.Length == 0 || height < 1 || width < 1 || rows[0].Length % (height * width) != 0 || rows[0].Length / (height * width) is < 1 or > 4)
            throw new ArgumentException($"Column '{columnName}' has {rows.Length} row(s){(rows.Length == 0 ? "" : $" of {rows[0].Length} numbers")}, expected pictures of {height} x {width} cells with 1 to 4 channels.");
        return Sheet(rows, height, width, rows[0].Length / (height * width), rows.Min(r => r.Min()), rows.Max(r => r.Max()), columns, scale);
    }

    private static ImageSheet Sheet(IEnumerable<float[]> pictures, int height, int width, int channels, float least, float most, int columns, int scale)
    {
        ImageSheet sheet = new(columns, scale: scale);
        foreach (float[] picture in pictures)
            sheet.Add(PngImage.FromFloats(picture, width, height, channels, least, most > least ? most : least + 1));
        return sheet;
    }
}
