using System.Globalization;
using Microsoft.ML;

namespace MLNetDeep.Tests.Support;

/// <summary>Made-up rows that a small network learns in moments.</summary>
internal static class Samples
{
    public const int Size = 4;

    public static List<Sample> List(int count = 240, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] f = [.. Enumerable.Range(0, Size).Select(_ => random.NextSingle() * 2 - 1)];
            return new Sample
            {
                Features = f,
                Color = f[0] > 0.3f ? "red" : f[1] > 0 ? "green" : "blue",
                Large = f[0] + f[2] > 0,
                Number = 3 * f[0] - 2 * f[1] + 1,
                Weight = 1 + i % 3,
                Name = i.ToString(CultureInfo.InvariantCulture),
                City = f[3] > 0 ? "Oslo" : "Rome",
                Single = f[0],
                Ids = [f[0] > 0.3f ? 1 : f[1] > 0 ? 2 : 3, random.Next(4, 10), random.Next(4, 10)],
                Whole = f[0] > 0.3f ? 30 : f[1] > 0 ? 10 : 20,
            };
        })];
    }

    public static IDataView View(MLContext ml, int count = 240, int seed = 1) => ml.Data.LoadFromEnumerable(List(count, seed));
}
