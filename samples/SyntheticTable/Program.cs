using System.Globalization;
using Microsoft.ML;
using MLNetDeep.Generation;
using SyntheticTable;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not ["gan" or "vae", ..] || args.Length > 3)
{
    Console.WriteLine("""
        Makes loans like those of credit.csv, none of which anybody ever took, and measures how like they are.

        SyntheticTable gan [epochs] [seed]    by a conditional GAN (300 epochs by default)
        SyntheticTable vae [epochs] [seed]    by a variational autoencoder (300 epochs by default)
        """);
    return args is [] or ["--help"] ? 0 : 2;
}

bool isGan = args[0] == "gan";
int epochs = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 300, seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
MLContext ml = new(seed);
IDataView loans = Loans.Load(ml, Path.Combine(AppContext.BaseDirectory, "credit.csv"));

// A fifth is held back: no model sees it, and what is made must be no nearer to the rows that were learned from than these are.
var split = ml.Data.TrainTestSplit(loans, testFraction: 0.2, seed: 1);
void Tell(string line)
{
    if (!line.StartsWith("Epoch ", StringComparison.Ordinal) || int.Parse(line.Split(' ', ':')[1], CultureInfo.InvariantCulture) % (epochs / 10 + 1) == 0)
        Console.WriteLine(line);
}

long start = System.Diagnostics.Stopwatch.GetTimestamp();
IEstimator<TabularTransformer> trainer = isGan
    ? ml.Generation.Trainers.TabularGan(new TabularGanTrainer.Options { Epochs = epochs, Seed = seed, Progress = Tell })
    : ml.Generation.Trainers.TabularVae(new TabularVaeTrainer.Options { Epochs = epochs, Seed = seed, Progress = Tell });
TabularTransformer model = trainer.Fit(split.TrainSet);
Console.WriteLine($"Trained in {System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s.");

IDataView made = ml.Data.Cache(model.Generate(split.TrainSet.GetRowCount() ?? 3563, seed: 1));
Console.WriteLine();
Console.WriteLine(Loan.Header);
foreach (Loan loan in ml.Data.CreateEnumerable<Loan>(ml.Data.TakeRows(made, 8), reuseRowObject: false))
    Console.WriteLine(loan);
Console.WriteLine();
Console.WriteLine("The same, asked for loans that were not paid back:");
foreach (Loan loan in ml.Data.CreateEnumerable<Loan>(model.Generate(4, seed: 1, condition: ("Status", "bad")), reuseRowObject: false))
    Console.WriteLine(loan);
Console.WriteLine();
Console.WriteLine(ml.Generation.EvaluateTabular(split.TrainSet, made, split.TestSet, labelColumnName: "Status"));
return 0;
