using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Imbalance;
using MLNetDeep.Imbalance.Ensembles;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>Samplers and ensembles around trainers of ML.NET's own.</summary>
public sealed class StockTrainerTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-stock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Features under the name that the fresh process gives rows of three numbers.
    private IDataView View(List<Rare> rows)
    {
        IDataView data = Rare.View(_ml, rows);
        return _ml.Transforms.CopyColumns("Point", "Features").Fit(data).Transform(data);
    }

    private ImbalanceSampler Sampler(string name, string label, string features) => name switch
    {
        "RandomOverSampler" => _ml.Transforms.Imbalance.RandomOverSampler(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
        "RandomUnderSampler" => _ml.Transforms.Imbalance.RandomUnderSampler(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
        "Smote" => _ml.Transforms.Imbalance.Smote(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
        "BorderlineSmote" => _ml.Transforms.Imbalance.BorderlineSmote(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
        "KMeansSmote" => _ml.Transforms.Imbalance.KMeansSmote(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
        "Adasyn" => _ml.Transforms.Imbalance.Adasyn(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
        "Rose" => _ml.Transforms.Imbalance.Rose(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
        "NearMiss" => _ml.Transforms.Imbalance.NearMiss(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
        "SmoteTomek" => _ml.Transforms.Imbalance.SmoteTomek(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
        "SmoteEnn" => _ml.Transforms.Imbalance.SmoteEnn(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
        _ => _ml.Transforms.Imbalance.InstanceHardness(new() { LabelColumnName = label, FeatureColumnName = features, Seed = 3 }),
    };

    public static TheoryData<string> Samplers =>
        ["RandomOverSampler", "RandomUnderSampler", "Smote", "BorderlineSmote", "KMeansSmote", "Adasyn", "Rose", "NearMiss", "SmoteTomek", "SmoteEnn", "InstanceHardness"];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void More_rare_rows_are_found(string sampler)
    {
        IDataView data = View(Rare.List([400, 40], apart: 0.8f)), test = View(Rare.List([400, 100], seed: 2, apart: 0.8f));
        var trainer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(featureColumnName: "Point");
        var around = Sampler(sampler, "Label", "Point").Around(trainer);
        Schemas.Keeps(around.GetOutputSchema(Schemas.Shape(data.Schema)), around.Fit(data).GetOutputSchema(data.Schema));
        double plain = _ml.BinaryClassification.Evaluate(trainer.Fit(data).Transform(test)).PositiveRecall, helped = _ml.BinaryClassification.Evaluate(around.Fit(data).Transform(test)).PositiveRecall;
        Assert.True(helped > plain + 0.15, $"{plain} and {helped}");
    }

    [Theory]
    [InlineData("Smote")]
    [InlineData("RandomUnderSampler")]
    [InlineData("Rose")]
    public void More_rare_rows_of_several_classes_are_found(string sampler)
    {
        IDataView data = View(Rare.List([400, 40, 30], apart: 0.8f)), test = View(Rare.List([200, 200, 200], seed: 2, apart: 0.8f));
        var trainer = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key", "Point");
        double plain = _ml.MulticlassClassification.Evaluate(trainer.Fit(data).Transform(test), "Key").MacroAccuracy;
        double helped = _ml.MulticlassClassification.Evaluate(Sampler(sampler, "Key", "Point").Around(trainer).Fit(data).Transform(test), "Key").MacroAccuracy;
        Assert.True(helped > plain + 0.1, $"{plain} and {helped}");
    }

    [Fact]
    public void The_model_is_the_trainers_own_type()
    {
        IDataView data = View(Rare.List([100, 30]));
        var around = _ml.Transforms.Imbalance.Smote(new() { Seed = 3 }).Around(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression());

        // The type says so to the compiler: weights are at hand.
        Assert.Equal(Rare.Size, around.Fit(data).Model.SubModel.Weights.Count);
        var folds = _ml.BinaryClassification.CrossValidate(data, around, numberOfFolds: 3);
        Assert.Equal(130, folds.Sum(f => Rare.Read(_ml, f.ScoredHoldOutSet).Count));
        Assert.All(folds, f => Assert.True(f.Metrics.AreaUnderRocCurve > 0.6));
    }

    [Fact]
    public void In_a_process_that_knows_ML_NET_only_it_scores_the_same()
    {
        List<Rare> rows = Rare.List([100, 30]);
        IDataView data = View(rows);
        var trainer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(featureColumnName: "Point");
        Fresh(_ml.Transforms.Imbalance.Smote(new() { FeatureColumnName = "Point", Seed = 3 }).Around(trainer).Fit(data), rows, "Score", "Probability", "PredictedLabel");
        foreach (string name in AroundTests.Ensembles)
            Fresh(Ensemble(name, trainer).Fit(data), rows, "Score", "Probability", "PredictedLabel");
        Fresh(Ensemble("BalancedBagging", _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key", "Point"), "Key").Fit(data), rows, "Score", "PredictedLabel");
    }

    private IEstimator<EnsembleTransformer> Ensemble(string ensemble, IEstimator<ITransformer> trainer, string label = "Label") => ensemble switch
    {
        "BalancedBagging" => _ml.Transforms.Imbalance.BalancedBagging(new() { LabelColumnName = label, Members = 3, Seed = 2 }).Around(trainer),
        "EasyEnsemble" => _ml.Transforms.Imbalance.EasyEnsemble(new() { LabelColumnName = label, Subsets = 2, Rounds = 2, Seed = 2 }).Around(trainer),
        _ => _ml.Transforms.Imbalance.RusBoost(new() { LabelColumnName = label, Rounds = 3, Seed = 2 }).Around(trainer),
    };

    [Theory]
    [MemberData(nameof(AroundTests.Ensembles), MemberType = typeof(AroundTests))]
    public void Ensembles_find_more_rare_rows(string name)
    {
        IDataView data = View(Rare.List([400, 40], apart: 0.8f)), test = View(Rare.List([400, 100], seed: 2, apart: 0.8f));
        var trainer = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression();
        IEstimator<EnsembleTransformer> around = Ensemble(name, trainer);
        EnsembleTransformer model = around.Fit(data);
        Schemas.Keeps(around.GetOutputSchema(Schemas.Shape(data.Schema)), model.GetOutputSchema(data.Schema));
        double plain = _ml.BinaryClassification.Evaluate(trainer.Fit(data).Transform(test)).PositiveRecall, helped = _ml.BinaryClassification.Evaluate(model.Transform(test)).PositiveRecall;
        Assert.True(helped > plain + 0.15, $"{plain} and {helped}");

        float[][] each = [.. model.Models.Select(m => m.Transform(test).GetColumn<float>("Probability").ToArray())];
        Assert.All(model.Transform(test).GetColumn<float>("Probability").Select((p, i) => (p, each.Select((e, m) => model.Weights[m] * e[i]).Sum())), p => Assert.Equal(p.Item2, p.p, 1e-5));
        var folds = _ml.BinaryClassification.CrossValidate(data, around, numberOfFolds: 3);
        Assert.All(folds, f => Assert.True(f.Metrics.AreaUnderRocCurve > 0.6));
    }

    private void Fresh(ITransformer model, List<Rare> rows, params string[] columns)
    {
        FreshProcess.WordRow[] words = [.. rows.Take(25).Select(r => new FreshProcess.WordRow { Point = r.Features })];
        string file = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, _ml.Data.LoadFromEnumerable(words).Schema, file);
        Assert.Equal(FreshProcess.Describe(_ml, model, words, columns), FreshProcess.Describe(file, _folder, words, columns));
    }
}
