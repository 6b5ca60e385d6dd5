using Microsoft.ML;
using MLNetDeep.Generation;
using MLNetDeep.Imbalance;
using MLNetDeep.Optimizers;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>Samplers whose new rows a model of the table makes.</summary>
public class TabularSamplerTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Kinds => ["gan", "vae"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Made_rows_balance_the_classes_and_are_like_those_of_their_class(string kind)
    {
        List<Rare> rows = Rare.List([200, 60, 40], apart: 6);
        IDataView data = Rare.View(_ml, rows), resampled = Sampler(kind, epochs: 60).Resample(data);
        List<Rare> all = Rare.Read(_ml, resampled);
        Assert.All(all.CountBy(r => r.Kind), c => Assert.Equal(200, c.Value));
        HashSet<string> known = [.. rows.Select(Text)];
        List<Rare> made = [.. all.Where(r => !known.Contains(Text(r)))];
        Assert.Equal(300, made.Count);
        Assert.Equal(known.Order(), all.Where(r => known.Contains(Text(r))).Select(Text).Order());

        // Classes lie apart along a slot of their own: 3 for b in slot 1, 6 for c in slot 2.
        foreach (string name in (string[])["b", "c"])
        {
            float[] real = Mean(rows.Where(r => r.Kind == name)), mean = Mean(made.Where(r => r.Kind == name));
            Assert.All(real.Zip(mean), p => Assert.InRange(p.Second, p.First - 1.6f, p.First + 1.6f));
        }

        // What is not made is a row's of the class.
        Assert.All(made, r => Assert.Equal(r.Kind == "b" ? 2 : 3, r.Weight));
        Assert.Equal(all.Select(Text), Rare.Read(_ml, resampled).Select(Text));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Columns_of_all_kinds_are_made_for_a_chain_that_encodes_them(string kind)
    {
        IDataView data = Rare.View(_ml, Rare.List([150, 40]));
        IEstimator<ITransformer> chain = _ml.Transforms.Categorical.OneHotEncoding("Code", "Town").Append(_ml.Transforms.Concatenate("All", "Features", "Code"))
            .Append(_ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8]), "Label", "All", new() { Epochs = 2, Seed = 1 }));
        ImbalanceSampler sampler = Sampler(kind, epochs: 5, label: "Label", columns: ["Features", "Town"]);
        List<Rare> all = Rare.Read(_ml, sampler.Resample(data));
        Assert.Equal(150, all.Count(r => r.Label));
        Assert.All(all, r => Assert.Contains(r.Town, (string[])["Rome", "Bonn"]));

        // Transform sees the rows as they are.
        ITransformer model = sampler.Around(chain).Fit(data);
        Assert.Equal(Rare.Read(_ml, data).Select(r => r.Id), Rare.Read(_ml, model.Transform(data)).Select(r => r.Id));
        Assert.NotNull(_ml.BinaryClassification.Evaluate(model.Transform(data)));
    }

    [Fact]
    public void No_row_that_was_made_reaches_a_validation_fold()
    {
        List<Rare> rows = Rare.List([120, 30]);
        HashSet<string> original = [.. rows.Select(Text)];
        Recording<NeuralNetworkTransformer> trainer = new(_ml, _ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8]), "Label", "Features", new() { Epochs = 2, Seed = 1 }));
        var folds = _ml.BinaryClassification.CrossValidate(Rare.View(_ml, rows), Sampler("vae", epochs: 3, label: "Label").Around(trainer), numberOfFolds: 3, seed: 2);
        Assert.Equal(rows.Select(Text).Order(), folds.SelectMany(f => Rare.Read(_ml, f.ScoredHoldOutSet)).Select(Text).Order());
        Assert.All(trainer.Seen, seen => Assert.Contains(seen, r => !original.Contains(Text(r))));
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        IDataView data = Rare.View(_ml, Rare.List([80, 30]));
        string[] Rows(int seed) => [.. Rare.Read(_ml, Sampler("vae", epochs: 2, label: "Label", seed: seed).Resample(data)).Select(Text)];
        Assert.Equal(Rows(3), Rows(3));
        Assert.NotEqual(Rows(3), Rows(4));
    }

    [Fact]
    public void Bad_input_is_named()
    {
        IDataView data = Rare.View(_ml, Rare.List([80, 30])), single = Rare.View(_ml, Rare.List([20, 1]));
        string Fails(ImbalanceSampler sampler, IDataView rows) => Assert.ThrowsAny<ArgumentException>(() => sampler.Resample(rows)).Message;
        foreach (string kind in (string[])["gan", "vae"])
        {
            Assert.Contains("'True' has one row only", Fails(Sampler(kind, label: "Label"), single), StringComparison.Ordinal);
            Assert.Contains("'Label' is among the columns to make", Fails(Sampler(kind, label: "Label", columns: ["Label", "Features"]), data), StringComparison.Ordinal);
            Assert.Contains("'Nothing' is not in the data", Fails(Sampler(kind, label: "Label", columns: ["Nothing"]), data), StringComparison.Ordinal);
        }

        Assert.Contains("Epochs is 0", Assert.Throws<ArgumentException>(() => Sampler("gan", epochs: 0)).Message, StringComparison.Ordinal);
    }

    private static string Text(Rare row) => $"{row.Id} {string.Join(' ', row.Features.Select(BitConverter.SingleToInt32Bits))}";

    private static float[] Mean(IEnumerable<Rare> rows)
    {
        Rare[] all = [.. rows];
        return [.. Enumerable.Range(0, Rare.Size).Select(s => all.Average(r => r.Features[s]))];
    }

    private ImbalanceSampler Sampler(string kind, int epochs = 1, string label = "Key", IReadOnlyList<string>? columns = null, int seed = 3) => kind == "gan"
        ? _ml.Transforms.Imbalance.TabularGan(new()
        {
            LabelColumnName = label,
            ColumnNames = columns,
            Seed = seed,
            Training = new TabularGanTrainer.Options
            {
                Epochs = epochs * 4,
                LatentSize = 8,
                GeneratorUnits = [32],
                DiscriminatorUnits = [32],
                GeneratorOptimizer = new Adam { LearningRate = 2e-3f, Beta1 = 0.5f, Beta2 = 0.9f },
                DiscriminatorOptimizer = new Adam { LearningRate = 2e-3f, Beta1 = 0.5f, Beta2 = 0.9f },
                BatchSize = 50,
            },
        })
        : _ml.Transforms.Imbalance.TabularVae(new()
        {
            LabelColumnName = label,
            ColumnNames = columns,
            Seed = seed,
            Training = new TabularVaeTrainer.Options { Epochs = epochs * 4, LatentSize = 8, EncoderUnits = [32], DecoderUnits = [32], Optimizer = new Adam { LearningRate = 3e-3f }, BatchSize = 50 },
        });
}
