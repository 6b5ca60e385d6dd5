using Microsoft.ML;
using MLNetDeep.Evaluation.Tests.Support;

namespace MLNetDeep.Evaluation.Tests;

public sealed class ImportanceTests
{
    private static MLContext Ml => Scored.Ml;

    [Fact]
    public void What_the_model_uses_matters_and_what_it_does_not_is_zero()
    {
        IDataView data = Scored.View(Scored.Cases(300, 0.4));
        ITransformer model = Scored.Formula(Ml).Fit(data);
        IReadOnlyList<FeatureImportance> importance = Ml.BinaryClassification.ColumnImportance(model, data, new() { Features = ["X", "Y", "Color"] });
        Assert.Equal("X", importance[0].Name);
        Assert.True(importance[0].Mean > 0.1, $"{importance[0]}");
        Assert.All(importance.Skip(1), i => Assert.Equal((0, 0), (i.Mean, i.StandardDeviation)));
        Assert.Equal(importance, Ml.BinaryClassification.ColumnImportance(model, data, new() { Features = ["X", "Y", "Color"] }));
    }

    [Fact]
    public void Texts_before_a_pipeline_and_slots_of_vectors_are_looked_at()
    {
        IDataView data = Scored.View(Scored.Cases(300, 0.4));
        ITransformer byText = Ml.Transforms.CustomMapping<Case, WithScore>((c, o) => o.Score = -c.Color.Length, "length of a text").Fit(data);
        Assert.Equal("Color", Ml.BinaryClassification.ColumnImportance(byText, data, new() { Features = ["Color", "X"] })[0].Name);

        // Of a context of its own: what others draw from a shared one would move its seed.
        ITransformer network = new MLContext(seed: 1).BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8]), epochs: 60, batchSize: 16).Fit(data);
        IReadOnlyList<FeatureImportance> slots = Ml.BinaryClassification.ColumnImportance(network, data);
        Assert.Equal(["Features[0]", "Features[1]"], slots.Select(s => s.Name));
        Assert.Equal(2, slots.Count);
        Assert.True(slots[0].Mean > 0.1 && slots[1].Mean < 0.1, string.Join(' ', slots));
        Assert.Equal("Features", Assert.Single(Ml.BinaryClassification.ColumnImportance(network, data, new() { MaxSlots = 1 })).Name);
    }

    [Fact]
    public void Figures_that_should_be_low_count_the_other_way_round()
    {
        IDataView data = Scored.View(Scored.Cases(200));
        ITransformer model = Ml.Transforms.CopyColumns("Score", "X").Fit(data);
        IReadOnlyList<FeatureImportance> importance = Ml.Regression.ColumnImportance(model, data, new() { Columns = new() { Label = "X" }, Features = ["X"], MaxRows = 100 });

        // The label is put in disorder with the feature that it is: nothing gets worse.
        Assert.Equal(0, Assert.Single(importance).Mean, 1e-9);
        importance = Ml.Regression.ColumnImportance(Ml.Transforms.CopyColumns("Copy", "X").Append(Ml.Transforms.CopyColumns("Score", "Y")).Fit(data), data, new() { Columns = new() { Label = "Y" }, Features = ["X"] });
        Assert.Equal(0, Assert.Single(importance).Mean, 1e-9);
        Assert.True(Ml.BinaryClassification.ColumnImportance(Scored.Formula(Ml).Fit(data), data, new() { Metric = "log_loss", Features = ["X"] })[0].Mean > 0);
        Assert.Contains("There is no figure 'auc'", Assert.Throws<ArgumentException>(() => Ml.BinaryClassification.ColumnImportance(model, data, new() { Metric = "auc" })).Message, StringComparison.Ordinal);
    }
}
