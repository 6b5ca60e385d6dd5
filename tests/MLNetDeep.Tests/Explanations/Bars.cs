using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Tests.Explanations;

/// <summary>A noisy picture with bars in one quarter: lying or standing.</summary>
public class BarsRow
{
    [VectorType(Bars.Side, Bars.Side, 1)]
    public float[] Pixels { get; set; } = [];

    public string Kind { get; set; } = "";

    public bool Standing { get; set; }

    /// <summary>How bright the bars are.</summary>
    public float Brightness { get; set; }

    /// <summary>The quarter that the bars are in: 0 and 1 above, 2 and 3 below.</summary>
    public int Quarter { get; set; }
}

/// <summary>Pictures of which it is known where the network has to look.</summary>
internal static class Bars
{
    public const int Side = 16;

    private const int Size = 6;

    public static List<BarsRow> List(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            bool standing = random.Next(2) == 0;
            int quarter = random.Next(4), top = quarter / 2 * Side / 2 + random.Next(3), left = quarter % 2 * Side / 2 + random.Next(3);
            float bright = 0.6f + 0.4f * random.NextSingle();
            float[] pixels = [.. Enumerable.Range(0, Side * Side).Select(_ => 0.15f * random.NextSingle())];
            for (int y = 0; y < Size; y++)
            {
                for (int x = 0; x < Size; x++)
                    pixels[(top + y) * Side + left + x] = (standing ? x : y) % 2 == 0 ? bright : 0;
            }

            return new BarsRow { Pixels = pixels, Kind = standing ? "standing" : "lying", Standing = standing, Brightness = bright, Quarter = quarter };
        })];
    }

    public static IDataView View(MLContext ml, int count, int seed) => ml.Data.LoadFromEnumerable(List(count, seed));

    /// <summary>A convolutional network that learns them in moments.</summary>
    public static Network Network => MLNetDeep.Network.Input(Side, Side, 1)
        .Conv2D(8, 3, padding: "same", useBias: false, name: "first").BatchNormalization().Relu().MaxPool2D(2)
        .Conv2D(12, 3, padding: "same", name: "last").Relu(name: "seen").GlobalAveragePool2D().TaskOutput();

    /// <summary>The share of a map's sum in a quarter.</summary>
    public static float ShareIn(float[] map, int quarter)
    {
        float inside = 0, all = 0;
        for (int i = 0; i < map.Length; i++)
        {
            all += map[i];
            if (i / Side / (Side / 2) * 2 + i % Side / (Side / 2) == quarter)
                inside += map[i];
        }

        return inside / all;
    }
}
