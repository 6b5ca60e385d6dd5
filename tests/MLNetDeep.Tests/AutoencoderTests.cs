using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Explanations;
using MLNetDeep.Tests.Support;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests;

/// <summary>Learning from rows without labels, and what it is good for.</summary>
public class AutoencoderTests
{
    // Features made of two hidden numbers, and noise in each.
    private const int Size = 32;

    private static MLContext Ml => new(seed: 1);

    [Fact]
    public void An_autoencoder_keeps_the_contract() => EstimatorContract<Codes>.Check(
        (ml, token) => ml.Transforms.Autoencoder(new AutoencoderTrainer.Options { Network = Networks.Autoencoder(hidden: [6], code: 2), Epochs = 3, CancellationToken = token }),
        null,
        ["Code", "Reconstruction"],
        p => p.Code,
        "Code");

    [Fact]
    public void Rows_come_back_through_the_code()
    {
        IDataView unlabelled = Ml.Transforms.SelectColumns("Features").Fit(Rows(400, 1)).Transform(Rows(400, 1));
        NeuralNetworkTransformer model = Ml.Transforms.Autoencoder(Options(Networks.Autoencoder(hidden: [16], code: 2), 60)).Fit(unlabelled);
        IDataView seen = model.Transform(Rows(100, 2));
        Assert.Equal(2, ((VectorDataViewType)seen.Schema["Code"].Type).Size);
        Assert.Equal(Size, ((VectorDataViewType)seen.Schema["Reconstruction"].Type).Size);
        float[][] features = [.. seen.GetColumn<float[]>("Features")], back = [.. seen.GetColumn<float[]>("Reconstruction")];
        double error = features.Zip(back, (f, b) => f.Zip(b, (x, y) => (double)(x - y) * (x - y)).Average()).Average();

        // What no two numbers can tell is the noise, of a variance of 1.2 squared over 12.
        Assert.InRange(error, 0.1, 0.135);

        // The code is what the encoder gives.
        float[][] code = [.. seen.GetColumn<float[]>("Code")];
        float[][] encoded = [.. Ml.Transforms.ActivationMaps(model, "code").Fit(seen).Transform(seen).GetColumn<float[]>("ActivationMaps")];
        Assert.All(encoded.Zip(code), p => Assert.All(p.First.Zip(p.Second), v => Assert.Equal(v.First, v.Second, 1e-5f)));
    }

    [Fact]
    public void Pretraining_on_unlabelled_rows_helps_a_classifier_of_few_labelled_ones()
    {
        NeuralNetworkTransformer pretrained = Ml.Transforms.Autoencoder(Options(Networks.Autoencoder(hidden: [], code: 2), 40)).Fit(Rows(1000, 1));
        TrainedNetwork body = pretrained.Model.UpTo("code");
        IDataView test = Rows(300, 4);
        double scratch = 0, frozen = 0;
        for (int draw = 0; draw < 4; draw++)
        {
            IDataView few = Rows(12, 10 + draw);
            BinaryNeuralNetworkTrainer.Options options = new() { Epochs = 300, BatchSize = 4, Seed = draw, Optimizer = new Adam { LearningRate = 0.01f } };
            scratch += Loss(Fit(body.Network));
            options.InitialWeights = body.Weights;
            NeuralNetworkTransformer moved = Fit(body.Network), kept = Fit(body.Network.Freeze());
            frozen += Loss(kept);
            foreach ((string name, float[] values) in body.Weights)
                Assert.Equal(Bits.Of(values), Bits.Of(kept.Model.Weights[name]));
            Assert.NotEqual(Bits.Of(body.Weights["code/kernel"]), Bits.Of(moved.Model.Weights["code/kernel"]));

            NeuralNetworkTransformer Fit(Network encoder) => Ml.BinaryClassification.Trainers.NeuralNetwork(encoder.TaskOutput(name: "classes"), "Label", "Features", options).Fit(few);
        }

        // Twelve rows cannot tell what is noise in 32 features; a thousand without labels can.
        Assert.True(frozen < 0.85 * scratch, $"log-loss {frozen / 4} with what was learned before, {scratch / 4} without");

        double Loss(NeuralNetworkTransformer model) => Ml.BinaryClassification.Evaluate(model.Transform(test)).LogLoss;
    }

    [Fact]
    public void An_autoencoder_that_judges_keeps_the_contract() => EstimatorContract<Codes>.Check(
        (ml, token) => ml.Transforms.Autoencoder(new AutoencoderTrainer.Options
        {
            Network = Networks.Autoencoder(hidden: [6], code: 2), Epochs = 3, GaussianNoise = 0.1f, MaskingNoise = 0.1f, Contamination = 0.05, CancellationToken = token,
        }),
        null,
        ["Code", "Reconstruction", "PredictedLabel", "Score"],
        p => p.Code,
        "Code");

    [Fact]
    public void Rows_unlike_the_training_rows_have_high_scores()
    {
        AutoencoderTrainer.Options options = Options(Networks.Autoencoder(hidden: [16], code: 2), 40);
        options.Contamination = 0.1;
        NeuralNetworkTransformer model = Ml.Transforms.Autoencoder(options).Fit(Rows(400, 1));
        IDataView training = model.Transform(Rows(400, 1));
        Assert.Equal(40, training.GetColumn<bool>("PredictedLabel").Count(f => f));
        foreach ((float[] features, float[] back, float score) in training.GetColumn<float[]>("Features").Zip(training.GetColumn<float[]>("Reconstruction"), training.GetColumn<float>("Score")).Take(20))
            Assert.Equal(features.Zip(back, (f, b) => (f - b) * (f - b)).Average(), score, 1e-5f);

        // The features of one row in the order of another: each is ordinary, all together are not.
        Random random = new(3);
        float[][] ordinary = [.. Rows(300, 2).GetColumn<float[]>("Features")];
        IDataView both = Ml.Data.LoadFromEnumerable(ordinary.Select(f => new Judged { Features = f })
            .Concat(ordinary.Take(60).Select(f => { float[] mixed = [.. f.Select(v => 2 * v)]; random.Shuffle(mixed); return new Judged { Features = mixed, Label = 1 }; })).ToList());
        AnomalyDetectionMetrics metrics = Ml.AnomalyDetection.Evaluate(model.Transform(both));
        Assert.True(metrics.AreaUnderRocCurve > 0.95, $"AUC {metrics.AreaUnderRocCurve}");
        Assert.Null(Ml.Transforms.Autoencoder(Options(Networks.Autoencoder(hidden: [16], code: 2), 1)).Fit(Rows(50, 1)).Transform(Rows(5, 1)).Schema.GetColumnOrNull("PredictedLabel"));
    }

    [Theory]
    [InlineData(0, 0.3f)]
    [InlineData(0.5f, 0)]
    public void Noise_in_training_teaches_to_take_it_away(float gaussian, float masking)
    {
        // Wide enough to copy: without noise it has no need to learn what ties features together.
        AutoencoderTrainer.Options plain = Options(Networks.Autoencoder(hidden: [], code: Size), 60), denoising = Options(Networks.Autoencoder(hidden: [], code: Size), 60);
        (denoising.GaussianNoise, denoising.MaskingNoise) = (gaussian, masking);
        double copied = Error(Ml.Transforms.Autoencoder(plain).Fit(Rows(400, 1))), learned = Error(Ml.Transforms.Autoencoder(denoising).Fit(Rows(400, 1)));
        Assert.True(learned < 0.75 * copied, $"{learned} with noise in training, {copied} without");

        // Of rows with such noise.
        double Error(NeuralNetworkTransformer model)
        {
            Random random = new(5);
            float[][] clean = [.. Rows(200, 2).GetColumn<float[]>("Features")];
            float Normal() => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            IDataView noisy = Ml.Data.LoadFromEnumerable(clean.Select(f => new Judged { Features = [.. f.Select(v => random.NextSingle() < masking ? 0 : v + (gaussian * Normal()))] }).ToList());
            return clean.Zip(model.Transform(noisy).GetColumn<float[]>("Reconstruction"), (c, r) => c.Zip(r, (x, y) => (double)(x - y) * (x - y)).Average()).Average();
        }
    }

    [Fact]
    public void Pictures_are_coded_as_they_lie()
    {
        IDataView rows = Bars.View(Ml, 120, 1);
        NeuralNetworkTransformer model = Ml.Transforms.Autoencoder(new AutoencoderTrainer.Options
        {
            Network = Networks.Autoencoder((Bars.Side, Bars.Side), 1, [4, 8], 6),
            FeatureColumnName = "Pixels",
            Epochs = 2,
        }).Fit(rows);
        Assert.Equal(Bars.Side * Bars.Side, model.Transform(rows).GetColumn<float[]>("Reconstruction").First().Length);
        Assert.Equal(6, model.Transform(rows).GetColumn<float[]>("Code").First().Length);
    }

    [Fact]
    public void What_is_no_autoencoder_is_said()
    {
        IDataView rows = Rows(20, 1);
        Assert.Contains("expected (batch, 32)", Error(() => Ml.Transforms.Autoencoder(Network.Input(Size).Dense(3)).Fit(rows)), StringComparison.Ordinal);
        Assert.Contains("no layer called 'narrow'", Error(() => Ml.Transforms.Autoencoder(new AutoencoderTrainer.Options { Network = Networks.Autoencoder(), CodeLayerName = "narrow" })), StringComparison.Ordinal);
        Assert.Contains("one feature column", Error(() => Ml.Transforms.Autoencoder(new AutoencoderTrainer.Options { Network = Networks.Autoencoder(), FeatureColumnNames = ["a", "b"] })), StringComparison.Ordinal);
        Assert.Contains("MaskingNoise 1", Error(() => Ml.Transforms.Autoencoder(new AutoencoderTrainer.Options { Network = Networks.Autoencoder(), MaskingNoise = 1 })), StringComparison.Ordinal);
        Assert.Contains("Contamination is -0.1", Error(() => Ml.Transforms.Autoencoder(new AutoencoderTrainer.Options { Network = Networks.Autoencoder(), Contamination = -0.1 })), StringComparison.Ordinal);
        NeuralNetworkTransformer plain = Ml.Transforms.Autoencoder(Network.Input(Size).Dense(3).Dense(Size), epochs: 1).Fit(rows);
        Assert.Null(plain.Transform(rows).Schema.GetColumnOrNull("Code"));
    }

    private static AutoencoderTrainer.Options Options(Network network, int epochs) => new() { Network = network, Epochs = epochs, Optimizer = new Adam { LearningRate = 0.01f } };

    private static string Error(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;

    private static IDataView Rows(int count, int seed)
    {
        Random mixing = new(9), random = new(seed);
        float[] ofA = [.. Enumerable.Range(0, Size).Select(_ => mixing.NextSingle() * 2 - 1)], ofB = [.. Enumerable.Range(0, Size).Select(_ => mixing.NextSingle() * 2 - 1)];
        return Ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            float a = random.NextSingle() * 2 - 1, b = random.NextSingle() * 2 - 1;
            return new Row
            {
                Features = [.. Enumerable.Range(0, Size).Select(i => a * ofA[i] + b * ofB[i] + 1.2f * (random.NextSingle() - 0.5f))],
                Label = a + b > 0,
            };
        }).ToList());
    }

    private sealed class Row
    {
        [VectorType(Size)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    private sealed class Judged
    {
        [VectorType(Size)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Codes
    {
        public float[] Code { get; set; } = [];
    }
}
