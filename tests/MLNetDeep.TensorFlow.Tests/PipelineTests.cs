using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.TensorFlow.Tests.Support;

namespace MLNetDeep.TensorFlow.Tests;

/// <summary>The engine behind ML.NET: one option of a trainer, models that do not depend on it, many prediction engines.</summary>
public class PipelineTests
{
    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void A_pipeline_gives_the_same_scores_on_either_engine(string engine)
    {
        IEngine tested = TestedEngines.Get(engine);
        ITransformer actual = Fit(tested), expected = Fit(TestedEngines.Cpu);
        Compare.Near("Score", Scores(expected), Scores(actual), 1e-3);

        // From the file, on the default engine and on the tested one.
        MLContext ml = new(1);
        using MemoryStream file = new();
        ml.Model.Save(actual, Data(ml).Schema, file);
        file.Position = 0;
        ITransformer loaded = ml.Model.Load(file, out _);
        Compare.Near("Score", Scores(actual), Scores(loaded), 1e-5);
        Compare.Near("Score", Scores(actual), Scores(loaded.WithEngine(tested)), 1e-6);
        Compare.Near("Score", Scores(expected), Scores(expected.WithEngine(tested)), 1e-5);
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Prediction_engines_share_a_model(string engine)
    {
        ITransformer model = Fit(TestedEngines.Get(engine));
        MLContext ml = new(1);
        float[] all = Scores(model);
        Parallel.For(0, 4, _ =>
        {
            using PredictionEngine<Point, Prediction> predictor = ml.Model.CreatePredictionEngine<Point, Prediction>(model);
            foreach ((Point point, int i) in Points().Take(10).Select((p, i) => (p, i)))
                Compare.Near("Score", all.AsSpan(i * 2, 2), predictor.Predict(point).Score!, 1e-6);
        });
    }

    [Fact]
    public void The_option_takes_the_device_of_the_context()
    {
        MLContext ml = new(1);
        IHostEnvironmentOf(ml, out Microsoft.ML.Runtime.IHostEnvironment env);
        Assert.Equal("TensorFlow", Assert.IsType<TensorFlowEngine>(DefaultEngine.Choose(Engine.TensorFlow, env)).Name);
        ml.GpuDeviceId = 1;
        ml.FallbackToCpu = false;
        Assert.Equal("TensorFlow (GPU 1)", Assert.IsType<TensorFlowEngine>(DefaultEngine.Choose(Engine.TensorFlow, env)).Name);
        Assert.Same(Engine.Cpu, DefaultEngine.Choose(null, env));
        IEngine own = new TensorFlowEngine();
        Assert.Same(own, DefaultEngine.Choose(own, env));
    }

    [Fact]
    public void Scoring_elsewhere_needs_a_network()
    {
        MLContext ml = new(1);
        ITransformer model = ml.Transforms.NormalizeMinMax("Features").Fit(Data(ml));
        Assert.Contains("no neural network", Assert.Throws<ArgumentException>(() => model.WithEngine(Engine.Cpu)).Message, StringComparison.Ordinal);
    }

    private static void IHostEnvironmentOf(MLContext ml, out Microsoft.ML.Runtime.IHostEnvironment env) => env = Interop.Internals.Environment(ml.MulticlassClassification);

    private static TransformerChain<MLNetDeep.Transformers.NeuralNetworkTransformer> Fit(IEngine engine)
    {
        MLContext ml = new(1);
        return ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.NeuralNetwork(
            Network.Input(3).Dense(5).Tanh().ClassOutput(), "Label", "Features", new() { Epochs = 3, BatchSize = 8, Engine = engine })).Fit(Data(ml));
    }

    private static float[] Scores(ITransformer model)
    {
        MLContext ml = new(1);
        return [.. ml.Data.CreateEnumerable<Prediction>(model.Transform(Data(ml)), false).SelectMany(p => p.Score!)];
    }

    private static IDataView Data(MLContext ml) => ml.Data.LoadFromEnumerable(Points());

    private static List<Point> Points()
    {
        Random random = new(1);
        return [.. Enumerable.Range(0, 40).Select(_ => new float[] { random.NextSingle() - 0.5f, random.NextSingle() - 0.5f, random.NextSingle() - 0.5f }).Select(f => new Point { Features = f, Label = f[0] + f[1] > 0 ? "above" : "below" })];
    }

    private sealed class Point
    {
        [VectorType(3)]
        public float[]? Features { get; set; }

        public string? Label { get; set; }
    }

    private sealed class Prediction
    {
        public float[]? Score { get; set; }
    }
}
