using Microsoft.ML;
using Microsoft.ML.Data;

namespace SyntheticTable;

/// <summary>The loans of credit.csv: who paid back, and what was known before. Five columns of words, nine of numbers; some are missing.</summary>
internal static class Loans
{
    public static IDataView Load(MLContext ml, string file) => ml.Data.Cache(ml.Data.LoadFromTextFile(
        file,
        [
            new TextLoader.Column("Status", DataKind.String, 0),
            new TextLoader.Column("Seniority", DataKind.Int32, 1),
            new TextLoader.Column("Home", DataKind.String, 2),
            new TextLoader.Column("Time", DataKind.Int32, 3),
            new TextLoader.Column("Age", DataKind.Int32, 4),
            new TextLoader.Column("Marital", DataKind.String, 5),
            new TextLoader.Column("Records", DataKind.String, 6),
            new TextLoader.Column("Job", DataKind.String, 7),
            new TextLoader.Column("Expenses", DataKind.Int32, 8),
            new TextLoader.Column("Income", DataKind.Single, 9),
            new TextLoader.Column("Assets", DataKind.Single, 10),
            new TextLoader.Column("Debt", DataKind.Single, 11),
            new TextLoader.Column("Amount", DataKind.Int32, 12),
            new TextLoader.Column("Price", DataKind.Int32, 13),
        ],
        separatorChar: ',',
        hasHeader: true));
}
