namespace MLNetDeep.Evaluation.Samples;

/// <summary>The figures of scored rows. Weights are an argument, as a resample of the rows is nothing but other weights.</summary>
internal abstract class Sample
{
    /// <summary>How much each row counts.</summary>
    public required double[] Weights { get; init; }

    /// <summary>For each row its place among the rows of the data that were read, those without a label included.</summary>
    public required int[] Rows { get; init; }

    public int Count => Weights.Length;

    /// <summary>Names of the figures, in the order in which <see cref="Compute"/> gives them.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>What resampling keeps the shares of: the class of each row. Null for none.</summary>
    public abstract int[]? Strata { get; }

    /// <summary>The figures of the rows, weighted.</summary>
    public abstract double[] Compute(double[] weights);
}
