using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Evaluation;

/// <summary>How good the tags of tokens are.</summary>
public sealed class SequenceLabelingMetrics
{
    private SequenceLabelingMetrics(long tokens, long correct, long rows, long rowsCorrect, IReadOnlyList<EntityMetrics> entities)
    {
        TokenCount = tokens;
        TokenAccuracy = tokens == 0 ? double.NaN : (double)correct / tokens;
        RowAccuracy = rows == 0 ? double.NaN : (double)rowsCorrect / rows;
        Entities = entities;
        Overall = new("", entities.Sum(e => e.Correct), entities.Sum(e => e.Predicted), entities.Sum(e => e.Actual));
    }

    /// <summary>Number of tokens that have a true tag. Others are not judged.</summary>
    public long TokenCount { get; }

    /// <summary>Share of tokens with the right tag; NaN without tokens.</summary>
    public double TokenAccuracy { get; }

    /// <summary>Share of rows all of whose tags are right; NaN without rows.</summary>
    public double RowAccuracy { get; }

    /// <summary>For tags that mark entities (<c>B-PER</c>, <c>I-PER</c>, <c>O</c>) how well each kind is found, by name; else empty. Counted as the CoNLL script <c>conlleval</c> counts.</summary>
    public IReadOnlyList<EntityMetrics> Entities { get; }

    /// <summary>All kinds of entities together (the micro average); all zero where there are none.</summary>
    public EntityMetrics Overall { get; }

    /// <summary>The figures as a table, one line for each kind of entity.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{TokenCount} tokens: {100 * TokenAccuracy:F2} % right; {100 * RowAccuracy:F2} % of rows all right\n");
        if (Entities.Count == 0)
            return text.ToString();
        int width = Math.Max(7, Entities.Max(e => e.Type.Length));
        text.Append(CultureInfo.InvariantCulture, $"{"entity".PadRight(width)} precision  recall      F1   count\n");
        foreach (EntityMetrics entity in Entities.Append(Overall with { Type = "overall" }))
            text.Append(CultureInfo.InvariantCulture, $"{entity.Type.PadRight(width)} {100 * entity.Precision,8:F2} %{100 * entity.Recall,7:F2} %{100 * entity.F1,6:F2} % {entity.Actual,6}\n");
        return text.ToString();
    }

    internal static SequenceLabelingMetrics Of(IDataView data, string labelColumn, string predictedColumn)
    {
        DataViewSchema.Column label = Column(data.Schema, labelColumn, "label"), predicted = Column(data.Schema, predictedColumn, "predicted label");
        IReadOnlyList<string> labelNames = Names(label), predictedNames = Names(predicted);
        bool hasEntities = EntitySpans.AreMarkedBy(labelNames);
        Dictionary<string, (long Correct, long Predicted, long Actual)> entities = new(StringComparer.Ordinal);
        long tokens = 0, correct = 0, rows = 0, rowsCorrect = 0;
        using DataViewRowCursor cursor = data.GetRowCursor([label, predicted]);
        TokenColumn.Reader labels = TokenColumn.Bind(cursor, label), predictions = TokenColumn.Bind(cursor, predicted);
        while (cursor.MoveNext())
        {
            string?[] truth = Tags(labels(), labelNames), guess = Tags(predictions(), predictedNames);
            if (truth.Length != guess.Length)
                throw TokenColumn.Unequal(labelColumn, truth.Length, predictedColumn, guess.Length, cursor.Position);
            int judged = truth.Count(t => t is not null), right = truth.Zip(guess).Count(p => p.First is not null && p.First == p.Second);
            tokens += judged;
            correct += right;
            rows++;
            rowsCorrect += judged == right ? 1 : 0;
            if (hasEntities)
                Count(truth, guess, entities);
        }

        return new(tokens, correct, rows, rowsCorrect, [.. entities.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new EntityMetrics(e.Key, e.Value.Correct, e.Value.Predicted, e.Value.Actual))]);
    }

    private static void Count(string?[] truth, string?[] guess, Dictionary<string, (long Correct, long Predicted, long Actual)> entities)
    {
        // A token that is not judged is outside of both.
        HashSet<EntitySpans.Span> actual = [.. EntitySpans.Of([.. truth.Select(t => t ?? "O")])];
        foreach (EntitySpans.Span span in actual)
            entities[span.Type] = entities.GetValueOrDefault(span.Type) is var e ? (e.Correct, e.Predicted, e.Actual + 1) : default;
        foreach (EntitySpans.Span span in EntitySpans.Of([.. guess.Zip(truth, (g, t) => t is null ? "O" : g ?? "O")]))
            entities[span.Type] = entities.GetValueOrDefault(span.Type) is var e ? (e.Correct + (actual.Contains(span) ? 1 : 0), e.Predicted + 1, e.Actual) : default;
    }

    private static string?[] Tags(ReadOnlySpan<int> ids, IReadOnlyList<string> names)
    {
        string?[] tags = new string?[ids.Length];
        for (int i = 0; i < tags.Length; i++)
            tags[i] = ids[i] < TokenColumn.Reserved || ids[i] - TokenColumn.Reserved >= names.Count ? null : names[ids[i] - TokenColumn.Reserved];
        return tags;
    }

    private static DataViewSchema.Column Column(DataViewSchema schema, string name, string role)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, name, role);
        return column.Type is VectorDataViewType { ItemType: KeyDataViewType item } && TokenColumn.IsToken(item)
            ? column
            : throw new ArgumentException($"The {role} column '{name}' has type {column.Type}, expected a vector of keys.");
    }

    private static IReadOnlyList<string> Names(DataViewSchema.Column column) => KeyNames.Of(column)?.Names
        ?? throw new ArgumentException($"The keys of column '{column.Name}' do not say what they stand for (they have no KeyValues): true and predicted tags cannot be compared.");
}
