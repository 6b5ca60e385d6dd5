using Microsoft.ML.Tests.Support;

namespace Microsoft.ML.Tests.Evaluation;

public class RegressionEvaluationTests
{
    private readonly MLContext _ml = new(seed: 1);

    private string Evaluate(params Scored[] rows) => MetricsText.Of(_ml.Regression.Evaluate(_ml.Data.LoadFromEnumerable(rows)));

    [Fact]
    public void All_metrics()
    {
        Expect.Text("MAE 0.65, MSE 0.7125, RMSE 0.844097, loss 0.7125, R2 0.962421", Evaluate(new(1, 1.5f), new(-2, -2.25f), new(4, 3), new(0, 0), new(10.5f, 12)));
    }

    [Fact]
    public void Perfect_and_hopeless_predictions()
    {
        Expect.Text("MAE 0, MSE 0, RMSE 0, loss 0, R2 1", Evaluate(new(1, 1), new(2, 2)));
        Expect.Text("MAE 40.5, MSE 1772.5, RMSE 42.101069, loss 1772.5, R2 -7089", Evaluate(new(1, 30), new(2, -50)));
    }

    [Fact]
    public void Constant_labels()
    {
        Expect.Text("MAE 1.5, MSE 2.5, RMSE 1.581139, loss 2.5, R2 NaN", Evaluate(new(5, 4), new(5, 7)));
        Expect.Text("MAE 0, MSE 0, RMSE 0, loss 0, R2 NaN", Evaluate(new(5, 5), new(5, 5)));
        Expect.Text("MAE 1, MSE 1, RMSE 1, loss 1, R2 NaN", Evaluate(new Scored(5, 4)));
    }

    [Fact]
    public void Rows_with_missing_values()
    {
        Expect.Text("MAE 0.75, MSE 0.625, RMSE 0.790569, loss 0.625, R2 0.722222", Evaluate(new(1, 1.5f), new(2, float.NaN), new(4, 3)));
        Expect.Text("MAE 0.75, MSE 0.625, RMSE 0.790569, loss 0.625, R2 0.722222", Evaluate(new(1, 1.5f), new(float.NaN, 2), new(4, 3)));
    }

    [Fact]
    public void No_rows()
    {
        Expect.Text("MAE 0, MSE 0, RMSE 0, loss 0, R2 0", Evaluate());
    }

    [Fact]
    public void Squares_of_labels_are_rounded_to_single_precision()
    {
        Expect.Text("MAE 0.666667, MSE 0.666667, RMSE 0.816497, loss 0.666667, R2 1.000104", Evaluate(new(1e6f, 1e6f + 1), new(1e6f + 2, 1e6f + 2), new(1e6f + 4, 1e6f + 3)));
    }

    [Fact]
    public void Columns_by_other_names()
    {
        var source = _ml.Data.LoadFromEnumerable(new[] { new Scored(1, 2), new Scored(3, 3) });
        Assert.Equal(Evaluate(new(2, 1), new(3, 3)), MetricsText.Of(_ml.Regression.Evaluate(source, "Score", "Label")));
        Assert.Contains("Nothing", Record.Exception(() => _ml.Regression.Evaluate(source, "Nothing"))!.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing", Record.Exception(() => _ml.Regression.Evaluate(source, scoreColumnName: "Nothing"))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_other_types()
    {
        var source = _ml.Data.LoadFromEnumerable(new[] { new Other { Score = 2 } });
        foreach (string column in new[] { "Double", "Text", "Integer" })
            Assert.Contains($"'{column}'", Record.Exception(() => _ml.Regression.Evaluate(source, column))!.Message, StringComparison.Ordinal);
    }

    private sealed record Scored(float Label, float Score);

    private sealed class Other
    {
        public double Double { get; set; } = 1;
        public string Text { get; set; } = "";
        public int Integer { get; set; }
        public float Score { get; set; }
    }
}
