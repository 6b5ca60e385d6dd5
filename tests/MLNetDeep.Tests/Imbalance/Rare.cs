using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>A row of one of three classes, some of them rare.</summary>
public class Rare
{
    public const int Size = 3;

    public float Id { get; set; }

    [VectorType(Size)]
    public float[] Features { get; set; } = new float[Size];

    public string Kind { get; set; } = "";

    public bool Label { get; set; }

    public float Weight { get; set; }

    public string Town { get; set; } = "";

    /// <summary>So many rows of each class, which overlap: a, b, c, ...</summary>
    public static List<Rare> List(int[] counts, int seed = 1, float apart = 1.2f)
    {
        Random random = new(seed);
        List<Rare> rows = [];
        for (int c = 0; c < counts.Length; c++)
        {
            for (int i = 0; i < counts[c]; i++)
            {
                rows.Add(new()
                {
                    Features = [.. Enumerable.Range(0, Size).Select(s => (float)(random.NextDouble() + random.NextDouble() + (s == c % Size ? apart * c / Math.Max(counts.Length - 1, 1) : 0)))],
                    Kind = ((char)('a' + c)).ToString(),
                    Label = c == counts.Length - 1,
                    Weight = 1 + c,
                    Town = random.Next(3) == 0 ? "Rome" : "Bonn",
                });
            }
        }

        Rare[] shuffled = [.. rows];
        random.Shuffle(shuffled);
        for (int i = 0; i < shuffled.Length; i++)
            shuffled[i].Id = i;
        return [.. shuffled];
    }

    /// <summary>The rows with <c>Key</c>, the class as a key in the order of the alphabet.</summary>
    public static IDataView View(MLContext ml, IEnumerable<Rare> rows)
    {
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey("Key", "Kind", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
    }

    /// <summary>What a view holds, by row.</summary>
    public static List<Rare> Read(MLContext ml, IDataView data) => [.. ml.Data.CreateEnumerable<Rare>(data, reuseRowObject: false, ignoreMissingColumns: true)];
}
