using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;

namespace MLNetDeep.Imbalance.Core;

/// <summary>The classes of rows, and their features where a method looks at them.</summary>
internal sealed class LabelledRows
{
    private readonly FeatureMatrix? _features;

    private LabelledRows(IReadOnlyList<string> names, int[] labels, FeatureMatrix? features)
    {
        ClassNames = names;
        Labels = labels;
        _features = features;
        Of = [.. names.Select((_, c) => Enumerable.Range(0, labels.Length).Where(i => labels[i] == c).ToArray())];
        Counts = [.. Of.Select(o => o.Length)];
        Missing = labels.Count(l => l < 0);
    }

    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The class of each row; -1 where it is missing.</summary>
    public int[] Labels { get; }

    /// <summary>The rows of each class, rising.</summary>
    public int[][] Of { get; }

    /// <summary>Rows of each class.</summary>
    public int[] Counts { get; }

    /// <summary>Rows without a class.</summary>
    public int Missing { get; }

    /// <summary>The rows that have a class, rising.</summary>
    public int[] All => [.. Enumerable.Range(0, Labels.Length).Where(i => Labels[i] >= 0)];

    public FeatureMatrix Features => _features ?? throw new InvalidOperationException("The features were not read.");

    /// <summary>The task that a label column is for.</summary>
    /// <exception cref="ArgumentException">The column's type is no class.</exception>
    public static PredictionTask TaskOf(DataViewSchema.Column label) => label.Type is BooleanDataViewType ? BinaryTask.Of(label)
        : label.Type is KeyDataViewType ? MulticlassTask.Of(label)
        : throw WrongLabel(label.Name, label.Type.ToString()!);

    public static LabelledRows Read(IDataView data, string labelColumn, string? featureColumn, string method, CancellationToken cancellation)
    {
        DataViewSchema.Column label = ColumnRef.Find(data.Schema, labelColumn, "label");
        PredictionTask task = TaskOf(label);
        DataViewSchema.Column? features = featureColumn is null ? null : ColumnRef.Find(data.Schema, featureColumn, "feature");
        if (features is { } given && (given.Type is not VectorDataViewType { IsKnownSize: true } vector || vector.ItemType != NumberDataViewType.Single))
            throw WrongFeatures(given.Name, given.Type.ToString()!, method);

        List<int> labels = [];
        FeatureMatrix.Builder? builder = features is { } f ? new(((VectorDataViewType)f.Type).Size) : null;
        using (DataViewRowCursor cursor = data.GetRowCursor(features is { } also ? [label, also] : [label]))
        {
            LabelReader reader = task.BindLabel(cursor, label);
            ValueGetter<VBuffer<float>>? getter = features is { } column ? cursor.GetGetter<VBuffer<float>>(column) : null;
            VBuffer<float> row = default;
            while (cursor.MoveNext())
            {
                cancellation.ThrowIfCancellationRequested();
                labels.Add(reader(null, 0, 0));
                if (getter is null)
                    continue;
                getter(ref row);
                if (builder!.Add(row) is { } slot)
                {
                    throw new InvalidOperationException(FormattableString.Invariant(
                        $"The feature column '{featureColumn}', slot {slot}, is {row.GetItemOrDefault(slot)} in data row {labels.Count}; {method} measures distances, and there is none to that. Replace missing values first, for instance with ReplaceMissingValues, or leave such rows out with FilterRowsByMissingValues."));
                }
            }
        }

        LabelledRows rows = new(task.ClassNames, [.. labels], builder?.Build());
        int present = rows.Counts.Count(c => c > 0);
        if (present == 0)
            throw new ArgumentException(labels.Count == 0 ? $"There are no rows to sample from: the data is empty." : $"There are no rows to sample from: the label column '{labelColumn}' is missing in all {labels.Count} rows.");
        if (present == 1)
            throw new ArgumentException($"The label column '{labelColumn}' has one class only ('{rows.ClassNames[Array.FindIndex(rows.Counts, c => c > 0)]}', {labels.Count} rows); there is nothing to balance. Check how the data was filtered or split.");
        return rows;
    }

    public static void Check(SchemaShape schema, string labelColumn, string? featureColumn, string method)
    {
        SchemaShape.Column label = ColumnRef.Find(schema, labelColumn, "label");
        if (label.Kind != SchemaShape.Column.VectorKind.Scalar || !label.IsKey && label.ItemType is not BooleanDataViewType)
            throw WrongLabel(label.Name, label.ItemType.ToString()!);
        if (featureColumn is null)
            return;
        SchemaShape.Column features = ColumnRef.Find(schema, featureColumn, "feature");
        if (features.Kind != SchemaShape.Column.VectorKind.Vector || features.IsKey || features.ItemType != NumberDataViewType.Single)
            throw WrongFeatures(features.Name, $"{features.Kind} of {(features.IsKey ? "Key" : features.ItemType)}", method);
    }

    private static ArgumentException WrongLabel(string name, string type) =>
        new($"The label column '{name}' has type {type}; sampling needs classes: a Boolean, or a key. Make a key with Conversion.MapValueToKey(\"{name}\").");

    private static ArgumentException WrongFeatures(string name, string type, string method) => new(
        $"The feature column '{name}' has type {type}; {method} measures distances and needs a vector of Single of known size. " +
        "Turn keys and texts into numbers with Categorical.OneHotEncoding or FeaturizeText and join them with Concatenate; or use SmoteNc, which takes them as categories in columns of their own.");
}
