namespace Microsoft.ML.Runtime;

/// <summary>What a progress channel reports.</summary>
public sealed class ProgressHeader
{
    /// <summary>The names of the units.</summary>
    public readonly IReadOnlyList<string> UnitNames;

    /// <summary>The names of the metrics.</summary>
    public readonly IReadOnlyList<string> MetricNames;

    /// <summary>Creates a header of metrics and units.</summary>
    public ProgressHeader(string[]? metricNames, string[]? unitNames)
    {
        UnitNames = unitNames ?? [];
        MetricNames = metricNames ?? [];
    }

    /// <summary>Creates a header of units.</summary>
    public ProgressHeader(params string[] unitNames)
        : this(null, unitNames)
    {
    }
}
