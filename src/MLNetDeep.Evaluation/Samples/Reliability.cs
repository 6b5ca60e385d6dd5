namespace MLNetDeep.Evaluation.Samples;

/// <summary>How well probabilities fit what happened.</summary>
internal static class Reliability
{
    // The smallest step of a double beside 1: as scikit-learn clips.
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Minus the logarithm of a probability, at most about 36.</summary>
    public static double Loss(double probability) => -Math.Log(Math.Clamp(probability, Epsilon, 1 - Epsilon));

    /// <summary>The bin of a probability: bins of equal width, each with its upper end.</summary>
    public static int Bin(double probability, int bins)
    {
        double width = 1.0 / bins;
        int bin = Math.Clamp((int)(probability * bins), 0, bins - 1);
        while (bin > 0 && probability <= bin * width)
            bin--;
        while (bin < bins - 1 && probability > (bin + 1) * width)
            bin++;
        return bin;
    }

    /// <summary>Weight, mean probability and share of what came true in each bin.</summary>
    public static CalibrationBin[] Bins(double[] probabilities, Func<int, bool> happened, double[] weights, int bins)
    {
        double[] weight = new double[bins], sum = new double[bins], hits = new double[bins];
        for (int i = 0; i < probabilities.Length; i++)
        {
            int bin = Bin(probabilities[i], bins);
            weight[bin] += weights[i];
            sum[bin] += weights[i] * probabilities[i];
            hits[bin] += happened(i) ? weights[i] : 0;
        }

        return [.. Enumerable.Range(0, bins).Where(b => weight[b] > 0).Select(b => new CalibrationBin(sum[b] / weight[b], hits[b] / weight[b], weight[b]))];
    }

    /// <summary>Mean distance of a bin's mean probability from the share of what came true, bins weighted by their rows.</summary>
    public static double ExpectedError(double[] probabilities, Func<int, bool> happened, double[] weights, int bins)
    {
        CalibrationBin[] filled = Bins(probabilities, happened, weights, bins);
        return filled.Sum(b => b.Weight * Math.Abs(b.MeanProbability - b.ObservedShare)) / filled.Sum(b => b.Weight);
    }
}
