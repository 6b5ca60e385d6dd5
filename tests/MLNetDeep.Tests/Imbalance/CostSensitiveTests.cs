using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>Cost-sensitive learning through the trainers of ML.NET's catalogs, from options to a saved model: rare rows are found that a plain network misses.</summary>
public sealed class CostSensitiveTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-cost-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Classes overlap, so that a network that is trained for accuracy gives the rare one up. A row of it costs ten.
    private IDataView View(int[] counts, int seed = 1, float apart = 0.7f)
    {
        List<Rare> rows = Rare.List(counts, seed, apart);
        foreach (Rare row in rows)
            row.Weight = row.Kind == "a" ? 1 : 10;
        IDataView data = Rare.View(_ml, rows);
        return _ml.Transforms.CopyColumns("Point", "Features").Fit(data).Transform(data);
    }

    private NeuralNetworkTransformer Binary(IDataView data, Action<BinaryNeuralNetworkTrainer.Options>? set = null)
    {
        BinaryNeuralNetworkTrainer.Options options = new() { Network = Networks.Mlp(hidden: [8]), FeatureColumnName = "Point", Epochs = 40, BatchSize = 16, Optimizer = new Adam { LearningRate = 0.01f }, Seed = 1 };
        set?.Invoke(options);
        return _ml.BinaryClassification.Trainers.NeuralNetwork(options).Fit(data);
    }

    private NeuralNetworkTransformer Multiclass(IDataView data, Action<MulticlassNeuralNetworkTrainer.Options>? set = null)
    {
        MulticlassNeuralNetworkTrainer.Options options = new()
            { Network = Networks.Mlp(hidden: [8]), LabelColumnName = "Key", FeatureColumnName = "Point", Epochs = 40, BatchSize = 16, Optimizer = new Adam { LearningRate = 0.01f }, Seed = 1 };
        set?.Invoke(options);
        return _ml.MulticlassClassification.Trainers.NeuralNetwork(options).Fit(data);
    }

    public static TheoryData<string> Ways => ["balanced", "effective", "given", "cost column", "batches", "logits", "alpha", "class-balanced focal"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void More_rows_of_the_rare_class_are_found(string way)
    {
        IDataView data = View([400, 30]), test = View([300, 100], seed: 2);
        NeuralNetworkTransformer plain = Binary(data), helped = Binary(data, o =>
        {
            switch (way)
            {
                case "balanced": o.ClassWeights = ClassWeights.Balanced; break;
                case "effective": o.ClassWeights = ClassWeights.EffectiveNumber(); break;
                case "given": o.ClassWeights = ClassWeights.Of(("True", 10)); break;
                case "cost column": o.ExampleWeightColumnName = "Weight"; break;
                case "batches": o.BalancedBatches = true; break;
                case "logits": o.Loss = new BinaryCrossentropy { LogitAdjustment = 1 }; break;
                case "alpha": o.Loss = new BinaryCrossentropy { FocalGamma = 2, FocalAlpha = 0.93f }; break;
                default:
                    o.ClassWeights = ClassWeights.EffectiveNumber();
                    o.Loss = new BinaryCrossentropy { FocalGamma = 2 };
                    break;
            }
        });
        double before = _ml.BinaryClassification.Evaluate(plain.Transform(test)).PositiveRecall, after = _ml.BinaryClassification.Evaluate(helped.Transform(test)).PositiveRecall;
        Assert.True(before < 0.5 && after > before + 0.2, $"{way}: {before} and {after}");
        Is_the_same_in_a_fresh_process(helped, "Score", "Probability", "PredictedLabel");
    }

    [Theory]
    [InlineData("balanced")]
    [InlineData("effective")]
    [InlineData("given")]
    [InlineData("cost column")]
    [InlineData("batches")]
    [InlineData("logits")]
    [InlineData("class-balanced focal")]
    public void More_rows_of_rare_classes_are_found(string way)
    {
        IDataView data = View([400, 30, 20]), test = View([200, 200, 200], seed: 2);
        NeuralNetworkTransformer plain = Multiclass(data), helped = Multiclass(data, o =>
        {
            switch (way)
            {
                case "balanced": o.ClassWeights = ClassWeights.Balanced; break;
                case "effective": o.ClassWeights = ClassWeights.EffectiveNumber(); break;
                case "given": o.ClassWeights = ClassWeights.Of(("b", 10), ("c", 15)); break;
                case "cost column": o.ExampleWeightColumnName = "Weight"; break;
                case "batches": o.BalancedBatches = true; break;
                case "logits": o.Loss = new SparseCategoricalCrossentropy { LogitAdjustment = 1 }; break;
                default:
                    o.ClassWeights = ClassWeights.EffectiveNumber();
                    o.Loss = new SparseCategoricalCrossentropy { FocalGamma = 2 };
                    break;
            }
        });
        double before = Rarest(plain.Transform(test)), after = Rarest(helped.Transform(test));
        Assert.True(after > before + 0.15, $"{way}: {before} and {after}");
        Is_the_same_in_a_fresh_process(helped, "Score", "PredictedLabel");

        double Rarest(IDataView scored) => _ml.MulticlassClassification.Evaluate(scored, "Key").ConfusionMatrix.PerClassRecall.Skip(1).Average();
    }

    [Fact]
    public void Focal_loss_makes_less_of_easy_rows()
    {
        // It is symmetric about one half, so that the decision stays; what it changes is that a network grows less sure.
        IDataView data = View([400, 30]), test = View([300, 100], seed: 2);
        NeuralNetworkTransformer plain = Binary(data), focal = Binary(data, o => o.Loss = new BinaryCrossentropy { FocalGamma = 2 });
        Assert.True(RareProbability(focal) > RareProbability(plain) + 0.05, $"{RareProbability(plain)} and {RareProbability(focal)}");
        Is_the_same_in_a_fresh_process(focal, "Score", "Probability", "PredictedLabel");

        IDataView several = View([400, 30, 20]);
        double Sure(NeuralNetworkTransformer model) => model.Transform(several).GetColumn<float[]>("Score").Average(s => s.Max());
        Assert.True(Sure(Multiclass(several, o => o.Loss = new SparseCategoricalCrossentropy { FocalGamma = 2 })) < Sure(Multiclass(several)) - 0.05);

        double RareProbability(NeuralNetworkTransformer model) =>
            model.Transform(test).GetColumn<float>("Probability").Zip(test.GetColumn<bool>("Label")).Where(p => p.Second).Average(p => p.First);
    }

    [Fact]
    public void A_margin_gives_the_rare_class_more_room()
    {
        // Where classes are apart: the border lies nearer to the frequent one, so that rare rows that come later and lie further out are found.
        IDataView data = View([400, 30], apart: 2.6f), test = View([300, 300], seed: 2, apart: 1.9f);
        void Set(BinaryNeuralNetworkTrainer.Options o, BinaryCrossentropy loss)
        {
            o.Epochs = 120;
            o.Loss = loss;
        }

        NeuralNetworkTransformer plain = Binary(data, o => Set(o, new())), margin = Binary(data, o => Set(o, new() { Margin = 4, MarginScale = 2 }));
        double before = _ml.BinaryClassification.Evaluate(plain.Transform(test)).PositiveRecall, after = _ml.BinaryClassification.Evaluate(margin.Transform(test)).PositiveRecall;
        Assert.True(after > before + 0.03, $"{before} and {after}");
        Is_the_same_in_a_fresh_process(margin, "Score", "Probability", "PredictedLabel");
    }

    private void Is_the_same_in_a_fresh_process(ITransformer model, params string[] columns)
    {
        FreshProcess.WordRow[] rows = [.. Rare.List([10, 10], seed: 3).Select(r => new FreshProcess.WordRow { Point = r.Features })];
        string file = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, _ml.Data.LoadFromEnumerable(rows).Schema, file);
        Assert.Equal(FreshProcess.Describe(_ml, model, rows, columns), FreshProcess.Describe(file, _folder, rows, columns));
    }
}
