namespace Microsoft.ML.Data;

/// <summary>How well classes were predicted.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(double microAccuracy, double macroAccuracy, double logLoss, double logLossReduction,
        double[] perClassLogLoss, double[]? topK, ConfusionMatrix confusionMatrix)
    {
        MicroAccuracy = microAccuracy;
        MacroAccuracy = macroAccuracy;
        LogLoss = logLoss;
        LogLossReduction = logLossReduction;
        PerClassLogLoss = perClassLogLoss;
        TopKAccuracyForAllK = topK!;
        ConfusionMatrix = confusionMatrix;
    }

    /// <summary>The mean of -ln of the label's probability, which is taken to be at least 1e-15.</summary>
    public double LogLoss { get; }

    /// <summary>The share by which <see cref="LogLoss"/> is lower than that of always giving the classes' shares.</summary>
    public double LogLossReduction { get; }

    /// <summary>The mean over the classes of the share of a class's rows that were right.</summary>
    public double MacroAccuracy { get; }

    /// <summary>The share of rows that were right.</summary>
    public double MicroAccuracy { get; }

    /// <summary>The share of rows whose label is among the <see cref="TopKPredictionCount"/> classes of the highest scores.</summary>
    public double TopKAccuracy => TopKAccuracyForAllK is { Count: > 0 } accuracies ? accuracies[^1] : 0;

    /// <summary>How many classes <see cref="TopKAccuracy"/> looks at.</summary>
    public int TopKPredictionCount => TopKAccuracyForAllK?.Count ?? 0;

    /// <summary>The <see cref="TopKAccuracy"/> of one class, of two, and so on; null where it was not asked for.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    /// <summary>The <see cref="LogLoss"/> of each class's rows.</summary>
    public IReadOnlyList<double> PerClassLogLoss { get; }

    /// <summary>How often each class was taken for each.</summary>
    public ConfusionMatrix ConfusionMatrix { get; }
}
