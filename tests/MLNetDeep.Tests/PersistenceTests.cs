using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests;

public sealed class PersistenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_process_that_knows_ML_NET_only_loads_the_whole_chain_and_scores_the_same_bits()
    {
        MLContext ml = new(seed: 1);
        List<Sample> samples = Samples.List(60);
        IDataView data = ml.Data.LoadFromEnumerable(samples);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Color")
            .Append(ml.Transforms.NormalizeMinMax("Features"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8], dropout: 0.1, batchNormalization: true), epochs: 2));
        ITransformer model = pipeline.Fit(data);

        // What serves needs no label.
        ITransformer serving = new TransformerChain<ITransformer>(((IEnumerable<ITransformer>)model).Skip(1).ToArray());
        string file = Path.Combine(_folder, "model.zip");
        ml.Model.Save(serving, ml.Data.LoadFromEnumerable(new List<Point>()).Schema, file);

        (string[] columns, int[][] scores) = FreshProcess.Score(file, _folder, samples.Select(s => s.Features));
        Assert.Equal(["Features"], columns);
        Assert.Equal(Bits.Of(model.Transform(data), "Score"), scores);
    }

    [Fact]
    public void A_residual_network_scores_the_same_bits_in_a_process_that_knows_ML_NET_only()
    {
        MLContext ml = new(seed: 1);
        List<Sample> samples = Samples.List(24);
        int features = samples[0].Features.Length;
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(ml.Data.LoadFromEnumerable(samples)).Transform(ml.Data.LoadFromEnumerable(samples));
        ITransformer model = ml.MulticlassClassification.Trainers.NeuralNetwork(
            Networks.ResNet(20, (features, 1), channels: 1), "Label", "Features", new() { Epochs = 1, BatchSize = 8 }).Fit(data);
        string file = Path.Combine(_folder, "resnet.zip");
        ml.Model.Save(model, ml.Data.LoadFromEnumerable(new List<Point>()).Schema, file);
        Assert.Equal(Bits.Of(model.Transform(data), "Score"), FreshProcess.Score(file, _folder, samples.Select(s => s.Features)).Scores);
    }

    [Fact]
    public void History_network_and_summary_come_back()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml);
        NeuralNetworkTransformer model = ml.Regression.Trainers.NeuralNetwork(
            Networks.Mlp(hidden: [6]), "Number", "Features", new() { Epochs = 5, ValidationFraction = 0.2, EarlyStopping = new(patience: 4) }).Fit(data);
        NeuralNetworkTransformer loaded = (NeuralNetworkTransformer)Through(ml, model, data.Schema);

        Assert.Equal(5, model.History.Epochs.Count);
        Assert.Equal(["loss", "mae", "rmse", "val_loss", "val_mae", "val_rmse"], model.History.Epochs[0].Metrics.Keys);
        Assert.Equal(model.History.Epochs.Select(e => e.ToString()), loaded.History.Epochs.Select(e => e.ToString()));
        Assert.Equal(model.History["val_loss"], loaded.History["val_loss"]);
        Assert.Equal(model.History.BestEpoch, loaded.History.BestEpoch);
        Assert.Equal(model.History.StopReason, loaded.History.StopReason);
        Assert.Equal(model.Network.Summary(), loaded.Network.Summary());
        Assert.Equal(model.Model.Weights.Keys.Order(), loaded.Model.Weights.Keys.Order());
        Assert.Equal("Features", loaded.FeatureColumnName);
        Assert.Equal(model.FeatureColumnType, loaded.FeatureColumnType);
    }

    [Fact]
    public void Figures_that_are_not_numbers_come_back()
    {
        // The validation label overflows when squared; the model is fine.
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml, 40);
        List<Sample> validation = Samples.List(3);
        validation[0].Number = float.MaxValue;
        NeuralNetworkTransformer model = ml.Regression.Trainers.NeuralNetwork(
            Networks.Mlp(hidden: [4]), "Number", "Features", new() { Epochs = 1, ValidationSet = ml.Data.LoadFromEnumerable(validation) }).Fit(data);
        NeuralNetworkTransformer loaded = (NeuralNetworkTransformer)Through(ml, model, data.Schema);
        Assert.Equal(double.PositiveInfinity, loaded.History.Epochs[0].ValidationLoss);
    }

    [Fact]
    public void A_model_of_ids_and_keys_comes_back_with_its_types()
    {
        MLContext ml = new(seed: 1);
        IDataView raw = Samples.View(ml, 60);
        IDataView data = ml.Transforms.Conversion.MapValueToKey("City").Fit(raw).Transform(raw);
        Network network = Network.TokenInput(name: "city").Embedding(3, 2).Flatten().Concatenate(Network.TokenInput(name: "ids").Embedding(10, 2).Flatten()).TaskOutput();
        NeuralNetworkTransformer model = ml.BinaryClassification.Trainers.NeuralNetwork(
            new Estimators.BinaryNeuralNetworkTrainer.Options { Network = network, LabelColumnName = "Large", FeatureColumnNames = ["City", "Ids"], Epochs = 1 }).Fit(data);
        NeuralNetworkTransformer loaded = (NeuralNetworkTransformer)Through(ml, model, data.Schema);

        Assert.Equal(data.Schema["City"].Type, loaded.FeatureColumnType);
        Assert.Equal(Bits.Of(model.Transform(data), "Score"), Bits.Of(loaded.Transform(data), "Score"));
    }

    [Fact]
    public void Saving_to_and_loading_from_files_works()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml, 40);
        NeuralNetworkTransformer model = ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", epochs: 1).Fit(data);
        string file = Path.Combine(_folder, "model.zip");
        using (FileStream stream = File.Create(file))
            ml.Model.Save(model, data.Schema, stream);
        using FileStream reading = File.OpenRead(file);
        Assert.Equal(Bits.Of(model.Transform(data), "Score"), Bits.Of(ml.Model.Load(reading, out _).Transform(data), "Score"));
    }

    [Fact]
    public void A_model_takes_features_of_the_size_it_was_trained_on_only()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml, 40);
        NeuralNetworkTransformer model = ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", epochs: 1).Fit(data);
        IDataView shorter = ml.Transforms.Concatenate("Features", "Single", "Number").Fit(data).Transform(data);
        string message = Assert.Throws<ArgumentException>(() => model.Transform(shorter)).Message;
        Assert.Contains("'Features' has 2 elements", message, StringComparison.Ordinal);
        Assert.Contains("trained on 4", message, StringComparison.Ordinal);
    }

    private static ITransformer Through(MLContext ml, ITransformer model, DataViewSchema schema)
    {
        using MemoryStream stream = new();
        ml.Model.Save(model, schema, stream);
        stream.Position = 0;
        return ml.Model.Load(stream, out _);
    }
}
