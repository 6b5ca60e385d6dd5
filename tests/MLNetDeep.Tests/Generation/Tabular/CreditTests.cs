using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;

namespace MLNetDeep.Tests.Generation.Tabular;

/// <summary>A real table of numbers and words, some of them missing: 4,454 loans (samples/SyntheticTable).</summary>
public class CreditTests
{
    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("vae")]
    [InlineData("gan")]
    public void Loans_are_like_the_real_ones_and_no_copies_of_them(string kind)
    {
        MLContext ml = new(seed: 1);
        IDataView loans = ml.Data.Cache(ml.Data.LoadFromTextFile(
            Path.Combine(AppContext.BaseDirectory, "credit.csv"),
            [.. Columns.Select((c, i) => new TextLoader.Column(c.Name, c.Kind, i))],
            separatorChar: ',',
            hasHeader: true));
        var split = ml.Data.TrainTestSplit(loans, testFraction: 0.2, seed: 1);

        // With the settings that a user gets.
        IEstimator<TabularTransformer> trainer = kind == "vae" ? ml.Generation.Trainers.TabularVae() : ml.Generation.Trainers.TabularGan();
        TabularTransformer model = trainer.Fit(split.TrainSet);
        TabularMetrics metrics = ml.Generation.EvaluateTabular(split.TrainSet, ml.Data.Cache(model.Generate(3563, seed: 1)), split.TestSet, labelColumnName: "Status");
        string all = metrics.ToString();
        Assert.True(metrics.ColumnShapes >= 0.85, all);
        Assert.True(metrics.ColumnPairTrends >= 0.85, all);
        Assert.True(metrics.Utility!.Ratio >= 0.9, all);
        Assert.True(metrics.Privacy.Copies <= 2 && metrics.Privacy.CloseShare <= 0.06 && metrics.Privacy.NearerToRealShare <= 0.56, all);
        Assert.All(metrics.Columns, c => Assert.InRange(c.SyntheticMissing, c.RealMissing - 0.04, c.RealMissing + 0.04));
    }

    private static (string Name, DataKind Kind)[] Columns { get; } =
    [
        ("Status", DataKind.String), ("Seniority", DataKind.Int32), ("Home", DataKind.String), ("Time", DataKind.Int32), ("Age", DataKind.Int32), ("Marital", DataKind.String), ("Records", DataKind.String),
        ("Job", DataKind.String), ("Expenses", DataKind.Int32), ("Income", DataKind.Single), ("Assets", DataKind.Single), ("Debt", DataKind.Single), ("Amount", DataKind.Int32), ("Price", DataKind.Int32),
    ];
}
