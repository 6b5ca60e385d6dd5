using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Rows;

namespace MLNetDeep.Evaluation.Importance;

/// <summary>Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019) of any model's input columns.</summary>
internal static class PermutationImportance
{
    private static readonly string[] LowerIsBetter = ["brier", "log_loss", "ece", "mae", "rmse", "mape", "bias", "max_error"];

    public static IReadOnlyList<FeatureImportance> Measure(ITransformer model, IDataView data, string defaultMetric, Func<IDataView, Sample> read, ImportanceOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options.Check();
        string metric = options.Metric ?? defaultMetric;
        DataViewSchema.Column[] taken = Taken(model, data.Schema, options.Columns);
        DataViewSchema.Column[] features = options.Features is { } names ? [.. names.Select(n => ColumnRef.Find(data.Schema, n, "feature"))]
            : [.. taken.Where(c => c.Name != options.Columns.Label && c.Name != options.Columns.Weight)];
        MemoryTable table = new(data, [.. taken.Concat(features).DistinctBy(c => c.Index)], options.MaxRows, new Random(options.Seed));
        double whole = Figure(table.Show());
        List<FeatureImportance> result = [];
        foreach (DataViewSchema.Column column in features)
        {
            bool slots = column.Type is VectorDataViewType { Size: > 1 } vector && vector.Size <= options.MaxSlots && vector.ItemType.RawType == typeof(float);
            IReadOnlyList<string>? slotNames = slots ? Reading.Names(column) : null;
            for (int slot = slots ? 0 : -1; slot < (slots ? ((VectorDataViewType)column.Type).Size : 0); slot++)
            {
                string name = slot < 0 ? column.Name : slotNames is not null && slotNames[slot] is { Length: > 0 } given ? given : $"{column.Name}[{slot}]";
                double[] losses = new double[options.Repeats];
                for (int repeat = 0; repeat < losses.Length; repeat++)
                {
                    int[] order = [.. Enumerable.Range(0, table.Count)];
                    new Random(unchecked(options.Seed * 31 + repeat)).Shuffle(order);
                    losses[repeat] = whole - Figure(table.Show(column.Index, slot, order));
                }

                double mean = losses.Average();
                result.Add(new(name, mean, losses.Length < 2 ? 0 : Math.Sqrt(losses.Sum(l => (l - mean) * (l - mean)) / (losses.Length - 1))));
            }
        }

        return [.. result.OrderByDescending(r => r.Mean)];

        double Figure(IDataView rows)
        {
            Sample sample = read(model.Transform(rows));
            int index = sample.Names.ToList().IndexOf(metric);
            if (index < 0)
                throw new ArgumentException($"There is no figure '{metric}'; there are: {string.Join(", ", sample.Names)}.");
            double value = sample.Compute(sample.Weights)[index];
            return metric == "bias" ? -Math.Abs(value) : LowerIsBetter.Contains(metric) ? -value : value;
        }
    }

    // A model that says what it takes need not be asked about other columns.
    private static DataViewSchema.Column[] Taken(ITransformer model, DataViewSchema schema, ScoredColumns columns)
    {
        if (!model.IsRowToRowMapper)
            return [.. schema.Where(c => !c.IsHidden)];
        IRowToRowMapper mapper = model.GetRowToRowMapper(schema);
        string[] wanted = [columns.Score, columns.Probability, columns.PredictedLabel, columns.Label, .. columns.Weight is { } weight ? [weight] : Array.Empty<string>()];
        return [.. mapper.GetDependencies(wanted.Select(n => mapper.OutputSchema.GetColumnOrNull(n)).OfType<DataViewSchema.Column>()).DistinctBy(c => c.Index)];
    }
}
