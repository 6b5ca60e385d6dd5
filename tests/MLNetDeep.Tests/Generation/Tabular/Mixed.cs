using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Tests.Generation.Tabular;

/// <summary>Rows of all kinds of columns that depend on one another.</summary>
internal sealed class Mixed
{
    public string Kind { get; set; } = "";

    public bool Flag { get; set; }

    public float Amount { get; set; }

    public double Ratio { get; set; }

    public int Count { get; set; }

    public byte Small { get; set; }

    public long Large { get; set; }

    public DateTime Day { get; set; }

    public DateTimeOffset Moment { get; set; }

    public TimeSpan Length { get; set; }

    [VectorType(2)]
    public float[] Pair { get; set; } = [];

    public string Word { get; set; } = "";

    public static IReadOnlyList<string> Columns { get; } = ["Kind", "Flag", "Amount", "Ratio", "Count", "Small", "Large", "Day", "Moment", "Length", "Pair", "Word"];

    /// <summary>Rows: half of kind a, a third b, a sixth c, of which all else depends; Amount is missing now and then, and so is Word.</summary>
    public static List<Mixed> Rows(int count, int seed = 1)
    {
        Random random = new(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int kind = (i % 6) switch { 0 or 2 or 4 => 0, 1 or 3 => 1, _ => 2 };
            double size = (kind * 10) + Normal();
            return new Mixed
            {
                Kind = kind switch { 0 => "a", 1 => "b", _ => "c" },
                Flag = kind == 1,
                Amount = random.NextDouble() < 0.1 ? float.NaN : (float)Math.Round(size, 2),
                Ratio = size * Math.PI,
                Count = (int)Math.Round(Math.Abs(size) * 100),
                Small = (byte)(kind * 3),
                Large = 5_000_000_000 + (long)(size * 1000),
                Day = new DateTime(2024, 1, 1).AddDays(Math.Round(size * 10)),
                Moment = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(Math.Round(size * 1000)),
                Length = TimeSpan.FromSeconds(Math.Round(Math.Abs(size) * 60)),
                Pair = [(float)Math.Round(size, 1), kind],
                Word = random.NextDouble() < 0.1 ? "" : random.NextDouble() < 0.5 ? "left" : "right",
            };
        })];
    }

    /// <summary>The rows with Kind as a key and Word as a text.</summary>
    public static IDataView Data(MLContext ml, int count = 600, int seed = 1)
    {
        IDataView plain = ml.Data.LoadFromEnumerable(Rows(count, seed));
        IDataView keyed = ml.Transforms.Conversion.MapValueToKey("Kind").Fit(ml.Data.LoadFromEnumerable(Rows(60))).Transform(plain);
        return ml.Transforms.SelectColumns([.. Columns]).Fit(keyed).Transform(keyed);
    }
}
