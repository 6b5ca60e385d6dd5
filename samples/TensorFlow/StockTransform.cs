using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace TensorFlowSample;

/// <summary>ML.NET's own TensorFlow transform on our SavedModel, and how far its scores are from ours.</summary>
internal sealed class StockTransform : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly TensorFlowModel _model;
    private readonly TensorFlowTransformer _transformer;

    public StockTransform(MLContext ml, string folder, IDataView rows)
    {
        _model = ml.Model.LoadTensorFlowModel(folder);
        // Columns and operations have the same names. The placeholder's first dimension is the batch's, which is open, so none is to be added.
        _transformer = _model.ScoreTensorFlowModel(outputColumnName: "Score", inputColumnName: "Pixels", addBatchDimensionInput: false).Fit(rows);
    }

    /// <summary>Scores the rows by both, and prints how they differ.</summary>
    /// <returns>Whether they are the same.</returns>
    public bool Agrees(ITransformer ours, IDataView rows)
    {
        IDataView scored = ours.Transform(rows);
        uint[] labels = [.. scored.GetColumn<uint>("Label")];
        float[][] expected = Scores(scored), actual = Scores(_transformer.Transform(rows));
        if (actual.Length != expected.Length || expected.Zip(actual).Any(s => s.First.Length != s.Second.Length))
            throw new InvalidDataException($"TensorFlow gave {actual.Length} rows of {actual.FirstOrDefault()?.Length} scores, expected {expected.Length} of {expected.FirstOrDefault()?.Length}.");

        // NaN, which is greater than nothing, is no agreement either.
        double difference = expected.Zip(actual).SelectMany(s => s.First.Zip(s.Second, (a, b) => Math.Abs((double)a - b))).Aggregate(0.0, Math.Max);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Images held out: {Accuracy(expected, labels):P2} of {labels.Length} right by us, {Accuracy(actual, labels):P2} by TensorFlow; greatest difference of a probability {difference:E1}."));
        return difference <= Tolerance;
    }

    // The transform does not own what it scores with; a session that is left to its finalizer can take the process with it.
    public void Dispose() => _model.Dispose();

    private static float[][] Scores(IDataView rows) => [.. rows.GetColumn<float[]>("Score")];

    private static double Accuracy(float[][] scores, uint[] labels) =>
        scores.Zip(labels).Count(row => Array.IndexOf(row.First, row.First.Max()) + 1 == row.Second) / (double)labels.Length;
}
