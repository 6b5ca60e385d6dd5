using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Imbalance;
using MLNetDeep.Imbalance.Ensembles;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>Sampling around trainers: in Fit only, with the trainer's own model as the result.</summary>
public class AroundTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IEstimator<NeuralNetworkTransformer> Network(int epochs = 2) => _ml.BinaryClassification.Trainers.NeuralNetwork(
        Networks.Mlp(hidden: [8]), "Label", "Features", new() { Epochs = epochs, BatchSize = 8, Optimizer = new Adam { LearningRate = 0.02f }, Seed = 1 });

    private static string Text(Rare row) => $"{row.Id} {string.Join(' ', row.Features.Select(BitConverter.SingleToInt32Bits))}";

    [Fact]
    public void No_row_that_was_made_up_reaches_a_validation_fold()
    {
        List<Rare> rows = Rare.List([120, 30]);
        IDataView data = Rare.View(_ml, rows);
        HashSet<string> original = [.. rows.Select(Text)];
        Recording<NeuralNetworkTransformer> trainer = new(_ml, Network());
        var folds = _ml.BinaryClassification.CrossValidate(data, _ml.Transforms.Imbalance.Smote(new() { Neighbors = 3 }).Around(trainer), numberOfFolds: 4, seed: 2);

        // Each row is scored in one fold, as it is and once.
        Assert.Equal(rows.Select(Text).Order(), folds.SelectMany(f => Rare.Read(_ml, f.ScoredHoldOutSet)).Select(Text).Order());
        Assert.Equal(4, trainer.Seen.Count);
        foreach ((var fold, List<Rare> seen) in folds.Zip(trainer.Seen))
        {
            // The trainer saw rows made up, of rows of other folds alone.
            HashSet<float> held = [.. Rare.Read(_ml, fold.ScoredHoldOutSet).Select(r => r.Id)];
            Assert.Contains(seen, r => !original.Contains(Text(r)));
            Assert.DoesNotContain(seen, r => held.Contains(r.Id));
            Assert.Equal(seen.Count(r => r.Label), seen.Count(r => !r.Label));
        }
    }

    [Fact]
    public void Transform_sees_all_rows_as_they_are()
    {
        IDataView data = Rare.View(_ml, Rare.List([60, 20]));
        ITransformer model = _ml.Transforms.NormalizeMinMax("Features").Append(_ml.Transforms.Imbalance.SmoteEnn().Around(Network())).Fit(data);
        Assert.Equal(Rare.Read(_ml, data).Select(r => r.Id), Rare.Read(_ml, model.Transform(data)).Select(r => r.Id));
        Assert.NotNull(_ml.BinaryClassification.Evaluate(model.Transform(data)));
    }

    [Fact]
    public void The_model_is_the_trainers_own_and_is_saved_as_such()
    {
        IDataView data = Rare.View(_ml, Rare.List([60, 20]));
        ImbalanceSampler sampler = _ml.Transforms.Imbalance.Adasyn(new() { Seed = 5 });
        NeuralNetworkTransformer model = sampler.Around(Network()).Fit(data), same = Network().Fit(sampler.Resample(data));
        using MemoryStream stream = new();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        Assert.IsType<NeuralNetworkTransformer>(Assert.IsAssignableFrom<IEnumerable<ITransformer>>(loaded is IEnumerable<ITransformer> ? loaded : new[] { loaded }).Last());
        Assert.Equal(Bits.Of(model.Transform(data), "Score"), Bits.Of(loaded.Transform(data), "Score"));
        Assert.Equal(Bits.Of(same.Transform(data), "Score"), Bits.Of(model.Transform(data), "Score"));
    }

    [Fact]
    public void The_schema_that_is_promised_is_the_trainers()
    {
        IDataView data = Rare.View(_ml, Rare.List([60, 20]));
        SchemaShape shape = Schemas.Shape(data.Schema);
        IEstimator<NeuralNetworkTransformer> around = _ml.Transforms.Imbalance.TomekLinks().Around(Network());
        Schemas.Keeps(around.GetOutputSchema(shape), around.Fit(data).GetOutputSchema(data.Schema));
        Assert.Contains("'Label'", Assert.Throws<ArgumentException>(() => around.GetOutputSchema(Schemas.Shape(_ml.Transforms.DropColumns("Label").Fit(data).Transform(data).Schema))).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Ensembles => ["BalancedBagging", "EasyEnsemble", "RusBoost"];

    private IEstimator<EnsembleTransformer> Around(string ensemble, IEstimator<ITransformer> trainer, string label = "Label") => ensemble switch
    {
        "BalancedBagging" => _ml.Transforms.Imbalance.BalancedBagging(new() { LabelColumnName = label, Members = 3, Seed = 2 }).Around(trainer),
        "EasyEnsemble" => _ml.Transforms.Imbalance.EasyEnsemble(new() { LabelColumnName = label, Subsets = 2, Rounds = 2, Seed = 2 }).Around(trainer),
        _ => _ml.Transforms.Imbalance.RusBoost(new() { LabelColumnName = label, Rounds = 3, Seed = 2 }).Around(trainer),
    };

    [Theory]
    [MemberData(nameof(Ensembles))]
    public void Ensembles_of_two_classes_keep_their_promises(string name)
    {
        IDataView data = Rare.View(_ml, Rare.List([120, 30], apart: 1.6f));
        IEstimator<EnsembleTransformer> estimator = Around(name, Network(epochs: 20));
        EnsembleTransformer model = estimator.Fit(data);
        Assert.True(model.Models.Count > 1);
        Assert.Equal(1, model.Weights.Sum(), 1e-12);
        DataViewSchema schema = model.GetOutputSchema(data.Schema);
        Schemas.Keeps(estimator.GetOutputSchema(Schemas.Shape(data.Schema)), schema);
        IDataView scored = model.Transform(data);
        Assert.Equal(Schemas.Describe(schema), Schemas.Describe(scored.Schema));

        // The weighted mean of probabilities, and its odds.
        float[] probabilities = [.. scored.GetColumn<float>("Probability")];
        float[][] each = [.. model.Models.Select(m => m.Transform(data).GetColumn<float>("Probability").ToArray())];
        Assert.All(probabilities.Select((p, i) => (p, each.Select((e, m) => model.Weights[m] * e[i]).Sum())), p => Assert.Equal(p.Item2, p.p, 1e-5));
        Assert.All(scored.GetColumn<float>("Score").Zip(probabilities), p => Assert.Equal(Math.Log(p.Second / (1.0 - p.Second)), p.First, 1e-3));
        Assert.Equal(probabilities.Select(p => p > 0.5f), scored.GetColumn<bool>("PredictedLabel"));
        Assert.True(_ml.BinaryClassification.Evaluate(scored).AreaUnderRocCurve > 0.8);
        Saved_it_is_the_same(model, data);

        using PredictionEngine<Rare, Answer> engine = _ml.Model.CreatePredictionEngine<Rare, Answer>(model);
        Assert.All(Rare.Read(_ml, data).Take(20).Zip(probabilities), p => Assert.Equal(p.Second, engine.Predict(p.First).Probability, 1e-6f));
    }

    [Theory]
    [MemberData(nameof(Ensembles))]
    public void Ensembles_of_several_classes_keep_their_promises(string name)
    {
        IDataView data = Rare.View(_ml, Rare.List([90, 40, 20], apart: 2));
        IEstimator<EnsembleTransformer> estimator = Around(
            name,
            _ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8]), "Key", "Features", new() { Epochs = 20, BatchSize = 8, Optimizer = new Adam { LearningRate = 0.02f }, Seed = 1 }),
            "Key");
        EnsembleTransformer model = estimator.Fit(data);
        Schemas.Keeps(estimator.GetOutputSchema(Schemas.Shape(data.Schema)), model.GetOutputSchema(data.Schema));
        IDataView scored = model.Transform(data);
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        float[][][] each = [.. model.Models.Select(m => m.Transform(data).GetColumn<float[]>("Score").ToArray())];
        for (int i = 0; i < scores.Length; i++)
            Assert.All(Enumerable.Range(0, 3), c => Assert.Equal(each.Select((e, m) => model.Weights[m] * e[i][c]).Sum(), scores[i][c], 1e-5));
        Assert.Equal(scores.Select(s => (uint)Array.IndexOf(s, s.Max()) + 1), scored.GetColumn<uint>("PredictedLabel"));
        Assert.True(_ml.MulticlassClassification.Evaluate(scored, "Key").MacroAccuracy > 0.5);
        Assert.Equal(["a", "b", "c"], _ml.Transforms.Conversion.MapKeyToValue("Said", "PredictedLabel").Fit(scored).Transform(scored).GetColumn<string>("Said").Distinct().Order());
        Saved_it_is_the_same(model, data);
    }

    private void Saved_it_is_the_same(EnsembleTransformer model, IDataView data)
    {
        using MemoryStream stream = new();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        Assert.Equal(Bits.Of(model.Transform(data), "Score"), Bits.Of(loaded.Transform(data), "Score"));
        Assert.Equal(Schemas.Describe(model.GetOutputSchema(data.Schema)), Schemas.Describe(loaded.GetOutputSchema(data.Schema)));
    }

    [Fact]
    public void Members_of_ensembles_see_balanced_rows()
    {
        List<Rare> rows = Rare.List([120, 30]);
        IDataView data = Rare.View(_ml, rows);
        Recording<NeuralNetworkTransformer> trainer = new(_ml, Network());
        Around("BalancedBagging", trainer).Fit(data);
        Assert.All(trainer.Seen, s => Assert.Equal((30, 30), (s.Count(r => r.Label), s.Count(r => !r.Label))));
        Assert.All(trainer.Seen, s => Assert.True(s.Select(r => r.Id).Distinct().Count() < 60));
        Assert.NotEqual(trainer.Seen[0].Select(r => r.Id).Order(), trainer.Seen[1].Select(r => r.Id).Order());

        trainer.Seen.Clear();
        _ml.Transforms.Imbalance.BalancedBagging(new() { Members = 2, Sampler = _ml.Transforms.Imbalance.Smote() }).Around(trainer).Fit(data);
        Assert.All(trainer.Seen, s => Assert.Equal((120, 120), (s.Count(r => r.Label), s.Count(r => !r.Label))));
        Assert.NotEqual(trainer.Seen[0].Select(Text).Order(), trainer.Seen[1].Select(Text).Order());

        trainer.Seen.Clear();
        _ml.Transforms.Imbalance.EasyEnsemble(new() { Subsets = 3, Rounds = 1 }).Around(trainer).Fit(data);
        Assert.Equal(3, trainer.Seen.Count);
        Assert.All(trainer.Seen, s => Assert.Equal((30, 30, 60), (s.Count(r => r.Label), s.Count(r => !r.Label), s.DistinctBy(r => r.Id).Count())));
    }

    [Fact]
    public void Boosting_draws_what_was_wrong_more_often()
    {
        List<Rare> rows = Rare.List([60, 60], apart: 0.6f);
        IDataView data = Rare.View(_ml, rows);
        Recording<NeuralNetworkTransformer> trainer = new(_ml, Network(epochs: 30));
        EnsembleTransformer model = _ml.Transforms.Imbalance.RusBoost(new() { Rounds = 2, Seed = 1 }).Around(trainer).Fit(data);
        Assert.Equal(120, trainer.Seen[0].DistinctBy(r => r.Id).Count());
        float[] given = [.. model.Models[0].Transform(data).GetColumn<float>("Probability")];
        bool IsWrong(Rare r) => given[(int)r.Id] > 0.5f != r.Label;
        int wrong = rows.Count(IsWrong);
        Assert.True(wrong > 3);
        Assert.True(trainer.Seen[1].Count(IsWrong) > 1.2 * wrong, $"{wrong}, then {trainer.Seen[1].Count(IsWrong)}");
    }

    private sealed class Answer
    {
        public float Probability { get; set; }
    }
}
