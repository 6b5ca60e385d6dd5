using System.Globalization;
using System.Text;
using MLNetDeep.Evaluation.Bootstrapping;
using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation;

/// <summary>Figures of a model on scored rows, by name.</summary>
public abstract class DetailedMetrics
{
    private protected DetailedMetrics(Sample sample)
    {
        AnySample = sample;
        double[] values = sample.Compute(sample.Weights);
        Values = sample.Names.Select((n, i) => (n, values[i])).ToDictionary(p => p.n, p => p.Item2);
    }

    /// <summary>The figures by name, for instance <c>"average_precision"</c>, in a fixed order.</summary>
    public IReadOnlyDictionary<string, double> Values { get; }

    /// <summary>Number of rows.</summary>
    public int Count => AnySample.Count;

    internal Sample AnySample { get; }

    /// <summary>A figure.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of this name; the message lists those there are.</exception>
    public double this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            return Values.TryGetValue(name, out double value) ? value
                : throw new KeyNotFoundException($"There is no figure '{name}'; there are: {string.Join(", ", Values.Keys)}.");
        }
    }

    /// <summary>
    /// Confidence intervals of all figures by the bootstrap (Efron 1987): rows are drawn with replacement, from each class as many as it has, and the
    /// figures computed of each such sample.
    /// </summary>
    /// <param name="options">How; null for 1,000 samples, BCa, 95 %.</param>
    /// <returns>The intervals by the figure's name. The same seed gives the same ones, on any number of threads.</returns>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public IReadOnlyDictionary<string, ConfidenceInterval> ConfidenceIntervals(BootstrapOptions? options = null) => Bootstrap.Intervals(AnySample, options ?? new());

    /// <summary>The figures as lines of text.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        int width = Values.Keys.Max(k => k.Length);
        foreach ((string name, double value) in Values)
            text.Append(CultureInfo.InvariantCulture, $"{name.PadRight(width)}  {value:F4}\n");
        return text.ToString();
    }
}
