using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;

namespace MLNetDeep.Benchmarks;

/// <summary>Time of sampling, and of fitting a network to the result, on many rows.</summary>
internal static class SmoteBenchmark
{
    private const int Size = 50;

    public static void Run(string[] args)
    {
        int rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        double share = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 0.1;
        MLContext ml = new(seed: 1);
        Random random = new(1);
        Row[] data = new Row[rows];
        for (int i = 0; i < rows; i++)
        {
            data[i] = new() { Label = random.NextDouble() < share };
            for (int j = 0; j < Size; j++)
                data[i].Features[j] = random.NextSingle() + random.NextSingle() + (data[i].Label && j < 5 ? 0.5f : 0);
        }

        IDataView view = ml.Data.LoadFromEnumerable(data);
        Time("SMOTE alone", () => ml.Transforms.Imbalance.Smote().Resample(view).GetColumn<float[]>("Features").Count());
        Time("neighbours of every row in all rows (edited nearest neighbours)", () => ml.Transforms.Imbalance.EditedNearestNeighbours(new() { Agreement = Imbalance.NeighborAgreement.Most }).Resample(view).GetRowCount());
        Time("fit of a network of 64 with SMOTE, 3 epochs", () => ml.Transforms.Imbalance.Smote().Around(ml.BinaryClassification.Trainers.NeuralNetwork(new BinaryNeuralNetworkTrainer.Options
        {
            Network = Networks.Mlp(hidden: [64]), Epochs = 3, BatchSize = 128,
        })).Fit(view).Model.Weights.Count);

        // A table of categories: 40 columns of 50 values each as one-hot vectors.
        const int Columns = 40, Values = 50;
        IDataView wide = ml.Data.LoadFromEnumerable(data.Select(r => new Wide
        {
            Label = r.Label,
            Features = new(Columns * Values, Columns, [.. Enumerable.Repeat(1f, Columns)], [.. Enumerable.Range(0, Columns).Select(c => c * Values + (int)(Values * random.NextDouble() * random.NextDouble()))]),
        }).ToArray());
        Time("SMOTE alone, 40 one-hot columns of 50 values", () => ml.Transforms.Imbalance.Smote().Resample(wide).GetColumn<bool>("Label").Count());
        Time("neighbours of every row in all rows, 40 one-hot columns of 50 values", () => ml.Transforms.Imbalance.EditedNearestNeighbours(new() { Agreement = Imbalance.NeighborAgreement.Most }).Resample(wide).GetRowCount());

        void Time(string what, Func<long?> run)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows} x {Size}, {share:P0} rare: {what}: {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s"));
        }
    }

    private sealed class Wide
    {
        public bool Label { get; set; }

        [VectorType(2000)]
        public VBuffer<float> Features { get; set; }
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        [VectorType(Size)]
        public float[] Features { get; set; } = new float[Size];
    }
}
