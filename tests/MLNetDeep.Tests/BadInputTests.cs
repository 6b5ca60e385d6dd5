using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests;

/// <summary>Each way in which input can be bad, with a message that names what is wrong.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-bad-").FullName;

    private static Network Mlp => Networks.Mlp(hidden: [4]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_column_is_named_with_those_that_there_are()
    {
        IDataView data = Samples.View(_ml, 20);
        Says<ArgumentException>(() => Regression("Numbr").Fit(data), "label column 'Numbr' is not in the data", "'Number'");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Pixels").Fit(data), "feature column 'Pixels' is not in the data", "'Features'");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", exampleWeightColumnName: "Wait").Fit(data), "weight column 'Wait' is not in the data", "'Weight'");

        SchemaShape shape = Schemas.Shape(data.Schema);
        Says<ArgumentException>(() => Regression("Numbr").GetOutputSchema(shape), "label column 'Numbr'");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Pixels").GetOutputSchema(shape), "feature column 'Pixels'");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", exampleWeightColumnName: "Wait").GetOutputSchema(shape), "weight column 'Wait'");
    }

    [Fact]
    public void A_label_of_the_wrong_type_is_named_with_what_to_do()
    {
        IDataView data = Samples.View(_ml, 20);
        SchemaShape shape = Schemas.Shape(data.Schema);
        IEstimator<ITransformer> multiclass = _ml.MulticlassClassification.Trainers.NeuralNetwork(Mlp, "Color"), binary = _ml.BinaryClassification.Trainers.NeuralNetwork(Mlp, "Number"), regression = Regression("Large");
        foreach (Action act in (Action[])[() => multiclass.Fit(data), () => multiclass.GetOutputSchema(shape)])
            Says<ArgumentException>(act, "label column 'Color' has type String", "needs a key", "MapValueToKey");
        foreach (Action act in (Action[])[() => binary.Fit(data), () => binary.GetOutputSchema(shape)])
            Says<ArgumentException>(act, "label column 'Number' has type Single", "needs a Boolean", "ConvertType");
        foreach (Action act in (Action[])[() => regression.Fit(data), () => regression.GetOutputSchema(shape)])
            Says<ArgumentException>(act, "label column 'Large' has type Boolean", "needs a Single", "ConvertType");
    }

    [Fact]
    public void A_feature_column_of_the_wrong_type_is_named_with_what_to_do()
    {
        IDataView data = Samples.View(_ml, 20);
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Color").Fit(data), "feature column 'Color' has type String", "vector of Single", "OneHotEncoding");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Ids").Fit(data), "feature column 'Ids' has type Vector<Int32, 3>", "ConvertType");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Network.TokenInput().Embedding(3, 2).Flatten().TaskOutput(), "Number", "Features").Fit(data), "feature column 'Features'", "keys or Int32", "MapValueToKey");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Ids").GetOutputSchema(Schemas.Shape(data.Schema)), "feature column 'Ids' has type Vector<Int32>");
    }

    [Fact]
    public void A_feature_vector_of_unknown_size_is_an_error()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new List<Loose> { new(), new() });
        Says<ArgumentException>(() => Regression("Label").Fit(data), "feature column 'Features'", "unknown size", "[VectorType(64)]");
        Says<ArgumentException>(() => Regression("Label").GetOutputSchema(Schemas.Shape(data.Schema)), "feature column 'Features'", "unknown size");
    }

    [Fact]
    public void A_feature_vector_of_the_wrong_size_is_an_error()
    {
        IDataView data = Samples.View(_ml, 20);
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Network.Input(5).TaskOutput(), "Number").Fit(data), "Input 'input' expects rows of shape (5), 5 numbers", "(4), 4 numbers", "feature column 'Features'");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Network.Input("picture", 2, 3).Flatten().TaskOutput(), "Number").Fit(data), "Input 'picture' expects rows of shape (2, 3), 6 numbers", "(4)");
    }

    [Fact]
    public void A_feature_vector_of_the_wrong_size_at_scoring_is_an_error()
    {
        NeuralNetworkTransformer model = Regression("Number").Fit(Samples.View(_ml, 20));
        IDataView longer = _ml.Data.LoadFromEnumerable(new List<Longer> { new() });
        Says<ArgumentException>(() => model.Transform(longer), "feature column 'Features' has 5 elements", "trained on 4");
        Says<ArgumentException>(() => model.GetRowToRowMapper(longer.Schema), "feature column 'Features' has 5 elements");
        IDataView loose = _ml.Data.LoadFromEnumerable(new List<Loose> { new() });
        Says<ArgumentException>(() => model.Transform(loose), "feature column 'Features'", "unknown size");
    }

    [Fact]
    public void A_row_that_is_shorter_than_its_type_says_is_an_error()
    {
        List<Sample> samples = Samples.List(20);
        samples[7].Features = [1, 2];
        Exception error = Assert.ThrowsAny<Exception>(() => Regression("Number").Fit(_ml.Data.LoadFromEnumerable(samples)));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void A_missing_column_at_scoring_is_named()
    {
        NeuralNetworkTransformer model = Regression("Number").Fit(Samples.View(_ml, 20));
        IDataView data = _ml.Transforms.DropColumns("Features").Fit(Samples.View(_ml, 5)).Transform(Samples.View(_ml, 5));
        Says<ArgumentException>(() => model.Transform(data), "feature column 'Features' is not in the data", "'Color'");
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_feature_that_is_no_number_is_named_by_column_slot_and_row(float value, string shown)
    {
        List<Sample> samples = Samples.List(20);
        samples[11].Features[2] = value;
        Says<InvalidOperationException>(() => Regression("Number").Fit(_ml.Data.LoadFromEnumerable(samples)), $"feature column 'Features', slot 2 is {shown} in data row 12", "ReplaceMissingValues");

        samples = Samples.List(20);
        samples[19].Single = value;
        Says<InvalidOperationException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Single").Fit(_ml.Data.LoadFromEnumerable(samples)), $"feature column 'Single' is {shown} in data row 20");

        // With names of slots: those of Concatenate.
        IDataView named = _ml.Transforms.Concatenate("Features", "Weight", "Single").Fit(_ml.Data.LoadFromEnumerable(samples)).Transform(_ml.Data.LoadFromEnumerable(samples));
        Says<InvalidOperationException>(() => Regression("Number").Fit(named), $"feature column 'Features', slot 1 ('Single') is {shown} in data row 20");
    }

    [Fact]
    public void A_feature_that_is_no_number_in_the_validation_set_is_named_too()
    {
        List<Sample> samples = Samples.List(20);
        samples[4].Features[0] = float.NaN;
        RegressionNeuralNetworkTrainer.Options options = new() { ValidationSet = _ml.Data.LoadFromEnumerable(samples) };
        Says<InvalidOperationException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Features", options).Fit(Samples.View(_ml, 20)), "feature column 'Features', slot 0 is NaN in data row 5");
    }

    [Fact]
    public void Infinite_labels_are_named()
    {
        List<Sample> samples = Samples.List(20);
        samples[3].Number = float.PositiveInfinity;
        Says<InvalidOperationException>(() => Regression("Number").Fit(_ml.Data.LoadFromEnumerable(samples)), "label column 'Number' is Infinity in data row 4");
    }

    [Fact]
    public void Weights_that_cannot_be_are_named()
    {
        RegressionNeuralNetworkTrainer Weighted(string column) => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", exampleWeightColumnName: column);
        foreach (float bad in (float[])[-1, float.NaN, float.PositiveInfinity])
        {
            List<Sample> samples = Samples.List(20);
            samples[5].Weight = bad;
            Says<InvalidOperationException>(() => Weighted("Weight").Fit(_ml.Data.LoadFromEnumerable(samples)), "weight column 'Weight' is ", "in data row 6", "at least 0");
        }

        Says<ArgumentException>(() => Weighted("Whole").Fit(Samples.View(_ml, 5)), "weight column 'Whole' has type Int32", "ConvertType");
        Says<ArgumentException>(() => Weighted("Features").GetOutputSchema(Schemas.Shape(Samples.View(_ml, 5).Schema)), "weight column 'Features' has type Vector<Single>");
    }

    [Fact]
    public void Ids_that_the_embedding_does_not_know_are_named()
    {
        Network network = Network.TokenInput().Embedding(9, 2).Flatten().TaskOutput();
        List<Sample> samples = Samples.List(20);
        foreach (Sample s in samples)
            s.Ids = [1, 2, 8];
        samples[6].Ids[1] = 9;
        Says<InvalidOperationException>(() => _ml.Regression.Trainers.NeuralNetwork(network, "Number", "Ids").Fit(_ml.Data.LoadFromEnumerable(samples)), "feature column 'Ids', slot 1 is 9 in data row 7", "ids 0 to 8");
        samples[6].Ids[1] = -1;
        Says<InvalidOperationException>(() => _ml.Regression.Trainers.NeuralNetwork(network, "Number", "Ids").Fit(_ml.Data.LoadFromEnumerable(samples)), "feature column 'Ids', slot 1 is -1 in data row 7");

        IDataView raw = Samples.View(_ml, 30);
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Name").Fit(raw).Transform(raw);
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(network, "Number", "Name").Fit(keys), "feature column 'Name' has 30 keys", "knows 9 ids", "31");
    }

    [Fact]
    public void No_rows_is_an_error()
    {
        IDataView none = _ml.Data.LoadFromEnumerable(new List<Sample>());
        Says<ArgumentException>(() => Regression("Number").Fit(none), "no rows to train on", "empty");
        Says<ArgumentException>(() => _ml.BinaryClassification.Trainers.NeuralNetwork(Mlp, "Large").Fit(none), "no rows to train on");
        List<Sample> unlabelled = Samples.List(4);
        unlabelled.ForEach(s => s.Number = float.NaN);
        Says<ArgumentException>(() => Regression("Number").Fit(_ml.Data.LoadFromEnumerable(unlabelled)), "no rows to train on", "'Number' is missing in all 4 rows");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Features", new() { ValidationSet = none }).Fit(Samples.View(_ml, 5)), "no rows to validate on");
    }

    [Fact]
    public void One_class_only_is_an_error_that_names_it()
    {
        List<Sample> samples = Samples.List(20);
        samples.ForEach(s => { s.Color = "red"; s.Large = true; });
        IDataView data = _ml.Data.LoadFromEnumerable(samples);
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(data).Transform(data);
        Says<ArgumentException>(() => _ml.MulticlassClassification.Trainers.NeuralNetwork(Mlp).Fit(keyed), "label column 'Label' has one class only ('red', 20 rows)");
        Says<ArgumentException>(() => _ml.BinaryClassification.Trainers.NeuralNetwork(Mlp, "Large").Fit(data), "label column 'Large' has one class only ('True', 20 rows)");

        // Two keys, of which one has no rows.
        IDataView all = Samples.View(_ml, 40);
        ITransformer map = _ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(all);
        Says<ArgumentException>(() => _ml.MulticlassClassification.Trainers.NeuralNetwork(Mlp).Fit(map.Transform(data)), "one class only ('red', 20 rows)");
    }

    [Fact]
    public void More_classes_than_outputs_is_an_error()
    {
        IDataView raw = Samples.View(_ml, 40);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(raw).Transform(raw);
        Says<ArgumentException>(() => _ml.MulticlassClassification.Trainers.NeuralNetwork(Network.Input().Dense(4).ClassOutput(2)).Fit(data), "(batch, 2)", "3 classes");
        Says<ArgumentException>(() => _ml.MulticlassClassification.Trainers.NeuralNetwork(Network.Input().Dense(5).Softmax()).Fit(data), "(batch, 5)", "3 classes", "ClassOutput()");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Network.Input().Dense(2), "Number").Fit(data), "(batch, 2)", "one number");
    }

    [Fact]
    public void A_network_without_an_output_for_classes_is_an_error()
    {
        IDataView raw = Samples.View(_ml, 40);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(raw).Transform(raw);
        Says<ArgumentException>(() => _ml.MulticlassClassification.Trainers.NeuralNetwork(Network.Input().Dense(3)).Fit(data), "ends with a linear layer", "ClassOutput()");
        Says<ArgumentException>(() => _ml.BinaryClassification.Trainers.NeuralNetwork(Network.Input().Dense(1), "Large").Fit(data), "ends with a linear layer", "TaskOutput()");
        Says<ArgumentException>(() => _ml.BinaryClassification.Trainers.NeuralNetwork(Network.Input().Dense(1).Relu(), "Large").Fit(data), "ends with Relu", "probabilities");
    }

    [Fact]
    public void A_layer_that_cannot_take_its_input_is_named_with_the_shapes()
    {
        Says<ArgumentException>(
            () => _ml.Regression.Trainers.NeuralNetwork(Network.Input().Reshape("fold", 3, 3).Flatten().TaskOutput(), "Number").Fit(Samples.View(_ml, 20)),
            "Layer 'fold' (Reshape)", "(batch, 4)", "3, 3");
        Network a = Network.Input("a", 4), b = Network.Input("b", 1);
        RegressionNeuralNetworkTrainer.Options options = new() { Network = a.Dense(3).Concatenate(0, b).TaskOutput(), LabelColumnName = "Number", FeatureColumnNames = ["Features", "Single"] };
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(options).Fit(Samples.View(_ml, 20)), "Layer 'concatenate' (Concatenate)");
    }

    [Fact]
    public void A_network_of_two_inputs_for_one_column_is_an_error()
    {
        Network network = Network.Input("a", 4).Add(Network.Input("b", 4)).TaskOutput();
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(network, "Number"), "2 inputs", "1 feature column", "FeatureColumnNames");
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(new RegressionNeuralNetworkTrainer.Options()), "Options.Network is not set", "Networks.Mlp");
    }

    [Fact]
    public void Loss_that_becomes_NaN_at_once_is_an_error_that_says_where()
    {
        RegressionNeuralNetworkTrainer.Options options = new() { Epochs = 3, BatchSize = 5, Optimizer = new Sgd { LearningRate = 1e30f } };
        Says<TrainingDivergedException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Features", options).Fit(Samples.View(_ml, 20)), "in epoch 1, step 2", "learning rate");
    }

    [Fact]
    public void Loss_that_becomes_NaN_later_keeps_the_last_good_weights_and_warns()
    {
        List<string> warnings = [];
        _ml.Log += (_, e) => { if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) warnings.Add(e.RawMessage); };
        IDataView data = Samples.View(_ml, 20);
        RegressionNeuralNetworkTrainer.Options options = new() { Epochs = 5, BatchSize = 5, LearningRateSchedule = new Schedules.ExponentialDecay(1e-6f, 1e15, 1) };
        NeuralNetworkTransformer model = _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Features", options).Fit(data);

        Assert.InRange(model.History.Epochs.Count, 1, 3);
        Assert.Contains($"weights of epoch {model.History.Epochs.Count}", model.History.StopReason, StringComparison.Ordinal);
        Assert.Contains("step ", model.History.StopReason, StringComparison.Ordinal);
        Assert.Contains(model.History.StopReason!, warnings);
        Assert.All(model.Transform(data).GetColumn<float>("Score"), s => Assert.True(float.IsFinite(s)));
    }

    [Fact]
    public void A_checkpoint_folder_that_cannot_be_written_is_an_error_at_the_start()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        RegressionNeuralNetworkTrainer.Options options = new() { Checkpoint = new(Path.Combine(file, "below")) };
        Says<IOException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Features", options).Fit(Samples.View(_ml, 20)), $"'{Path.Combine(file, "below")}' cannot be written");
    }

    [Theory]
    [InlineData("Epochs")]
    [InlineData("BatchSize")]
    [InlineData("ValidationFraction")]
    [InlineData("ShuffleBufferSize")]
    public void An_option_out_of_range_is_named(string option)
    {
        RegressionNeuralNetworkTrainer.Options options = new();
        switch (option)
        {
            case "Epochs": options.Epochs = 0; break;
            case "BatchSize": options.BatchSize = -1; break;
            case "ValidationFraction": options.ValidationFraction = 1.5; break;
            default: options.ShuffleBufferSize = 0; break;
        }

        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Features", options).Fit(Samples.View(_ml, 20)), $"{option} is ", "expected");
    }

    [Fact]
    public void Class_weights_of_a_class_that_there_is_not_are_an_error()
    {
        BinaryNeuralNetworkTrainer.Options options = new() { ClassWeights = ClassWeights.Of(("fraud", 10)) };
        Says<ArgumentException>(() => _ml.BinaryClassification.Trainers.NeuralNetwork(Mlp, "Large", "Features", options).Fit(Samples.View(_ml, 20)), "class 'fraud'", "'False', 'True'");
        Says<ArgumentException>(() => ClassWeights.Of(("a", -1)), "class 'a' is -1");
    }

    [Fact]
    public void A_validation_set_that_was_not_transformed_alike_is_an_error()
    {
        IDataView raw = Samples.View(_ml, 40);
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(raw).Transform(raw);
        void Fit(IDataView validation, params string[] says) =>
            Says<ArgumentException>(() => _ml.MulticlassClassification.Trainers.NeuralNetwork(Mlp, "Label", "Features", new() { ValidationSet = validation }).Fit(data), says);

        Fit(raw, "label column 'Label' is not in the data");
        Fit(_ml.Transforms.CopyColumns("Label", "Color").Fit(raw).Transform(raw), "validation set's label column 'Label' has type String");

        // The same classes in another order, as a map of its own would give.
        List<Sample> sorted = [.. Samples.List(40).OrderByDescending(s => s.Color)];
        IDataView other = _ml.Data.LoadFromEnumerable(sorted);
        Fit(_ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(other).Transform(other), "validation set's label column 'Label' stand for 'red'", "same fitted estimators");

        IDataView narrow = _ml.Transforms.Conversion.MapValueToKey("Label", "Color").Append(_ml.Transforms.Concatenate("Features", "Single")).Fit(raw).Transform(raw);
        Fit(narrow, "validation set's column 'Features' has 1 elements", "4");
    }

    [Fact]
    public void Too_many_keys_are_taken_for_no_label()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new List<Ids> { new() { Label = 1 }, new() { Label = 2 } });
        Says<ArgumentException>(() => _ml.MulticlassClassification.Trainers.NeuralNetwork(Mlp).Fit(data), "label column 'Label'", "classes", "MapValueToKey");
    }

    [Fact]
    public void Early_stopping_on_a_figure_that_there_is_not_is_an_error()
    {
        RegressionNeuralNetworkTrainer.Options options = new() { EarlyStopping = new(monitor: "val_accuracy") };
        Says<ArgumentException>(() => _ml.Regression.Trainers.NeuralNetwork(Mlp, "Number", "Features", options).Fit(Samples.View(_ml, 20)), "'val_accuracy'", "loss, mae, rmse");
    }

    private RegressionNeuralNetworkTrainer Regression(string label) => _ml.Regression.Trainers.NeuralNetwork(Mlp, label, epochs: 1);

    private static void Says<TException>(Action act, params string[] parts)
        where TException : Exception
    {
        TException error = Assert.ThrowsAny<TException>(act);
        Assert.All(parts, p => Assert.Contains(p, error.Message, StringComparison.Ordinal));
    }

    private sealed class Loose
    {
        public float Label { get; set; }

        public float[] Features { get; set; } = [1, 2];
    }

    private sealed class Longer
    {
        [VectorType(5)]
        public float[] Features { get; set; } = new float[5];
    }

    private sealed class Ids : Point
    {
        [KeyType(2_000_000)]
        public uint Label { get; set; }
    }
}
