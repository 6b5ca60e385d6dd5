using Microsoft.ML.Tests.Support;

namespace Microsoft.ML.Tests.Evaluation;

/// <summary>Cross-validation, with normalisers standing in for trainers: what they learn depends on the rows they are given.</summary>
public class CrossValidationTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Row
    {
        Group = i / 6, X = i * 37 % 61, Label = i * 37 % 61 / 30f, Flag = i * 37 % 61 + i % 5 > 30, Name = "abc"[i % 3].ToString(),
        A = i % 3 == 0 ? 3 : 1, B = i % 4, C = i * 7 % 5,
    }));

    private IEstimator<ITransformer> Regressor() => _ml.Transforms.NormalizeMinMax("Score", "X");

    private IEstimator<ITransformer> BinaryClassifier() => _ml.Transforms.NormalizeMeanVariance("Score", "X", fixZero: false)
        .Append(_ml.Transforms.NormalizeMinMax("Probability", "X")).Append(_ml.Transforms.CopyColumns("PredictedLabel", "Flag"));

    private IEstimator<ITransformer> MulticlassClassifier() => _ml.Transforms.Conversion.MapValueToKey("Label", "Name")
        .Append(_ml.Transforms.CopyColumns("PredictedLabel", "Label"))
        .Append(_ml.Transforms.Concatenate("Score", "A", "B", "C")).Append(_ml.Transforms.NormalizeMinMax("Score"));

    [Fact]
    public void Each_fold_is_fitted_on_the_others_and_evaluated_on_itself()
    {
        var data = Data();
        var results = _ml.Regression.CrossValidate(data, Regressor(), numberOfFolds: 3, seed: 7);
        var splits = _ml.Data.CrossValidationSplit(data, numberOfFolds: 3, seed: 7);
        Assert.Equal([0, 1, 2], results.Select(result => result.Fold));
        foreach (var (result, split) in results.Zip(splits))
        {
            var scored = Regressor().Fit(split.TrainSet).Transform(split.TestSet);
            Assert.Equal(Text.Rows(scored, "Score", "X"), Text.Rows(result.ScoredHoldOutSet, "Score", "X"));
            Assert.Equal(Text.Rows(scored, "Score", "X"), Text.Rows(result.Model.Transform(split.TestSet), "Score", "X"));
            Assert.Equal(MetricsText.Of(_ml.Regression.Evaluate(scored)), MetricsText.Of(result.Metrics));
        }
    }

    [Fact]
    public void Folds_are_repeatable_by_seed()
    {
        string Folds(int? seed, int contextSeed) => string.Join("\n", new MLContext(contextSeed).Regression.CrossValidate(Data(), Regressor(), seed: seed)
            .Select(result => Text.Rows(result.ScoredHoldOutSet, "X").Replace('\n', ' ') + ": " + MetricsText.Of(result.Metrics)));
        Assert.Equal(Folds(seed: 7, contextSeed: 1), Folds(seed: 7, contextSeed: 1));
        Assert.Equal(Folds(seed: null, contextSeed: 1), Folds(seed: null, contextSeed: 1));
        Assert.NotEqual(Folds(seed: 7, contextSeed: 1), Folds(seed: 8, contextSeed: 1));
        Assert.NotEqual(Folds(seed: null, contextSeed: 1), Folds(seed: null, contextSeed: 2));
    }

    [Fact]
    public void Folds_cover_the_data_once()
    {
        var results = _ml.Regression.CrossValidate(Data(), Regressor());
        Assert.Equal(5, results.Count);
        var seen = results.SelectMany(result => Text.Rows(result.ScoredHoldOutSet, "X").Split('\n')).Select(int.Parse).Order();
        Assert.Equal(Text.Rows(Data(), "X").Split('\n').Select(int.Parse).Order(), seen);
    }

    [Fact]
    public void Rows_of_one_group_stay_in_one_fold()
    {
        var results = _ml.Regression.CrossValidate(Data(), Regressor(), numberOfFolds: 3, samplingKeyColumnName: "Group");
        var groups = results.SelectMany(result => Text.Rows(result.ScoredHoldOutSet, "Group").Split('\n').Distinct());
        Assert.Equal(10, groups.Count());
    }

    [Fact]
    public void Binary_with_and_without_probabilities()
    {
        var data = Data();
        var splits = _ml.Data.CrossValidationSplit(data, numberOfFolds: 4, seed: 3);
        var calibrated = _ml.BinaryClassification.CrossValidate(data, BinaryClassifier(), numberOfFolds: 4, labelColumnName: "Flag", seed: 3);
        var plain = _ml.BinaryClassification.CrossValidateNonCalibrated(data, BinaryClassifier(), numberOfFolds: 4, labelColumnName: "Flag", seed: 3);
        for (int fold = 0; fold < 4; fold++)
        {
            var scored = BinaryClassifier().Fit(splits[fold].TrainSet).Transform(splits[fold].TestSet);
            Assert.Equal(MetricsText.Of(_ml.BinaryClassification.Evaluate(scored, "Flag")), MetricsText.Of(calibrated[fold].Metrics));
            Assert.Equal(MetricsText.Of(_ml.BinaryClassification.EvaluateNonCalibrated(scored, "Flag")), MetricsText.Of(plain[fold].Metrics));
        }
    }

    [Fact]
    public void Multiclass()
    {
        var data = Data();
        var splits = _ml.Data.CrossValidationSplit(data, numberOfFolds: 2, seed: 3);
        var results = _ml.MulticlassClassification.CrossValidate(data, MulticlassClassifier(), numberOfFolds: 2, seed: 3);
        for (int fold = 0; fold < 2; fold++)
        {
            var scored = MulticlassClassifier().Fit(splits[fold].TrainSet).Transform(splits[fold].TestSet);
            Assert.Equal(MetricsText.Of(_ml.MulticlassClassification.Evaluate(scored)), MetricsText.Of(results[fold].Metrics));
        }
    }

    [Fact]
    public void One_fold_is_not_enough_and_missing_columns_are_named()
    {
        Assert.NotNull(Record.Exception(() => _ml.Regression.CrossValidate(Data(), Regressor(), numberOfFolds: 1)));
        Assert.Contains("Nowhere", Record.Exception(() => _ml.Regression.CrossValidate(Data(), Regressor(), labelColumnName: "Nowhere"))!.Message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public int Group { get; set; }
        public float X { get; set; }
        public float Label { get; set; }
        public bool Flag { get; set; }
        public string Name { get; set; } = "";
        public float A { get; set; }
        public float B { get; set; }
        public float C { get; set; }
    }
}
