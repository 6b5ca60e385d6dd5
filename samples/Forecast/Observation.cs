using Microsoft.ML.Data;

namespace Forecast;

/// <summary>A row of a CSV file.</summary>
public sealed class Observation
{
    [LoadColumn(0)]
    public DateTime Month { get; set; }

    [LoadColumn(1)]
    public float Value { get; set; }
}
