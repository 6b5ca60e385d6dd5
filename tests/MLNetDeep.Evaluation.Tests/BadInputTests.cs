using Microsoft.ML;
using MLNetDeep.Evaluation.Tests.Support;

namespace MLNetDeep.Evaluation.Tests;

/// <summary>Errors are for people: what is wrong, where, and what to do.</summary>
public sealed class BadInputTests
{
    private static MLContext Ml => Scored.Ml;

    [Fact]
    public void One_class_only_is_refused()
    {
        Refuses<ArgumentException>("no rows of the class 'True'", "all 'False'", Rows(r => r.Label = false));
        Refuses<ArgumentException>("no rows of the class 'False'", "all 'True'", Rows(r => r.Label = true));
    }

    [Fact]
    public void Empty_data_is_refused() => Refuses<ArgumentException>("no rows", "nothing to evaluate", Ml.Data.LoadFromEnumerable(new List<BinaryRow>()));

    [Fact]
    public void Scores_that_are_no_numbers_are_refused_by_row()
    {
        Refuses<InvalidOperationException>("'Score' is NaN in data row 3", "", Rows(r => r.Score = r.Note == "2" ? float.NaN : 0));
        Refuses<InvalidOperationException>("'Probability' is NaN in data row 5", "", Rows(r => r.Probability = r.Note == "4" ? float.NaN : 0));
        Refuses<InvalidOperationException>("'Probability' is 1.5 in data row 1", "expected 0 to 1", Rows(r => r.Probability = 1.5f));
        Refuses<InvalidOperationException>("'Weight' is -1 in data row 1", "", Rows(r => r.Weight = -1), new() { Weight = "Weight" });
    }

    [Fact]
    public void Missing_columns_are_named()
    {
        Refuses<ArgumentException>("label column 'Truth' is not in the data", "'PredictedLabel'", Rows(_ => { }), new() { Label = "Truth" });
        Refuses<ArgumentException>("score column 'Points'", "", Rows(_ => { }), new() { Score = "Points" });
        Refuses<ArgumentException>("weight column 'Mass'", "", Rows(_ => { }), new() { Weight = "Mass" });
        Refuses<ArgumentException>("The label column 'Note' has type", "a Boolean, a number or a key", Rows(_ => { }), new() { Label = "Note" });
        Assert.Contains("several classes need a key", Assert.Throws<ArgumentException>(() => Ml.MulticlassClassification.EvaluateDetailed(Rows(_ => { }))).Message, StringComparison.Ordinal);
        Assert.Contains("two classes have one score", Assert.Throws<ArgumentException>(() => Ml.BinaryClassification.EvaluateDetailed(Scored.Multiclass())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_figure_that_is_not_there_is_refused_with_those_there_are()
    {
        DetailedBinaryMetrics metrics = Ml.BinaryClassification.EvaluateDetailed(Scored.Binary(), new() { Probability = "None" });
        Assert.Contains("average_precision", Assert.Throws<KeyNotFoundException>(() => metrics["auc"]).Message, StringComparison.Ordinal);
        Assert.Throws<KeyNotFoundException>(() => metrics.BrierScore);
        Assert.Contains("no probability column", Assert.Throws<InvalidOperationException>(() => metrics.CalibrationCurve()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        DetailedBinaryMetrics metrics = Ml.BinaryClassification.EvaluateDetailed(Scored.Binary());
        Assert.Throws<ArgumentException>(() => metrics.ConfidenceIntervals(new() { Samples = 3 }));
        Assert.Throws<ArgumentException>(() => metrics.ConfidenceIntervals(new() { Confidence = 95 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.Gain(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.FBeta(0));
        Assert.Throws<ArgumentException>(() => Ml.BinaryClassification.Calibration(new() { NegativesKept = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ml.MulticlassClassification.EvaluateDetailed(Scored.Multiclass()).TopKAccuracy(5));
    }

    [Fact]
    public void A_fold_that_cannot_be_evaluated_is_named()
    {
        var zero = Ml.Transforms.CustomMapping<Case, WithScore>((c, o) => o.Score = c.Id == 7 ? float.NaN : c.X, "nan");
        string message = Assert.Throws<InvalidOperationException>(() => Ml.BinaryClassification.CrossValidateStratified(Scored.View(Scored.Cases()), zero)).Message;
        Assert.Matches("^Fold [1-5] of 5 .*'Score' is NaN", message);
    }

    private static IDataView Rows(Action<BinaryRow> change)
    {
        List<BinaryRow> rows = [.. Enumerable.Range(0, 10).Select(i => new BinaryRow { Label = i % 2 == 0, Score = i, Probability = i / 10f, Note = $"{i}" })];
        rows.ForEach(change);
        return Ml.Data.LoadFromEnumerable(rows);
    }

    private static void Refuses<T>(string part, string other, IDataView data, ScoredColumns? columns = null)
        where T : Exception
    {
        string message = Assert.Throws<T>(() => Ml.BinaryClassification.EvaluateDetailed(data, columns)).Message;
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.Contains(other, message, StringComparison.Ordinal);
    }
}
