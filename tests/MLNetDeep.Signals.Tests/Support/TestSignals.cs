using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Signals.Tests.Support;

/// <summary>Signals, and data views of them.</summary>
internal static class TestSignals
{
    public static MLContext Ml => new(seed: 1);

    /// <summary>Rows whose signals have one length, which the column says; or any length where <paramref name="variable"/>.</summary>
    public static IDataView View(IEnumerable<float[]> signals, bool variable = false) => View(signals.Select((s, i) => new SignalRow { Signal = s, Label = $"c{i % 2}" }), variable);

    public static IDataView View(IEnumerable<SignalRow> rows, bool variable = false)
    {
        SignalRow[] all = [.. rows];
        SchemaDefinition schema = Definition(variable ? 0 : all[0].Signal.Length);
        return Ml.Data.LoadFromEnumerable(all, schema);
    }

    public static SchemaDefinition Definition(int length)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(SignalRow));
        schema[nameof(SignalRow.Signal)]!.ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        return schema;
    }

    public static IDataView Paths(params IEnumerable<string> paths) => Ml.Data.LoadFromEnumerable(paths.Select(p => new SignalRow { Path = p }));

    /// <summary>A sine of a frequency.</summary>
    public static float[] Sine(double hertz, int sampleRate, int samples, double amplitude = 1) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * i / sampleRate)))];

    public static float[] Noise(int samples, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, samples).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }

    /// <summary>The one row of a transform of one signal.</summary>
    public static float[] Of(IEstimator<ITransformer> estimator, float[] signal, string column = "Out")
    {
        IDataView data = View([signal]);
        return estimator.Fit(data).Transform(data).GetColumn<float[]>(column).Single();
    }
}
