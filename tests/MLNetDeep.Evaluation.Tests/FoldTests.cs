using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Tests.Support;

namespace MLNetDeep.Evaluation.Tests;

public sealed class FoldTests
{
    private static MLContext Ml => Scored.Ml;

    [Fact]
    public void Every_row_is_held_out_once_and_classes_are_dealt_out_evenly()
    {
        List<Case> cases = Scored.Cases(203);
        IReadOnlyList<Fold> folds = Ml.Data.StratifiedFolds(Scored.View(cases), "Color", new() { Repeats = 2 });
        Assert.Equal(10, folds.Count);
        foreach (IGrouping<int, Fold> repeat in folds.GroupBy(f => f.Repeat))
        {
            Assert.Equal(Enumerable.Range(0, 203).Select(i => (float)i), repeat.SelectMany(f => Ids(f.TestSet)).Order());
            foreach (Fold fold in repeat)
                Assert.Equal(Enumerable.Range(0, 203).Select(i => (float)i), Ids(fold.TestSet).Concat(Ids(fold.TrainSet)).Order());
            foreach (string color in cases.Select(c => c.Color).Distinct())
            {
                int[] counts = [.. repeat.Select(f => f.TestSet.GetColumn<string>("Color").Count(c => c == color))];
                Assert.True(counts.Max() - counts.Min() <= 1, $"{color}: {string.Join(' ', counts)}");
            }
        }

        Assert.NotEqual(Ids(folds[0].TestSet), Ids(folds[5].TestSet));
    }

    [Fact]
    public void The_same_seed_gives_the_same_folds_and_another_others()
    {
        IDataView data = Scored.View(Scored.Cases(100));
        float[][] Folds(int seed) => [.. Ml.Data.StratifiedFolds(data, "Label", new() { Seed = seed }).Select(f => Ids(f.TestSet))];
        Assert.Equal(Folds(7), Folds(7));
        Assert.NotEqual(Folds(7), Folds(8));
    }

    [Theory]
    [InlineData("Label")]
    [InlineData(null)]
    public void A_group_is_in_one_fold_only(string? stratify)
    {
        List<Case> cases = Scored.Cases(240);
        IReadOnlyList<Fold> folds = Ml.Data.StratifiedFolds(Scored.View(cases), stratify, new() { GroupColumn = "Group" });
        float[][] groups = [.. folds.Select(f => f.TestSet.GetColumn<float>("Group").Distinct().ToArray())];
        Assert.Equal(60, groups.Sum(g => g.Length));
        Assert.Equal(60, groups.SelectMany(g => g).Distinct().Count());
        Assert.All(folds, f => Assert.InRange(f.TestSet.GetRowCount()!.Value, 40, 56));
        if (stratify is null)
            return;
        int[] positives = [.. folds.Select(f => f.TestSet.GetColumn<bool>("Label").Count(l => l))];
        Assert.True(positives.Max() - positives.Min() <= 2, string.Join(' ', positives));
    }

    [Fact]
    public void Bad_folds_are_refused_with_reasons()
    {
        List<Case> cases = Scored.Cases(50);
        cases.ForEach(c => c.Label = c.Id < 3);
        IDataView data = Scored.View(cases);
        Assert.Contains("'True' of 'Label' has 3 rows, fewer than the 5 folds", Assert.Throws<ArgumentException>(() => Ml.Data.StratifiedFolds(data)).Message, StringComparison.Ordinal);
        Assert.Contains("NumberOfFolds is 1", Assert.Throws<ArgumentException>(() => Ml.Data.StratifiedFolds(data, null, new() { NumberOfFolds = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("Repeats is 0", Assert.Throws<ArgumentException>(() => Ml.Data.StratifiedFolds(data, null, new() { Repeats = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("'Nothing' is not in the data", Assert.Throws<ArgumentException>(() => Ml.Data.StratifiedFolds(data, "Nothing")).Message, StringComparison.Ordinal);
        Assert.Contains("no rows", Assert.Throws<ArgumentException>(() => Ml.Data.StratifiedFolds(Scored.View([]))).Message, StringComparison.Ordinal);
        cases.ForEach(c => (c.Label, c.Group) = (c.Id % 2 == 0, c.Id < 25 ? 0 : 1));
        Assert.Contains("2 groups of 'Group' only", Assert.Throws<ArgumentException>(() => Ml.Data.StratifiedFolds(Scored.View(cases), "Label", new() { GroupColumn = "Group" })).Message, StringComparison.Ordinal);
    }

    private static float[] Ids(IDataView data) => [.. data.GetColumn<float>("Id")];
}
