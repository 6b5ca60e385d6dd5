using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Benchmarks.Workloads;

/// <summary>The latency of one row through ML.NET's prediction engine: an object in, an object out.</summary>
internal static class PredictionEngineBenchmark
{
    /// <summary>Networks of one flat input and classes as outputs.</summary>
    public static bool Takes(Workload workload) => workload.Name == "mlp";

    public static void Run(Workload workload, double seconds)
    {
        MLContext ml = new(seed: 1);
        Random random = new(1);
        Row[] rows = [.. Enumerable.Range(0, 200).Select(i => new Row { Label = (uint)(i % 10) + 1, Features = [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle())] })];
        Network network = Network.Input(64).Dense(256).Relu().Dense(256).Relu().ClassOutput();
        var model = ml.MulticlassClassification.Trainers.NeuralNetwork(network, epochs: 1).Fit(ml.Data.LoadFromEnumerable(rows));
        using PredictionEngine<Row, Scored> engine = ml.Model.CreatePredictionEngine<Row, Scored>(model);
        Scored result = new();
        double latency = WorkloadBenchmark.Median(seconds, () => engine.Predict(rows[0], ref result));
        Console.WriteLine(JsonSerializer.Serialize(new { workload = workload.Name, engine = "mlnetdeep-prediction-engine", latency_us = Math.Round(latency * 1e6, 1) }));
    }

    private sealed class Row
    {
        [KeyType(10)]
        public uint Label { get; set; }

        [VectorType(64)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Scored
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
