using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Explanations;

/// <summary>Maps as PyTorch computes them from the same weights; see make_golden.py.</summary>
public class GoldenExplanationTests
{
    private const int Height = 10, Width = 8;

    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Explanations", "golden.json"))).RootElement;

    private static MLContext Ml => new(seed: 1);

    [Fact]
    public void Grad_cam_of_the_predicted_class_at_the_last_convolution() => Matches("gradCamLast", m => Ml.Transforms.GradCam(m, "Map"));

    [Fact]
    public void Grad_cam_of_a_given_class_at_a_named_layer() => Matches("gradCamFirstOfClass2", m => Ml.Transforms.GradCam(m, "Map", "active", "c2"));

    [Fact]
    public void Occlusion_of_the_predicted_class_by_patches_of_one_value() => Matches("occlusion", m => Ml.Transforms.OcclusionMap(m, "Map", 3, 2, 0.25f));

    [Fact]
    public void Occlusion_of_a_given_class_by_patches_of_the_mean() => Matches("occlusionMeanOfClass0", m => Ml.Transforms.OcclusionMap(m, "Map", 4, 3, className: "c0"));

    private static void Matches(string name, Func<ITransformer, IEstimator<ITransformer>> estimator)
    {
        float[][] pictures = Floats(Golden.GetProperty("pictures"));
        IDataView raw = Ml.Data.LoadFromEnumerable(pictures.Select((p, i) => new Row { Pixels = p, Kind = $"c{i}" }).ToList());
        IDataView data = Ml.Transforms.Conversion.MapValueToKey("Kind").Fit(raw).Transform(raw);
        NeuralNetworkTransformer model = Model(data);
        Assert.Equal(Golden.GetProperty("predicted").EnumerateArray().Select(v => v.GetUInt32() + 1), model.Transform(data).GetColumn<uint>("PredictedLabel"));

        IDataView seen = estimator(model).Fit(data).Transform(data);
        VectorDataViewType type = Assert.IsType<VectorDataViewType>(seen.Schema["Map"].Type);
        Assert.Equal([Height, Width], type.Dimensions.AsEnumerable());
        float[][] expected = Floats(Golden.GetProperty(name)), actual = [.. seen.GetColumn<float[]>("Map")];
        Assert.Equal(expected.Length, actual.Length);
        foreach ((float[] e, float[] a) in expected.Zip(actual))
        {
            Assert.Equal(1, e.Max(), 1e-6f); // or this shows nothing
            Assert.All(e.Zip(a), v => Assert.Equal(v.First, v.Second, 2e-5f));
        }
    }

    private static NeuralNetworkTransformer Model(IDataView data)
    {
        Network network = Network.Input(Height, Width, 3)
            .Conv2D(4, 3, padding: "same", name: "first").BatchNormalization(name: "norm").Relu(name: "active").MaxPool2D(2)
            .Conv2D(6, 3, padding: "same", name: "second").Relu()
            .Flatten().ClassOutput(3, name: "classes");
        Dictionary<string, float[]> weights = Golden.GetProperty("weights").EnumerateObject().ToDictionary(w => w.Name, w => Numbers(w.Value));
        FeatureColumn pixels = FeatureColumn.Find(data.Schema, "Pixels", network.InputLayers[0], resizeImages: false);
        return new(NeuralNetworkFile.Of(new(network, weights, new()), MulticlassTask.Of(data.Schema["Kind"]), [pixels]), DefaultEngine.Instance);
    }

    private static float[][] Floats(JsonElement rows) => [.. rows.EnumerateArray().Select(Numbers)];

    private static float[] Numbers(JsonElement values) => [.. values.EnumerateArray().Select(v => v.GetSingle())];

    private sealed class Row
    {
        public string Kind { get; set; } = "";

        [VectorType(Height, Width, 3)]
        public float[] Pixels { get; set; } = [];
    }
}
