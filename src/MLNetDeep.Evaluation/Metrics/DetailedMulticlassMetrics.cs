using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation;

/// <summary>Figures for several classes that stay honest when some are rare. Definitions and values are scikit-learn's; what would divide by nothing is 0.</summary>
public sealed class DetailedMulticlassMetrics : DetailedMetrics
{
    private readonly MulticlassSample _sample;

    internal DetailedMulticlassMetrics(MulticlassSample sample)
        : base(sample) => _sample = sample;

    /// <summary>Share of right decisions.</summary>
    public double Accuracy => this["accuracy"];

    /// <summary>Mean of the recalls of the classes that have rows.</summary>
    public double BalancedAccuracy => this["balanced_accuracy"];

    /// <summary>Geometric mean of the recalls of the classes that have rows; 0 if one is never found.</summary>
    public double GMean => this["g_mean"];

    /// <summary>Matthews' correlation for several classes (Gorodkin 2004).</summary>
    public double MatthewsCorrelation => this["mcc"];

    /// <summary>Area under the ROC curve of each class against all others, averaged over classes.</summary>
    public double RocAuc => this["roc_auc_ovr"];

    /// <summary>Average precision of each class against all others, averaged over classes.</summary>
    public double AveragePrecision => this["average_precision_macro"];

    /// <summary>Brier score: mean over rows of the sum over classes of squares of probability minus truth, 0 to 2. Only where scores are probabilities.</summary>
    /// <exception cref="KeyNotFoundException">The scores are no probabilities.</exception>
    public double BrierScore => this["brier"];

    /// <summary>Mean of minus the natural logarithm of the probability of the true class. Only where scores are probabilities.</summary>
    /// <exception cref="KeyNotFoundException">The scores are no probabilities.</exception>
    public double LogLoss => this["log_loss"];

    /// <summary>Expected calibration error of the likeliest class, over 10 bins of equal width. Only where scores are probabilities.</summary>
    /// <exception cref="KeyNotFoundException">The scores are no probabilities.</exception>
    public double ExpectedCalibrationError => this["ece"];

    /// <summary>The classes, in the order of keys and scores.</summary>
    public IReadOnlyList<string> ClassNames => _sample.ClassNames;

    /// <summary>The weight of rows by true (first index) and predicted class.</summary>
    public double[,] Counts => Confusion.Count(_sample.Labels, _sample.Predicted, _sample.Weights, _sample.Classes);

    /// <summary>The figures of each class against all others.</summary>
    public IReadOnlyList<ClassMetrics> PerClass
    {
        get
        {
            double[,] counts = Counts;
            (double[] actual, double[] predicted, _) = Confusion.Sums(counts);
            return [.. Enumerable.Range(0, _sample.Classes).Select(c =>
            {
                double precision = Confusion.Ratio(counts[c, c], predicted[c]), recall = Confusion.Ratio(counts[c, c], actual[c]);
                (double roc, double averagePrecision) = _sample.Areas(c, _sample.Weights);
                return new ClassMetrics(_sample.ClassNames[c], actual[c], predicted[c], precision, recall, Confusion.Specificity(counts, c), Confusion.FBeta(precision, recall, 1), roc, averagePrecision);
            })];
        }
    }

    internal MulticlassSample Sample => _sample;

    /// <summary>Cohen's kappa: agreement beyond chance.</summary>
    /// <param name="weights">How much a confusion counts.</param>
    public double CohenKappa(KappaWeights weights = KappaWeights.None) => Confusion.Kappa(Counts, (int)weights);

    /// <summary>Precision of the classes that occur, averaged.</summary>
    public double Precision(Average average) => Confusion.Average(Counts, 1, average).Precision;

    /// <summary>Recall of the classes that occur, averaged.</summary>
    public double Recall(Average average) => Confusion.Average(Counts, 1, average).Recall;

    /// <summary>F-beta of the classes that occur, averaged: recall counts <paramref name="beta"/> times as much as precision.</summary>
    public double FBeta(double beta, Average average) =>
        beta > 0 ? Confusion.Average(Counts, beta, average).FBeta : throw new ArgumentOutOfRangeException(nameof(beta), beta, "Expected above 0.");

    /// <summary>Specificity of the classes, averaged: of all rows of other classes, the share not taken for this one.</summary>
    /// <param name="average">Micro counts the rows of all classes together; weighted weighs classes by their rows.</param>
    public double Specificity(Average average)
    {
        double[,] counts = Counts;
        (double[] actual, double[] predicted, double total) = Confusion.Sums(counts);
        int[] classes = [.. Enumerable.Range(0, actual.Length).Where(c => actual[c] > 0 || predicted[c] > 0)];
        return average switch
        {
            Average.Macro => classes.Average(c => Confusion.Specificity(counts, c)),
            Average.Weighted => classes.Sum(c => actual[c] * Confusion.Specificity(counts, c)) / total,
            _ => classes.Sum(c => total - actual[c] - predicted[c] + counts[c, c]) / classes.Sum(c => total - actual[c]),
        };
    }

    /// <summary>Area under the ROC curve of each class against all others, averaged.</summary>
    /// <param name="average">Macro or weighted.</param>
    public double RocAucOneVersusRest(Average average)
    {
        if (average == Average.Micro)
            throw new ArgumentOutOfRangeException(nameof(average), average, "Expected Macro or Weighted.");
        ClassMetrics[] classes = [.. PerClass.Where(c => double.IsFinite(c.RocAuc))];
        return average == Average.Macro ? classes.Average(c => c.RocAuc) : classes.Sum(c => c.Support * c.RocAuc) / classes.Sum(c => c.Support);
    }

    /// <summary>Area under the ROC curve of each pair of classes (Hand and Till 2001), averaged.</summary>
    /// <param name="average">Macro, or weighted by the rows of the pairs.</param>
    public double RocAucOneVersusOne(Average average) =>
        average == Average.Micro ? throw new ArgumentOutOfRangeException(nameof(average), average, "Expected Macro or Weighted.") : _sample.OneVersusOne(average);

    /// <summary>Share of the rows whose class is among the <paramref name="k"/> best-scored.</summary>
    /// <param name="k">From 1 to the number of classes.</param>
    public double TopKAccuracy(int k)
    {
        if (k < 1 || k > _sample.Classes)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"Expected 1 to the number of classes, {_sample.Classes}.");
        return _sample.TopK(k);
    }

    /// <summary>What the decisions cost, in total.</summary>
    /// <param name="costs">What a row costs, by its true (first index) and predicted class.</param>
    public double Cost(double[,] costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        double[,] counts = Counts;
        if (costs.GetLength(0) != _sample.Classes || costs.GetLength(1) != _sample.Classes)
            throw new ArgumentException($"The cost matrix is {costs.GetLength(0)} x {costs.GetLength(1)}; there are {_sample.Classes} classes.", nameof(costs));
        double sum = 0;
        for (int i = 0; i < _sample.Classes; i++)
        {
            for (int j = 0; j < _sample.Classes; j++)
                sum += costs[i, j] * counts[i, j];
        }

        return sum;
    }

    /// <summary>The points of a calibration plot of the likeliest class.</summary>
    /// <param name="bins">Bins of equal width; those without rows are left out.</param>
    /// <exception cref="InvalidOperationException">The scores are no probabilities.</exception>
    public IReadOnlyList<CalibrationBin> CalibrationCurve(int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (!_sample.AreProbabilities)
            throw new InvalidOperationException("The scores of the classes are no probabilities (they do not add up to 1), so there is nothing to calibrate.");
        return Reliability.Bins([.. _sample.Scores.Select(s => (double)s.Max())], i => MulticlassSample.Best(_sample.Scores[i]) == _sample.Labels[i], _sample.Weights, bins);
    }
}
