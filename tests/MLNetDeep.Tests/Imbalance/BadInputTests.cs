using Microsoft.ML;
using MLNetDeep.Imbalance;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>What is wrong with data or options is said, with names and with what to do.</summary>
public class BadInputTests
{
    private readonly MLContext _ml = new(seed: 1);

    private void Fails<T>(ImbalanceSampler sampler, IDataView data, params string[] words)
        where T : Exception
    {
        string message = Assert.Throws<T>(() => sampler.Resample(data)).Message;
        Assert.All(words, w => Assert.Contains(w, message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_class_with_one_row()
    {
        IDataView data = Rare.View(_ml, Rare.List([20, 1]));
        foreach (ImbalanceSampler sampler in new ImbalanceSampler[]
            { _ml.Transforms.Imbalance.Smote(), _ml.Transforms.Imbalance.BorderlineSmote(), _ml.Transforms.Imbalance.Adasyn(), _ml.Transforms.Imbalance.Rose(), _ml.Transforms.Imbalance.SmoteEnn(),
              _ml.Transforms.Imbalance.KMeansSmote(), _ml.Transforms.Imbalance.SmoteNc(new() { CategoricalColumnNames = ["Town"] }) })
            Fails<ArgumentException>(sampler, data, "'True'", "one row", "RandomOverSampler");
        Assert.Equal(40, _ml.Transforms.Imbalance.RandomOverSampler().Resample(data).GetRowCount());
    }

    [Fact]
    public void More_neighbours_than_rows()
    {
        IDataView data = Rare.View(_ml, Rare.List([20, 5]));
        Fails<ArgumentException>(_ml.Transforms.Imbalance.Smote(), data, "'True'", "5 rows", "5 neighbours", "to 4 or less");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.NearMiss(new() { Neighbors = 6 }), data, "5 rows", "6 neighbours");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.EditedNearestNeighbours(new() { Neighbors = 25 }), data, "25 neighbours", "25 rows");
        Assert.Equal(40, _ml.Transforms.Imbalance.Smote(new() { Neighbors = 4 }).Resample(data).GetRowCount());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Features_that_are_no_numbers(float value)
    {
        List<Rare> rows = Rare.List([20, 9]);
        rows[7].Features[2] = value;
        Fails<InvalidOperationException>(_ml.Transforms.Imbalance.Smote(), Rare.View(_ml, rows), "'Features'", "slot 2", "row 8", "ReplaceMissingValues");
    }

    [Fact]
    public void Keys_and_texts_as_features()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rare.List([20, 9]).Select(r => new { r.Label, r.Town, Towns = new[] { r.Town, "x" }, Number = 1f }));
        data = _ml.Transforms.Conversion.MapValueToKey("Keys", "Towns").Fit(data).Transform(data);
        foreach (string column in new[] { "Town", "Towns", "Keys", "Number" })
            Fails<ArgumentException>(_ml.Transforms.Imbalance.Smote(new() { FeatureColumnName = column }), data, $"'{column}'", "vector of Single", "OneHotEncoding", "SmoteNc");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.SmoteNc(), Rare.View(_ml, Rare.List([20, 9])), "no categories", "CategoricalSlots");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.SmoteNc(new() { CategoricalColumnNames = ["Weight"] }), Rare.View(_ml, Rare.List([20, 9])), "'Weight'", "key, a text");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.SmoteNc(new() { CategoricalSlots = [2..4] }), Rare.View(_ml, Rare.List([20, 9])), "2..4", "3 slots");
    }

    [Fact]
    public void Strategies_that_go_the_wrong_way()
    {
        IDataView data = Rare.View(_ml, Rare.List([20, 12]));
        Fails<ArgumentException>(_ml.Transforms.Imbalance.Smote(new() { Strategy = SamplingStrategy.Ratio(0.5) }), data, "adds rows", "10 rows of class 'True'", "12 already");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.RandomUnderSampler(new() { Strategy = SamplingStrategy.Ratio(0.5) }), data, "removes rows", "24 rows of class 'False'", "only 20");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.RandomOverSampler(new() { Strategy = SamplingStrategy.Counts(("False", 19)) }), data, "'False'", "20 already");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.TomekLinks(new() { Strategy = SamplingStrategy.Ratio(0.5) }), data, "Tomek links", "SamplingStrategy.NotMinority");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.Smote(new() { Strategy = SamplingStrategy.Counts(("Maybe", 19)) }), data, "'Maybe'", "'False', 'True'");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.Smote(new() { LabelColumnName = "Key", Strategy = SamplingStrategy.Ratio(0.5) }), Rare.View(_ml, Rare.List([20, 12, 9])), "two classes", "3");
        Assert.Throws<ArgumentOutOfRangeException>(() => SamplingStrategy.Ratio(1.5));
        Assert.Throws<ArgumentException>(() => SamplingStrategy.Ratios(("a", -1)));
        Assert.Throws<ArgumentException>(() => SamplingStrategy.Counts(("a", 0)));
        Assert.Throws<ArgumentException>(() => SamplingStrategy.Counts(("a", 1), ("a", 2)));
    }

    [Fact]
    public void Labels_that_are_no_classes()
    {
        IDataView data = Rare.View(_ml, Rare.List([20, 12]));
        Fails<ArgumentException>(_ml.Transforms.Imbalance.Smote(new() { LabelColumnName = "Weight" }), data, "'Weight'", "MapValueToKey");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.Smote(new() { LabelColumnName = "Lable" }), data, "'Lable'", "'Label'");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.Smote(), Rare.View(_ml, Rare.List([20])), "one class only");
        Fails<ArgumentException>(_ml.Transforms.Imbalance.Smote(), _ml.Data.LoadFromEnumerable(Array.Empty<Rare>()), "empty");
    }

    [Fact]
    public void Settings_out_of_range()
    {
        Assert.Contains("Neighbors is 0", Assert.Throws<ArgumentException>(() => _ml.Transforms.Imbalance.Smote(new() { Neighbors = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _ml.Transforms.Imbalance.NearMiss(new() { Version = 4 }));
        Assert.Throws<ArgumentException>(() => _ml.Transforms.Imbalance.BorderlineSmote(new() { Kind = 3 }));
        Assert.Throws<ArgumentException>(() => _ml.Transforms.Imbalance.Rose(new() { Shrinkage = -1 }));
        Assert.Throws<ArgumentException>(() => _ml.Transforms.Imbalance.EasyEnsemble(new() { Subsets = 0 }));
        Assert.Throws<ArgumentException>(() => _ml.Transforms.Imbalance.BalancedBagging(new() { Sampler = _ml.Transforms.Imbalance.Smote(new() { LabelColumnName = "Other" }) }));
    }

    [Fact]
    public void Data_that_changes_between_readings()
    {
        int rows = 20;
        IEnumerable<Rare> Changing() => Rare.List([rows++, 8]);
        IDataView data = _ml.Data.LoadFromEnumerable(Defer(Changing));
        IDataView sampled = _ml.Transforms.Imbalance.Smote().Resample(data);
        Assert.Contains("Cache", Assert.Throws<InvalidOperationException>(() => Rare.Read(_ml, sampled)).Message, StringComparison.Ordinal);

        static IEnumerable<Rare> Defer(Func<IEnumerable<Rare>> make)
        {
            foreach (Rare row in make())
                yield return row;
        }
    }

    [Fact]
    public void A_token_ends_sampling()
    {
        IDataView data = Rare.View(_ml, Rare.List([20, 12]));
        Assert.Throws<OperationCanceledException>(() => _ml.Transforms.Imbalance.Smote(new() { CancellationToken = new(canceled: true) }).Resample(data));
    }
}
