using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests;

/// <summary>The kinds of columns that networks take.</summary>
public class InputTests
{
    private static MLContext Ml => new(seed: 1);

    [Fact]
    public void A_feature_can_be_a_single_number()
    {
        IDataView data = Samples.View(Ml);
        NeuralNetworkTransformer model = Ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", "Single", new() { Epochs = 1 }).Fit(data);
        Assert.Equal(NumberDataViewType.Single, model.FeatureColumnType);
        Assert.All(model.Transform(data).GetColumn<float>("Score"), s => Assert.True(float.IsFinite(s)));
    }

    [Fact]
    public void Ids_are_embedded_and_learned_from()
    {
        IDataView data = Samples.View(Ml, 300);
        Network network = Network.TokenInput().Embedding(10, 4).Flatten().ClassOutput();
        ITransformer model = Ml.Transforms.Conversion.MapValueToKey("Label", "Color")
            .Append(Ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Ids", new() { Epochs = 25, Optimizer = new Adam { LearningRate = 0.05f } })).Fit(data);
        Assert.InRange(Ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy, 0.95, 1);
    }

    [Fact]
    public void Keys_are_embedded_with_0_for_the_missing_one()
    {
        IDataView raw = Samples.View(Ml, 100);
        IDataView data = Ml.Transforms.Conversion.MapValueToKey("City").Fit(raw).Transform(raw);
        Network network = Network.TokenInput().Embedding(3, 2).Flatten().TaskOutput();
        NeuralNetworkTransformer model = Ml.Regression.Trainers.NeuralNetwork(network, "Number", "City", new() { Epochs = 2 }).Fit(data);
        Assert.Equal(2, model.Transform(data).GetColumn<float>("Score").Distinct().Count());
    }

    [Fact]
    public void Several_columns_feed_several_inputs_in_order()
    {
        // Input b alone decides; were the columns taken the wrong way round, sizes would not fit.
        Network a = Network.Input("a", 1), b = Network.Input("b", Samples.Size);
        IDataView data = Samples.View(Ml, 200);
        NeuralNetworkTransformer model = Ml.Regression.Trainers.NeuralNetwork(new()
        {
            Network = b.Dense(8).Concatenate(a).TaskOutput(),
            LabelColumnName = "Number",
            FeatureColumnNames = ["Features", "Single"],
            Epochs = 1,
        }).Fit(data);
        Assert.Equal(["Features", "Single"], model.GetRowToRowMapper(data.Schema).GetDependencies([model.GetOutputSchema(data.Schema)["Score"]]).Select(c => c.Name));
    }

    [Fact]
    public void Two_inputs_may_take_one_column()
    {
        Network a = Network.Input("a"), b = Network.Input("b");
        IDataView data = Samples.View(Ml, 60);
        NeuralNetworkTransformer model = Ml.Regression.Trainers.NeuralNetwork(new()
        {
            Network = a.Dense(4).Add(b.Dense(4).Tanh()).TaskOutput(),
            LabelColumnName = "Number",
            FeatureColumnNames = ["Features", "Features"],
            Epochs = 1,
        }).Fit(data);
        Assert.All(model.Transform(data).GetColumn<float>("Score"), s => Assert.True(float.IsFinite(s)));
        using PredictionEngine<Sample, NumberPrediction> engine = Ml.Model.CreatePredictionEngine<Sample, NumberPrediction>(model);
        Assert.Equal(model.Transform(data).GetColumn<float>("Score").First(), engine.Predict(Samples.List(1)[0]).Score, 1e-5f);
    }

    [Fact]
    public void Sparse_vectors_are_taken_as_they_are_meant()
    {
        IDataView raw = Samples.View(Ml, Point20.Size);
        IDataView data = Ml.Transforms.Categorical.OneHotEncoding("Features", "Name").Fit(raw).Transform(raw);
        NeuralNetworkTransformer model = Ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [6]), "Large", epochs: 1).Fit(data);
        float[] sparse = [.. model.Transform(data).GetColumn<float>("Score")];

        List<Point20> dense = [.. data.GetColumn<float[]>("Features").Select(f => new Point20 { Features = f })];
        Assert.Equal(sparse, model.Transform(Ml.Data.LoadFromEnumerable(dense)).GetColumn<float>("Score"));
        Assert.Contains(data.GetColumn<VBuffer<float>>("Features"), v => !v.IsDense); // or this shows nothing
    }

    [Fact]
    public void A_vector_is_reshaped_to_the_input()
    {
        IDataView data = Samples.View(Ml, 40);
        NeuralNetworkTransformer model = Ml.Regression.Trainers.NeuralNetwork(Network.Input(2, 2, 1).Flatten().Dense(3).TaskOutput(), "Number", epochs: 1).Fit(data);
        Assert.Equal([2, 2, 1], model.Network.InputLayers[0].Shape!);
    }

    [Fact]
    public void A_missing_feature_at_scoring_gives_no_made_up_prediction()
    {
        IDataView raw = Samples.View(Ml, 60);
        ITransformer model = Ml.Transforms.Conversion.MapValueToKey("Label", "Color").Append(Ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [8]), epochs: 1)).Fit(raw);
        List<Sample> samples = Samples.List(5);
        samples[2].Features[1] = float.NaN;
        IDataView scored = model.Transform(Ml.Data.LoadFromEnumerable(samples));
        uint[] labels = [.. scored.GetColumn<uint>("PredictedLabel")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];

        Assert.Equal(0u, labels[2]);
        Assert.All(scores[2], s => Assert.True(float.IsNaN(s)));
        Assert.All([0, 1, 3, 4], i => Assert.NotEqual(0u, labels[i]));
    }

    private sealed class Point20
    {
        public const int Size = 20;

        [VectorType(Size)]
        public float[] Features { get; set; } = [];
    }
}
