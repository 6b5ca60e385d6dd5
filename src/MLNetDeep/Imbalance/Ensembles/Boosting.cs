using Microsoft.ML;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance.Ensembles;

/// <summary>AdaBoost.M2 (Freund and Schapire 1997) by drawing rows: for trainers that heed no weights.</summary>
internal static class Boosting
{
    // Of a model without errors the weight would be without bounds.
    private const double LeastError = 1e-6;

    /// <param name="task">All rows.</param>
    /// <param name="trainer">What is boosted.</param>
    /// <param name="rows">The rows, rising, on which errors are measured.</param>
    /// <param name="rounds">Models at most.</param>
    /// <param name="sample">The rows, of those, that a round may draw from.</param>
    /// <returns>The models and their weights, which sum to 1.</returns>
    public static List<(ITransformer Model, double Weight)> Run(SamplingTask task, IEstimator<ITransformer> trainer, int[] rows, int rounds, Func<int[]> sample)
    {
        int classes = task.Rows.ClassNames.Count;
        int[] labels = task.Rows.Labels;

        // Of each row and each wrong class, how much is still to be learned about it.
        Dictionary<int, int> place = rows.Select((row, i) => (row, i)).ToDictionary(p => p.row, p => p.i);
        double[] doubt = [.. rows.SelectMany(r => Enumerable.Range(0, classes).Select(c => c == labels[r] ? 0 : 1.0 / rows.Length / (classes - 1)))];
        HashSet<int> everything = [.. rows];
        List<(ITransformer Model, double Weight)> members = [];
        for (int round = 0; round < rounds; round++)
        {
            task.Cancellation.ThrowIfCancellationRequested();
            int[] allowed = sample();
            int[] drawn = round == 0 ? allowed : Draw(task, allowed, [.. allowed.Select(r => doubt.AsSpan(place[r] * classes, classes).ToArray().Sum())]);
            ITransformer model = trainer.Fit(ResampledView.Drawn(task, drawn));
            double[][] given = [.. Outputs.Probabilities(model.Transform(ResampledView.Part(task, everything.Contains)))];
            if (given[0].Length != classes)
                throw new ArgumentException($"The trainer gives {given[0].Length} scores, but the label has {classes} classes: take a trainer of {(classes == 2 ? "two" : "several")} classes.");
            double error = 0;
            for (int i = 0; i < rows.Length; i++)
            {
                for (int c = 0; c < classes; c++)
                    error += 0.5 * doubt[i * classes + c] * (1 - given[i][labels[rows[i]]] + given[i][c]);
            }

            // No better than chance: it would count nothing.
            if (error >= 0.5 || double.IsNaN(error))
            {
                if (members.Count == 0)
                    members.Add((model, 1));
                break;
            }

            error = Math.Max(error, LeastError);
            double beta = error / (1 - error);
            members.Add((model, Math.Log(1 / beta)));
            for (int i = 0; i < rows.Length; i++)
            {
                for (int c = 0; c < classes; c++)
                    doubt[i * classes + c] *= Math.Pow(beta, 0.5 * (1 + given[i][labels[rows[i]]] - given[i][c]));
            }

            double sum = doubt.Sum();
            for (int i = 0; i < doubt.Length; i++)
                doubt[i] /= sum;
            if (error <= LeastError)
                break;
        }

        double weights = members.Sum(m => m.Weight);
        return [.. members.Select(m => (m.Model, m.Weight / weights))];
    }

    // As many rows as are allowed, with replacement; one of each class at least, without which a trainer has nothing to tell apart.
    private static int[] Draw(SamplingTask task, int[] rows, double[] weights)
    {
        double[] sums = new double[rows.Length];
        double sum = 0;
        for (int i = 0; i < rows.Length; i++)
            sums[i] = sum += weights[i];
        int[] drawn = new int[rows.Length];
        for (int i = 0; i < drawn.Length; i++)
        {
            int at = Array.BinarySearch(sums, task.Random.NextDouble() * sum);
            drawn[i] = rows[Math.Min(at < 0 ? ~at : at + 1, rows.Length - 1)];
        }

        int[] labels = task.Rows.Labels;
        IEnumerable<int> missing = rows.DistinctBy(r => labels[r]).Where(r => !drawn.Any(d => labels[d] == labels[r]));
        return [.. drawn, .. missing];
    }
}
