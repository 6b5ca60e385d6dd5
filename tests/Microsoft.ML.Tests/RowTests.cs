using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

/// <summary>Splitting, shuffling, filtering and caching rows.</summary>
public class RowTests
{
    private readonly MLContext _ml = new(1);
    private readonly IDataView _data;

    public RowTests()
        => _data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1000).Select(i => new Row
        {
            I = i,
            Group = i % 10,
            Key = (uint)(i % 6),
            F = i % 7 == 0 ? float.NaN : i,
            V = [i, i % 11 == 0 ? float.NaN : 1],
            Text = i % 3 == 0 ? "" : "s",
        }).ToArray());

    [Fact]
    public void Splits_take_about_the_fraction_and_share_no_row()
    {
        var split = _ml.Data.TrainTestSplit(_data, 0.2, seed: 1);
        var train = Ids(split.TrainSet);
        var test = Ids(split.TestSet);
        Assert.InRange(test.Length, 150, 250);
        Assert.Equal(Enumerable.Range(0, 1000), train.Concat(test).Order());
        Assert.Equal(train.Order(), train);
        Assert.Equal(TestData.Columns(_data), TestData.Columns(split.TrainSet));
    }

    [Fact]
    public void Splits_are_repeatable_by_seed()
    {
        int[] Train(MLContext ml, int? seed) => Ids(ml.Data.TrainTestSplit(_data, 0.2, seed: seed).TrainSet);
        Assert.Equal(Train(_ml, 1), Train(_ml, 1));
        Assert.Equal(Train(_ml, 3), Train(new MLContext(3), null));
        Assert.NotEqual(Train(_ml, 1), Train(_ml, 2));
        Assert.Equal(Train(new MLContext(), null), Train(new MLContext(), null));
        var split = _ml.Data.TrainTestSplit(_data, 0.2);
        Assert.Equal(Ids(split.TrainSet), Ids(split.TrainSet));
    }

    [Fact]
    public void Splits_of_splits_are_splits()
    {
        var inner = _ml.Data.TrainTestSplit(_ml.Data.TrainTestSplit(_data, 0.2).TrainSet, 0.2);
        Assert.InRange(Ids(inner.TestSet).Length, 100, 220);
    }

    [Theory]
    [InlineData("Group")]
    [InlineData("Key")]
    public void Splits_keep_groups_together(string key)
    {
        var split = _ml.Data.TrainTestSplit(_data, 0.4, samplingKeyColumnName: key);
        var train = split.TrainSet.Preview(1000).RowView.Select(r => r.Values.Single(v => v.Key == key).Value).ToHashSet();
        var test = split.TestSet.Preview(1000).RowView.Select(r => r.Values.Single(v => v.Key == key).Value).ToHashSet();
        Assert.False(train.Overlaps(test));
        Assert.InRange(train.Count + test.Count, 5, 10);
    }

    [Theory]
    [InlineData("Text", 666)]
    [InlineData("F", 857)]
    [InlineData("V", 909)]
    public void Rows_without_a_group_are_in_no_part(string key, int expected)
    {
        var split = _ml.Data.TrainTestSplit(_data, 0.4, samplingKeyColumnName: key);
        Assert.Equal(expected, Ids(split.TrainSet).Length + Ids(split.TestSet).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.1)]
    public void Fractions_are_between_0_and_1(double fraction)
        => Assert.Throws<ArgumentOutOfRangeException>("testFraction", () => _ml.Data.TrainTestSplit(_data, fraction));

    [Fact]
    public void A_group_column_that_is_not_there_is_an_error_that_names_it()
        => Assert.Contains("'Nope'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(_data, 0.4, "Nope")).Message);

    [Fact]
    public void Folds_test_every_row_once()
    {
        var folds = _ml.Data.CrossValidationSplit(_data, 5, seed: 3);
        Assert.Equal(5, folds.Count);
        Assert.Equal(Enumerable.Range(0, 1000), folds.SelectMany(f => Ids(f.TestSet)).Order());
        Assert.All(folds, f =>
        {
            Assert.InRange(Ids(f.TestSet).Length, 140, 260);
            Assert.Equal(Enumerable.Range(0, 1000), Ids(f.TestSet).Concat(Ids(f.TrainSet)).Order());
        });
        Assert.Throws<ArgumentOutOfRangeException>("numberOfFolds", () => _ml.Data.CrossValidationSplit(_data, 1));
    }

    [Fact]
    public void Take_and_skip()
    {
        Assert.Equal([0, 1, 2], Ids(_ml.Data.TakeRows(_data, 3)));
        Assert.Equal([997, 998, 999], Ids(_ml.Data.SkipRows(_data, 997)));
        Assert.Equal(3, _ml.Data.TakeRows(_data, 3).GetRowCount());
        Assert.Equal(0, _ml.Data.SkipRows(_data, 5000).GetRowCount());
        Assert.Equal(1000, _ml.Data.TakeRows(_data, 5000).GetRowCount());
        Assert.Throws<ArgumentOutOfRangeException>("count", () => _ml.Data.TakeRows(_data, 0));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(50)]
    public void Shuffles_give_every_row_once_and_its_values_stay_together(int pool)
    {
        var shuffled = _ml.Data.ShuffleRows(_data, seed: 4, shufflePoolSize: pool);
        var ids = Ids(shuffled);
        Assert.NotEqual(ids.Order(), ids);
        Assert.Equal(Enumerable.Range(0, 1000), ids.Order());
        Assert.Equal(ids, Ids(shuffled));
        Assert.Equal(ids, Ids(_ml.Data.ShuffleRows(_data, seed: 4, shufflePoolSize: pool)));
        Assert.Equal(1000, shuffled.GetRowCount());
        Assert.All(_ml.Data.CreateEnumerable<Row>(shuffled, false), row => Assert.Equal(row.I, row.V![0]));
    }

    [Fact]
    public void A_pool_of_one_row_shuffles_nothing()
        => Assert.Equal(Enumerable.Range(0, 1000), Ids(_ml.Data.ShuffleRows(_data, seed: 4, shufflePoolSize: 1)));

    [Fact]
    public void Filters_by_bounds_leave_out_the_upper_one_and_nan()
    {
        Assert.Equal([10, 11, 12, 13, 15, 16, 17, 18, 19], Ids(_ml.Data.FilterRowsByColumn(_data, "F", 10, 20)));
        Assert.Equal(857, Ids(_ml.Data.FilterRowsByColumn(_data, "F")).Length);
    }

    [Theory]
    [InlineData("I")]
    [InlineData("Key")]
    [InlineData("Text")]
    [InlineData("V")]
    public void Filters_by_bounds_take_real_numbers_only(string column)
        => Assert.Contains($"'{column}'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(_data, column, 0, 2).Preview()).Message);

    [Fact]
    public void Filters_by_missing_values()
    {
        Assert.Equal(857, Ids(_ml.Data.FilterRowsByMissingValues(_data, "F")).Length);
        Assert.Equal(779, Ids(_ml.Data.FilterRowsByMissingValues(_data, "F", "V")).Length);
        // Of the keys 0 to 5 the last is beyond the type's five, so missing.
        Assert.Equal(834, Ids(_ml.Data.FilterRowsByMissingValues(_data, "Key")).Length);
        Assert.Contains("'Text'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(_data, "Text")).Message);
        Assert.Contains("'Nope'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(_data, "Nope")).Message);
    }

    [Fact]
    public void A_cache_reads_its_source_once()
    {
        var reads = 0;
        var source = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i =>
        {
            reads++;
            return new Row { I = i, V = [i, i] };
        }));
        var cached = _ml.Data.Cache(source);
        Assert.Equal(0, reads);
        Assert.Equal([0, 1, 2, 3, 4], Ids(cached));
        var once = reads;
        Assert.Equal([0, 1, 2, 3, 4], Ids(cached));
        Assert.Equal(once, reads);
        Assert.Equal([3, 3], cached.GetColumn<float[]>("V").ElementAt(3));
        Assert.True(cached.CanShuffle);
        Assert.Contains("'Nope'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.Cache(source, "Nope")).Message);
    }

    private static int[] Ids(IDataView data) => [.. data.GetColumn<int>("I")];

    public class Row
    {
        public int I;
        public int Group;
        [KeyType(5)]
        public uint Key;
        public float F;
        [VectorType(2)]
        public float[]? V;
        public string? Text;
    }
}
