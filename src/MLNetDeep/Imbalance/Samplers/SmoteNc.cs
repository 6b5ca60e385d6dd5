using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Samplers;

/// <summary>SMOTE-NC: <see cref="Smote"/> for numbers and categories together (Chawla et al. 2002). Categories of a new row are the most frequent ones among the neighbours, never something between.</summary>
/// <remarks>
/// <para>
/// Categories are groups of slots of the feature column (one-hot vectors, which ML.NET marks in the column, or codes), and columns of their own: keys, texts, Booleans.
/// Two rows that differ in a category are farther apart by the median of the deviations of the numeric slots within the class, squared and added to the squared distance; by 1 where there are no such slots.
/// </para>
/// <para>Columns that are categories are for a chain that encodes them inside <c>Around</c>.</para>
/// </remarks>
public sealed class SmoteNc : Oversampler
{
    private const string RangesAnnotation = "CategoricalSlotRanges";

    private readonly Options _options;

    internal SmoteNc(IHostEnvironment env, Options options)
        : base(env, options)
    {
        _options = options;
        Require(options.Neighbors >= 1, nameof(Options.Neighbors), options.Neighbors, "at least 1");
    }

    private protected override string Name => "SMOTE-NC";

    private protected override void Add(SamplingTask task, int label, int count)
    {
        CheckKin(task, label, _options.Neighbors);
        (int First, int End)[] ranges = Ranges(task.Data.Schema[_options.FeatureColumnName], task.Rows.Features.Dimensions);
        if (ranges.Length + _options.CategoricalColumnNames.Count == 0)
        {
            throw new ArgumentException(
                $"SMOTE-NC found no categories: the feature column '{_options.FeatureColumnName}' has no one-hot vectors that ML.NET marked. " +
                "Name them with CategoricalSlots or CategoricalColumnNames, or use Smote.");
        }

        task.DonorColumns = _options.CategoricalColumnNames;
        int[] rows = task.Rows.Of[label];
        FeatureMatrix features = task.Rows.Features;
        int[][] codes = [.. ranges.Select(r => Codes(features, r, rows)), .. _options.CategoricalColumnNames.Select(name => CategoryColumn.Read(task.Data, name, rows))];
        bool[] isCategory = new bool[features.Dimensions];
        foreach ((int first, int end) in ranges)
            isCategory.AsSpan(first, end - first).Fill(true);
        int[] numeric = [.. Enumerable.Range(0, features.Dimensions).Where(s => !isCategory[s])];
        int[] kin = Kin(features, rows, codes, numeric, task.Cancellation);

        int k = _options.Neighbors;
        float[] seedRow = new float[features.Dimensions], other = new float[features.Dimensions];
        for (int i = 0; i < count; i++)
        {
            int seed = task.Random.Next(rows.Length);
            int[] neighbors = kin[(seed * k)..((seed + 1) * k)];
            int neighbor = neighbors[task.Random.Next(k)];
            double gap = task.Random.NextDouble();
            float[] point = new float[features.Dimensions];
            features.CopyRow(rows[seed], seedRow);
            features.CopyRow(rows[neighbor], other);
            foreach (int slot in numeric)
                point[slot] = (float)(seedRow[slot] + gap * ((double)other[slot] - seedRow[slot]));
            int[] donors = [.. codes.Select(c => MostFrequent(c, neighbors))];
            for (int r = 0; r < ranges.Length; r++)
            {
                (int first, int end) = ranges[r];
                features.CopyRow(rows[donors[r]], other);
                other.AsSpan(first..end).CopyTo(point.AsSpan(first..end));
            }

            task.Added.Add(new(rows[seed], new VBuffer<float>(point.Length, point), [.. donors[ranges.Length..].Select(d => rows[d])]));
        }
    }

    // Positions among the rows of the class, of the neighbours of each.
    private int[] Kin(FeatureMatrix features, int[] rows, int[][] codes, int[] numeric, CancellationToken cancellation)
    {
        double[] deviations = [.. Rose.Deviations(features, rows).Where((_, s) => numeric.Contains(s)).Order()];
        double median = deviations.Length == 0 ? 1
            : deviations.Length % 2 == 1 ? deviations[deviations.Length / 2]
            : (deviations[deviations.Length / 2 - 1] + deviations[deviations.Length / 2]) / 2;

        // Two slots differ where two categories do: their squares sum to the median's.
        float step = (float)(median / Math.Sqrt(2));
        int[] offsets = new int[codes.Length + 1];
        offsets[0] = numeric.Length;
        for (int c = 0; c < codes.Length; c++)
            offsets[c + 1] = offsets[c] + codes[c].Max() + 1;
        FeatureMatrix.Builder builder = new(offsets[^1]);
        float[] row = new float[features.Dimensions];
        for (int i = 0; i < rows.Length; i++)
        {
            float[] encoded = new float[offsets[^1]];
            features.CopyRow(rows[i], row);
            for (int s = 0; s < numeric.Length; s++)
                encoded[s] = row[numeric[s]];
            for (int c = 0; c < codes.Length; c++)
                encoded[offsets[c] + codes[c][i]] = step;
            builder.Add(new(encoded.Length, encoded));
        }

        int[] all = [.. Enumerable.Range(0, rows.Length)];
        return builder.Build().Nearest(all, all, _options.Neighbors, cancellation).Indices;
    }

    // The first of the neighbours, nearest first, that has the category most of them have.
    private static int MostFrequent(int[] codes, int[] neighbors)
    {
        int most = neighbors.Max(n => neighbors.Count(m => codes[m] == codes[n]));
        return neighbors.First(n => neighbors.Count(m => codes[m] == codes[n]) == most);
    }

    // A number for each different content of a range of slots.
    private static int[] Codes(FeatureMatrix features, (int First, int End) range, int[] rows)
    {
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        float[] row = new float[features.Dimensions];
        return [.. rows.Select(r =>
        {
            features.CopyRow(r, row);
            string content = string.Join(' ', row[range.First..range.End].Select(BitConverter.SingleToInt32Bits));
            if (!known.TryGetValue(content, out int code))
                known.Add(content, code = known.Count);
            return code;
        })];
    }

    private (int First, int End)[] Ranges(DataViewSchema.Column column, int size)
    {
        if (_options.CategoricalSlots is { } given)
        {
            return [.. given.Select(range =>
            {
                (int first, int end) = (range.Start.GetOffset(size), range.End.GetOffset(size));
                return first >= 0 && first < end && end <= size ? (first, end) : throw new ArgumentException($"CategoricalSlots has {range}, but the feature column '{column.Name}' has {size} slots.");
            })];
        }

        if (column.Annotations.Schema.GetColumnOrNull(RangesAnnotation) is null)
            return [];
        VBuffer<int> marked = default;
        column.Annotations.GetValue(RangesAnnotation, ref marked);
        int[] bounds = [.. marked.DenseValues()];
        return [.. Enumerable.Range(0, bounds.Length / 2).Select(i => (bounds[2 * i], bounds[2 * i + 1] + 1)).Where(r => r.Item1 >= 0 && r.Item2 <= size)];
    }

    /// <summary>The sampler's options.</summary>
    public sealed class Options : SamplerOptions
    {
        /// <summary>How many neighbours of a row one is drawn from; less than the rows of the class. Default 5.</summary>
        public int Neighbors = 5;

        /// <summary>Slots of the feature column that are categories: <c>[0..12, 13..14]</c> for a one-hot vector of 12 slots and one slot of codes. Default null: the one-hot vectors that ML.NET marks in the column.</summary>
        public IReadOnlyList<Range>? CategoricalSlots;

        /// <summary>Columns beside the features that are categories: keys, texts, Booleans. Default none.</summary>
        public IReadOnlyList<string> CategoricalColumnNames = [];
    }
}
