using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The rows that a linear trainer learns from, in memory.</summary>
internal sealed class LinearRows(int size)
{
    private readonly List<VBuffer<float>> _features = [];

    /// <summary>How many features there are.</summary>
    public int Size => size;

    public int Count => _features.Count;

    /// <summary>Rows that lack a feature, a label or a weight.</summary>
    public int Skipped { get; private set; }

    /// <summary>1 or 0, or the index of a class.</summary>
    public List<double> Labels { get; } = [];

    public List<double> Weights { get; } = [];

    public double WeightSum { get; private set; }

    public static LinearRows Read(IDataView data, string features, string label, string? weight)
    {
        var featureColumn = data.Schema.Find(features);
        var labelColumn = data.Schema.Find(label);
        DataViewSchema.Column? weightColumn = weight is null ? null : data.Schema.Find(weight);
        var rows = new LinearRows(((VectorDataViewType)featureColumn.Type).Size);
        using var cursor = data.GetRowCursor(new[] { featureColumn, labelColumn, weightColumn }.OfType<DataViewSchema.Column>());
        var getFeatures = cursor.GetGetter<VBuffer<float>>(featureColumn);
        var readLabel = EvaluationColumns.LabelReader(cursor, labelColumn);
        var readWeight = weightColumn is { } column ? EvaluationColumns.NumberReader<float>(cursor, column) : () => 1;
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            getFeatures(ref buffer);
            var (y, w) = (readLabel(), readWeight());
            if (!double.IsFinite(y) || !double.IsFinite(w) || !AreFinite(buffer))
            {
                rows.Skipped++;
                continue;
            }
            VBuffer<float> copy = default;
            buffer.CopyTo(ref copy);
            rows._features.Add(copy);
            rows.Labels.Add(y);
            rows.Weights.Add(w);
            rows.WeightSum += w;
        }
        return rows;
    }

    /// <summary>The sum of a row's features times the parameters from an offset on.</summary>
    public double Dot(int row, double[] parameters, int offset)
    {
        double sum = 0;
        foreach (var item in _features[row].Items())
            sum += item.Value * parameters[offset + item.Key];
        return sum;
    }

    /// <summary>Adds a multiple of a row's features.</summary>
    public void Add(int row, double factor, double[] target, int offset)
    {
        foreach (var item in _features[row].Items())
            target[offset + item.Key] += factor * item.Value;
    }

    private static bool AreFinite(in VBuffer<float> values)
    {
        foreach (var value in values.GetValues())
            if (!float.IsFinite(value))
                return false;
        return true;
    }
}
