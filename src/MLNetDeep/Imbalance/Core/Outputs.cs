using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Imbalance.Core;

/// <summary>Reads what trainers of classes give.</summary>
internal static class Outputs
{
    /// <summary>The probability of each class for each row. A score that is no probability is taken for the logarithm of the odds.</summary>
    public static IEnumerable<double[]> Probabilities(IDataView scored)
    {
        DataViewSchema.Column score = scored.Schema.GetColumnOrNull("Score")
            ?? throw new ArgumentException($"The trainer gives no column 'Score', but {string.Join(", ", scored.Schema.Select(c => $"'{c.Name}'"))}: take a trainer of classes.");
        if (score.Type is VectorDataViewType)
            return scored.GetColumn<float[]>("Score").Select(s => s.Select(v => (double)v).ToArray());
        return scored.Schema.GetColumnOrNull("Probability") is null
            ? scored.GetColumn<float>("Score").Select(s => Two(1 / (1 + Math.Exp(-s))))
            : scored.GetColumn<float>("Probability").Select(p => Two(p));
    }

    private static double[] Two(double probability) => [1 - probability, probability];
}
