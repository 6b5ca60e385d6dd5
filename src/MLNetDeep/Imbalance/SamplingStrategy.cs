namespace MLNetDeep.Imbalance;

/// <summary>Which classes a sampler changes, and to how many rows.</summary>
/// <remarks>
/// A sampler that adds rows brings the classes that are meant to the size of the largest one; a sampler that removes a number of rows to the size of the
/// smallest one. <see cref="Ratio"/>, <see cref="Ratios"/> and <see cref="Counts"/> say sizes instead. Samplers that clean (Tomek links, edited nearest
/// neighbours, ...) decide by themselves how many rows to remove and take the classes alone.
/// </remarks>
public abstract class SamplingStrategy
{
    private SamplingStrategy()
    {
    }

    /// <summary>The class with the fewest rows.</summary>
    public static SamplingStrategy Minority { get; } = new Named(nameof(Minority), (i, least, _) => i == least);

    /// <summary>The class with the most rows.</summary>
    public static SamplingStrategy Majority { get; } = new Named(nameof(Majority), (i, _, most) => i == most);

    /// <summary>All classes but the one with the most rows.</summary>
    public static SamplingStrategy NotMajority { get; } = new Named(nameof(NotMajority), (i, _, most) => i != most);

    /// <summary>All classes but the one with the fewest rows.</summary>
    public static SamplingStrategy NotMinority { get; } = new Named(nameof(NotMinority), (i, least, _) => i != least);

    /// <summary>All classes.</summary>
    public static SamplingStrategy All { get; } = new Named(nameof(All), (_, _, _) => true);

    /// <summary>For two classes: rows of the smaller one over rows of the larger one afterwards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is not above 0 and at most 1.</exception>
    public static SamplingStrategy Ratio(double ratio) =>
        ratio is > 0 and <= 1 ? new Binary(ratio) : throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "The ratio of the smaller class to the larger one is expected above 0 and at most 1.");

    /// <summary>Rows of classes afterwards, each as a share of the rows that the largest class has now: <c>Ratios(("fraud", 0.5))</c>. Other classes stay as they are.</summary>
    /// <exception cref="ArgumentException">A ratio is not above 0, or a class is named twice.</exception>
    public static SamplingStrategy Ratios(params (string Class, double Ratio)[] ratios)
    {
        ArgumentNullException.ThrowIfNull(ratios);
        return new Given([.. ratios.Select(r => double.IsFinite(r.Ratio) && r.Ratio > 0
            ? r
            : throw new ArgumentException($"The ratio of class '{r.Class}' is {r.Ratio}, expected above 0.", nameof(ratios)))], relative: true);
    }

    /// <summary>Rows of classes afterwards: <c>Counts(("fraud", 5000), ("fine", 20000))</c>. Classes that are not named stay as they are.</summary>
    /// <exception cref="ArgumentException">A count is less than 1, or a class is named twice.</exception>
    public static SamplingStrategy Counts(params (string Class, int Rows)[] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return new Given([.. counts.Select(c => c.Rows >= 1
            ? (c.Class, (double)c.Rows)
            : throw new ArgumentException($"The rows of class '{c.Class}' are {c.Rows}, expected at least 1.", nameof(counts)))], relative: false);
    }

    /// <summary>Rows of each class after rows were added.</summary>
    internal int[] AfterAdding(IReadOnlyList<string> names, int[] counts, string sampler)
    {
        int[] wanted = Sizes(names, counts, counts.Max(), adds: true, sampler);
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] < counts[i])
                throw new ArgumentException($"{sampler} adds rows, but the strategy asks for {wanted[i]} rows of class '{names[i]}', which has {counts[i]} already: rows would have to be removed. Ask for more, or use a sampler that removes rows.");
        }

        return wanted;
    }

    /// <summary>Rows of each class after rows were removed.</summary>
    internal int[] AfterRemoving(IReadOnlyList<string> names, int[] counts, string sampler)
    {
        int[] wanted = Sizes(names, counts, counts.Where(c => c > 0).Min(), adds: false, sampler);
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] > counts[i])
                throw new ArgumentException($"{sampler} removes rows, but the strategy asks for {wanted[i]} rows of class '{names[i]}', which has only {counts[i]}: rows would have to be added. Ask for fewer, or use a sampler that adds rows.");
        }

        return wanted;
    }

    /// <summary>The classes that may lose rows to a sampler that cleans.</summary>
    internal virtual bool[] Cleaned(IReadOnlyList<string> names, int[] counts, string sampler) =>
        throw new ArgumentException($"{sampler} finds by itself how many rows to remove and cannot heed counts or ratios: use SamplingStrategy.NotMinority, Majority, NotMajority, Minority or All.");

    private protected abstract int[] Sizes(IReadOnlyList<string> names, int[] counts, int size, bool adds, string sampler);

    // The first of the smallest and of the largest classes that have rows.
    private static (int Least, int Most) Extremes(int[] counts) =>
        (Array.IndexOf(counts, counts.Where(c => c > 0).Min()), Array.IndexOf(counts, counts.Max()));

    private sealed class Named(string name, Func<int, int, int, bool> takes) : SamplingStrategy
    {
        public override string ToString() => name;

        internal override bool[] Cleaned(IReadOnlyList<string> names, int[] counts, string sampler)
        {
            (int least, int most) = Extremes(counts);
            return [.. counts.Select((_, i) => takes(i, least, most))];
        }

        private protected override int[] Sizes(IReadOnlyList<string> names, int[] counts, int size, bool adds, string sampler)
        {
            bool[] taken = Cleaned(names, counts, sampler);
            return [.. counts.Select((c, i) => taken[i] && c > 0 ? size : c)];
        }
    }

    private sealed class Binary(double ratio) : SamplingStrategy
    {
        private protected override int[] Sizes(IReadOnlyList<string> names, int[] counts, int size, bool adds, string sampler)
        {
            if (counts.Count(c => c > 0) != 2)
                throw new ArgumentException($"SamplingStrategy.Ratio is for two classes, the label has {counts.Count(c => c > 0)} with rows: use Ratios or Counts, which name them.");
            (int least, int most) = Extremes(counts);
            if (least == most)
                most = Array.FindLastIndex(counts, c => c > 0);
            int[] wanted = [.. counts];
            if (adds)
                wanted[least] = (int)Math.Round(counts[most] * ratio);
            else
                wanted[most] = (int)Math.Round(counts[least] / ratio);
            return wanted;
        }
    }

    private sealed class Given : SamplingStrategy
    {
        private readonly Dictionary<string, double> _sizes;
        private readonly bool _relative;

        public Given((string Class, double Size)[] sizes, bool relative)
        {
            if (sizes.GroupBy(s => s.Class).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw new ArgumentException($"The class '{twice.Key}' is named twice.", nameof(sizes));
            _sizes = sizes.ToDictionary(s => s.Class, s => s.Size);
            _relative = relative;
        }

        private protected override int[] Sizes(IReadOnlyList<string> names, int[] counts, int size, bool adds, string sampler)
        {
            foreach (string name in _sizes.Keys)
            {
                if (!names.Contains(name))
                    throw new ArgumentException($"The sampling strategy names the class '{name}', but the label column has {string.Join(", ", names.Take(20).Select(n => $"'{n}'"))}{(names.Count > 20 ? ", ..." : "")}.");
            }

            int most = counts.Max();
            return [.. names.Select((n, i) => !_sizes.TryGetValue(n, out double given) ? counts[i] : _relative ? Math.Max(1, (int)Math.Round(given * most)) : (int)given)];
        }
    }
}
