using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;
using MLNetDeep.Training;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests;

/// <summary>What the options of the trainers do.</summary>
public sealed class TrainingOptionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_log_of_the_context_and_progress_tell_of_each_epoch()
    {
        MLContext ml = new(seed: 1);
        List<LoggingEventArgs> log = [];
        ml.Log += (_, e) => { lock (log) log.Add(e); };
        List<string> progress = [];
        ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", "Features", new() { Epochs = 3, Progress = progress.Add }).Fit(Samples.View(ml, 40));

        Assert.Equal(3, progress.Count);
        Assert.StartsWith("Epoch 1: loss ", progress[0], StringComparison.Ordinal);
        string[] ours = [.. log.Where(l => l.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Info && (l.Source ?? "").Contains("RegressionNeuralNetworkTrainer", StringComparison.Ordinal)).Select(l => l.RawMessage ?? "")];
        Assert.Equal(progress, ours.Where(m => m.StartsWith("Epoch", StringComparison.Ordinal)));
    }

    [Fact]
    public void Rows_left_out_are_warned_of()
    {
        MLContext ml = new(seed: 1);
        List<string> warnings = [];
        ml.Log += (_, e) => { if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(e.RawMessage); };
        List<Sample> samples = Samples.List(30);
        samples[3].Number = samples[8].Number = float.NaN;
        Counter counter = new();
        ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", "Features", new() { Epochs = 1, Callbacks = [counter] }).Fit(ml.Data.LoadFromEnumerable(samples));

        Assert.Contains(warnings, w => w.StartsWith("2 rows without a label in column 'Number'", StringComparison.Ordinal));
        Assert.Equal(28, counter.Rows);
    }

    [Fact]
    public void A_validation_set_is_validated_on_and_not_learned_from()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml, 100), other = Samples.View(ml, 37, seed: 2);
        Counter counter = new();
        NeuralNetworkTransformer model = ml.BinaryClassification.Trainers.NeuralNetwork(
            Networks.Mlp(hidden: [8]), "Large", "Features", new() { Epochs = 4, ValidationSet = other, Callbacks = [counter] }).Fit(data);

        Assert.Equal(400, counter.Rows);

        // The last epoch's figures are those of the finished model.
        CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(model.Transform(other), "Large");
        Assert.Equal(metrics.Accuracy, model.History["val_accuracy"][^1], 6);
        Assert.Equal(metrics.LogLoss * Math.Log(2), model.History["val_loss"][^1], 4); // ML.NET's is in bits
    }

    [Fact]
    public void A_validation_fraction_is_held_out()
    {
        MLContext ml = new(seed: 1);
        Counter counter = new();
        NeuralNetworkTransformer model = ml.Regression.Trainers.NeuralNetwork(
            Networks.Mlp(hidden: [8]), "Number", "Features", new() { Epochs = 1, ValidationFraction = 0.25, Callbacks = [counter] }).Fit(Samples.View(ml, 400));
        Assert.InRange(counter.Rows, 270, 330);
        Assert.NotNull(model.History.Epochs[0].ValidationLoss);
    }

    [Fact]
    public void Early_stopping_keeps_the_best_weights()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml, 60), other = Samples.View(ml, 60, seed: 2);
        NeuralNetworkTransformer model = ml.Regression.Trainers.NeuralNetwork(
            Networks.Mlp(hidden: [16]), "Number", "Features",
            new() { Epochs = 60, ValidationSet = other, EarlyStopping = new(patience: 3), Optimizer = new Adam { LearningRate = 0.3f } }).Fit(data);

        Assert.NotNull(model.History.StopReason);
        Assert.Equal(model.History.Epochs.MinBy(e => e.ValidationLoss)!.Epoch, model.History.BestEpoch);
        Assert.Equal(model.History.Epochs.Min(e => e.ValidationLoss)!.Value, ml.Regression.Evaluate(model.Transform(other), "Number").MeanSquaredError, 3);
    }

    [Fact]
    public void Example_weights_move_the_model()
    {
        // The same point with two answers: the prediction is the weighted mean of them.
        MLContext ml = new(seed: 1);
        List<Sample> samples = [.. Enumerable.Range(0, 40).Select(i => new Sample { Features = [0, 0, 0, 0], Number = i % 2 * 4, Weight = i % 2 == 0 ? 3 : 1 })];
        Estimators.RegressionNeuralNetworkTrainer.Options options = new() { Epochs = 60, Optimizer = new Sgd { LearningRate = 0.1f }, BatchSize = 40 };
        float Predict(string? weight)
        {
            options.ExampleWeightColumnName = weight;
            IDataView data = ml.Data.LoadFromEnumerable(samples);
            return ml.Regression.Trainers.NeuralNetwork(Network.Input(4).TaskOutput(), "Number", "Features", options).Fit(data).Transform(data).GetColumn<float>("Score").First();
        }

        Assert.Equal(2, Predict(null), 0.02);
        Assert.Equal(1, Predict("Weight"), 0.02);
    }

    [Fact]
    public void Balanced_class_weights_make_classes_count_the_same()
    {
        // The same point, 90 times False and 10 times True: unweighted it is True at 0.1, balanced at 0.5.
        Assert.Equal(0.1, ProbabilityOfTrue(null), 0.01);
        Assert.Equal(0.5, ProbabilityOfTrue(ClassWeights.Balanced), 0.01);
    }

    [Fact]
    public void Given_class_weights_count_as_given()
    {
        // 90 × 1 against 10 × 27: three quarters.
        Assert.Equal(0.75, ProbabilityOfTrue(ClassWeights.Of(("True", 27))), 0.01);
    }

    [Fact]
    public void Class_weights_of_several_classes_go_by_name()
    {
        MLContext ml = new(seed: 1);
        List<Sample> samples = [.. Enumerable.Range(0, 100).Select(i => new Sample { Features = [0, 0, 0, 0], Color = i < 70 ? "red" : i < 90 ? "green" : "blue" })];
        IDataView data = ml.Data.LoadFromEnumerable(samples);
        float[] Probabilities(ClassWeights? weights)
        {
            ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label", "Color").Append(ml.MulticlassClassification.Trainers.NeuralNetwork(
                Network.Input(4).ClassOutput(), "Label", "Features", new() { Epochs = 300, BatchSize = 100, Optimizer = new Sgd { LearningRate = 0.5f }, ClassWeights = weights })).Fit(data);
            return model.Transform(data).GetColumn<float[]>("Score").First();
        }

        Assert.Equal([0.7f, 0.2f, 0.1f], Probabilities(null).Select(p => MathF.Round(p, 2)));
        Assert.All(Probabilities(ClassWeights.Balanced), p => Assert.Equal(1 / 3f, p, 0.02f));
        Assert.Equal([0.35f, 0.1f, 0.55f], Probabilities(ClassWeights.Of(("blue", 11), ("red", 1))).Select(p => MathF.Round(p, 2)));
    }

    [Fact]
    public void Callbacks_see_training_and_can_end_it()
    {
        MLContext ml = new(seed: 1);
        Stopper stopper = new();
        NeuralNetworkTransformer model = ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", "Features", new() { Epochs = 10, Callbacks = [stopper] }).Fit(Samples.View(ml, 40));
        Assert.Equal(2, model.History.Epochs.Count);
        Assert.Equal("seen enough", model.History.StopReason);
    }

    [Fact]
    public void Cancelling_the_context_ends_training()
    {
        MLContext ml = new(seed: 1);

        // ML.NET keeps the method to itself and its own front ends.
        MethodInfo cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;
        Caller caller = new() { AtEpoch = epoch => { if (epoch == 2) cancel.Invoke(ml, null); } };
        Assert.ThrowsAny<OperationCanceledException>(() => ml.Regression.Trainers.NeuralNetwork(
            Networks.Mlp(hidden: [4]), "Number", "Features", new() { Epochs = 10_000, Callbacks = [caller] }).Fit(Samples.View(ml, 40)));
        Assert.Equal(2, caller.Epochs);
    }

    [Fact]
    public void A_run_that_was_cancelled_goes_on_from_its_checkpoint_to_the_same_bits()
    {
        int[][] Scores(string? folder, int? cancelAfter)
        {
            MLContext ml = new(seed: 1);
            IDataView data = Samples.View(ml, 80);
            using CancellationTokenSource source = new();
            Stopper stopper = new() { Cancel = cancelAfter is null ? null : source, After = cancelAfter ?? int.MaxValue };
            return Bits.Of(
                ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8], dropout: 0.2), "Number", "Features", new()
                {
                    Epochs = 6,
                    Checkpoint = folder is null ? null : new(folder),
                    CancellationToken = source.Token,
                    Callbacks = [stopper],
                }).Fit(data).Transform(data),
                "Score");
        }

        string folder = Path.Combine(_folder, "run");
        Assert.Throws<OperationCanceledException>(() => Scores(folder, 3));
        Assert.Equal(Scores(null, null), Scores(folder, null));
    }

    [Fact]
    public void Gradients_of_recurrent_networks_are_limited_as_told()
    {
        MLContext ml = new(seed: 1);
        IDataView samples = Samples.View(ml, 64), data = ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Letters", "City", false).Append(ml.Transforms.Conversion.MapValueToKey("Letters")).Fit(samples).Transform(samples);
        Sgd plain = new() { LearningRate = 0.05f }, own = plain with { GlobalClipNorm = 0.01f };
        Func<Optimizer, float?, IEstimator<ITransformer>>[] trainers =
        [
            (o, limit) => ml.Regression.Trainers.NeuralNetwork(Network.Input(Samples.Size, 1).Lstm(3).TaskOutput(), "Number", "Features", new() { Epochs = 1, Optimizer = o, RecurrentClipNorm = limit, Seed = 1 }),
            (o, limit) => ml.MulticlassClassification.Trainers.LanguageModel(new() { Network = Networks.LanguageModel(width: 4), TokensColumnName = "Letters", Epochs = 1, Optimizer = o, RecurrentClipNorm = limit, Seed = 1 }),
            (o, limit) => ml.MulticlassClassification.Trainers.SequenceToSequence(new()
            {
                Network = Networks.Seq2Seq(units: 4, embedding: 4), SourceColumnName = "Letters", TargetColumnName = "Letters", Epochs = 1, Optimizer = o, RecurrentClipNorm = limit, Seed = 1,
            }),
        ];
        foreach (Func<Optimizer, float?, IEstimator<ITransformer>> trainer in trainers)
        {
            int[][] Scores(Optimizer optimizer, float? limit) => Bits.Of(trainer(optimizer, limit).Fit(data).Transform(data), "Score");
            int[][] limited = Scores(plain, 0.01f);
            Assert.Equal(Scores(own, null), limited);
            Assert.NotEqual(Scores(plain, null), limited);
        }

        Assert.Equal(1, new RegressionNeuralNetworkTrainer.Options().RecurrentClipNorm);
        Assert.Contains("RecurrentClipNorm is 0", Assert.Throws<ArgumentException>(() => trainers[0](plain, 0).Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_longer_than_the_buffer_trains_as_well()
    {
        MLContext ml = new(seed: 1);
        WatchedView data = new(Samples.View(ml, 300));
        NeuralNetworkTransformer model = ml.Regression.Trainers.NeuralNetwork(
            Networks.Mlp(hidden: [16]), "Number", "Features", new() { Epochs = 30, ShuffleBufferSize = 50, Optimizer = new Adam { LearningRate = 0.02f } }).Fit(data);
        Assert.InRange(ml.Regression.Evaluate(model.Transform(data), "Number").RSquared, 0.97, 1);
        Assert.True(data.Asked.Count > 30);
        Assert.Equal(0, data.OpenCursors);
    }

    [Fact]
    public void Batch_size_over_the_row_count_is_said_and_works()
    {
        MLContext ml = new(seed: 1);
        List<string> progress = [];
        ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", "Features", new() { Epochs = 1, BatchSize = 500, Progress = progress.Add }).Fit(Samples.View(ml, 40));
        Assert.Contains(progress, p => p.Contains("batch size of 500", StringComparison.Ordinal) && p.Contains("40 training rows", StringComparison.Ordinal));
    }

    private static double ProbabilityOfTrue(ClassWeights? weights)
    {
        MLContext ml = new(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Sample { Features = [0, 0, 0, 0], Large = i % 10 == 0 }).ToList());
        NeuralNetworkTransformer model = ml.BinaryClassification.Trainers.NeuralNetwork(
            Network.Input(4).TaskOutput(), "Large", "Features", new() { Epochs = 200, BatchSize = 100, Optimizer = new Sgd { LearningRate = 0.5f }, ClassWeights = weights }).Fit(data);
        return model.Transform(data).GetColumn<float>("Probability").First();
    }

    private sealed class Caller : Callback
    {
        public Action<int>? AtEpoch { get; init; }

        public int Epochs { get; private set; }

        public override void OnEpochEnd(TrainingContext context, EpochResult result)
        {
            Epochs++;
            AtEpoch?.Invoke(result.Epoch);
        }
    }

    private sealed class Counter : Callback
    {
        public int Rows { get; private set; }

        public override void OnBatchEnd(TrainingContext context, in BatchResult result) => Rows += result.Rows;
    }

    private sealed class Stopper : Callback
    {
        public int After { get; init; } = 2;

        public CancellationTokenSource? Cancel { get; init; }

        public override void OnEpochEnd(TrainingContext context, EpochResult result)
        {
            if (result.Epoch != After)
                return;
            if (Cancel is null)
                context.Stop("seen enough");
            else
                Cancel.Cancel();
        }
    }
}
