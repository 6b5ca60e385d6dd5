using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Graphs;
using MLNetDeep.Rows;

namespace MLNetDeep.Generation;

/// <summary>The columns that a model was trained on, so that it can make more rows of them: types, annotations, order, how often each class came and what values lie between.</summary>
/// <param name="Columns">Their names, and how features are read.</param>
/// <param name="Label">The type of the classes; null without.</param>
/// <param name="Names">What the classes are called; null where their column does not say.</param>
/// <param name="Counts">Training rows of each class.</param>
/// <param name="Range">From the column's numbers to the network's.</param>
/// <param name="SlotNames">What the features are called; null where their column does not say.</param>
/// <param name="IsNormalized">What the column says of that; null for nothing.</param>
/// <param name="IsLabelFirst">Whether the label stands before the features.</param>
internal sealed record TrainingColumns(GanColumns Columns, KeyDataViewType? Label, KeyNames? Names, long[] Counts, ValueRange Range, KeyNames? SlotNames, bool? IsNormalized, bool IsLabelFirst)
{
    private const string SlotNamesAnnotation = "SlotNames", NormalizedAnnotation = "IsNormalized";

    public FeatureColumn Features => Columns.Features;

    public static TrainingColumns Of(DataViewSchema schema, GanColumns columns, long[] counts, ValueRange range)
    {
        DataViewSchema.Column features = ColumnRef.Find(schema, columns.Features.Name, "feature");
        DataViewSchema.Column? label = columns.Label is { } name ? ColumnRef.Find(schema, name, "label") : null;
        bool? normalized = null;
        if (features.Annotations.Schema.GetColumnOrNull(NormalizedAnnotation)?.Type is BooleanDataViewType)
        {
            bool value = false;
            features.Annotations.GetValue(NormalizedAnnotation, ref value);
            normalized = value;
        }

        return new(
            columns,
            label?.Type as KeyDataViewType,
            label is { } key && KeyNames.Of(key) is { } names && names.Count == counts.Length ? names : null,
            counts,
            range,
            KeyNames.Of(features, SlotNamesAnnotation) is { } slots && slots.Count == columns.Features.Size ? slots : null,
            normalized,
            label is { } first && first.Index < features.Index);
    }

    /// <summary>The columns as they were.</summary>
    public DataViewSchema ToSchema()
    {
        DataViewSchema.Builder builder = new();
        if (IsLabelFirst)
            AddLabel();
        DataViewSchema.Annotations.Builder annotations = new();
        SlotNames?.AddTo(annotations, SlotNamesAnnotation);
        if (IsNormalized is { } normalized)
            annotations.Add(NormalizedAnnotation, BooleanDataViewType.Instance, (ref bool value) => value = normalized);
        builder.AddColumn(Features.Name, Features.Type, annotations.ToAnnotations());
        if (!IsLabelFirst)
            AddLabel();
        return builder.ToSchema();

        void AddLabel()
        {
            if (Label is null)
                return;
            DataViewSchema.Annotations.Builder keys = new();
            Names?.AddTo(keys, "KeyValues");
            builder.AddColumn(Columns.Label!, Label, keys.ToAnnotations());
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that.</exception>
    public static TrainingColumns Read(JsonElement json)
    {
        FeatureColumn features = FeatureColumn.Read(json.GetProperty("features"));
        string? name = json.TryGetProperty("label", out JsonElement given) ? given.GetString() : null;
        long[] counts = [.. json.GetProperty("counts").EnumerateArray().Select(c => c.GetInt64())];
        if (features.Type is not VectorDataViewType { ItemType: NumberDataViewType item } || item != NumberDataViewType.Single || features.DType != DType.Float32 || counts.Any(c => c is < 0 or > 1L << 48) || (name is null) != (counts.Length == 0))
            throw new InvalidDataException("the columns are not such as are generated.");
        if (features.Name is "" || name is "")
            throw new InvalidDataException("a column has no name.");
        KeyDataViewType? label = name is null ? null : new(json.GetProperty("keyBytes").GetInt32() switch
        {
            1 => typeof(byte),
            2 => typeof(ushort),
            4 => typeof(uint),
            8 => typeof(ulong),
            var bytes => throw new InvalidDataException($"keys have {bytes} bytes."),
        }, (ulong)counts.Length);
        KeyNames? names = json.TryGetProperty("names", out JsonElement texts) ? KeyNames.Read(texts) : null, slots = json.TryGetProperty("slotNames", out JsonElement slotTexts) ? KeyNames.Read(slotTexts) : null;
        if ((names is not null && names.Count != counts.Length) || (slots is not null && slots.Count != features.Size))
            throw new InvalidDataException("the number of names is wrong.");
        ValueRange range = new(json.GetProperty("minimum").GetSingle(), json.GetProperty("maximum").GetSingle());
        if (!range.IsUsable)
            throw new InvalidDataException("the range of values is empty.");
        return new(
            new(features, name),
            label,
            names,
            counts,
            range,
            slots,
            json.TryGetProperty("normalized", out JsonElement normalized) ? normalized.GetBoolean() : null,
            label is not null && json.TryGetProperty("labelFirst", out JsonElement first) && first.GetBoolean());
    }

    /// <summary>Writes the columns as properties of the present object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName("features");
        Features.Write(json);
        if (Label is not null)
        {
            json.WriteString("label", Columns.Label);
            json.WriteNumber("keyBytes", Label.RawType == typeof(byte) ? 1 : Label.RawType == typeof(ushort) ? 2 : Label.RawType == typeof(uint) ? 4 : 8);
            json.WriteBoolean("labelFirst", IsLabelFirst);
        }

        json.WriteStartArray("counts");
        foreach (long count in Counts)
            json.WriteNumberValue(count);
        json.WriteEndArray();
        if (Names is not null)
        {
            json.WritePropertyName("names");
            Names.Write(json);
        }

        if (SlotNames is not null)
        {
            json.WritePropertyName("slotNames");
            SlotNames.Write(json);
        }

        if (IsNormalized is { } normalized)
            json.WriteBoolean("normalized", normalized);
        json.WriteNumber("minimum", Range.Minimum);
        json.WriteNumber("maximum", Range.Maximum);
    }
}
