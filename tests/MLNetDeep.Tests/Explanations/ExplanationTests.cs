using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Explanations;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Explanations;

public class ExplanationTests
{
    private static MLContext Ml => new(seed: 3);

    private static readonly Lazy<ITransformer> Trained = new(() => Ml.Transforms.Conversion.MapValueToKey("Kind")
        .Append(Ml.MulticlassClassification.Trainers.NeuralNetwork(Bars.Network, "Kind", "Pixels", new() { Epochs = 12, Optimizer = new Adam { LearningRate = 0.01f } }))
        .Append(Ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
        .Fit(Bars.View(Ml, 400, 1)));

    private static readonly IDataView Test = Bars.View(Ml, 60, 2);

    [Fact]
    public void Maps_light_up_where_the_class_is_decided()
    {
        ITransformer model = Trained.Value;
        Assert.True(Ml.MulticlassClassification.Evaluate(model.Transform(Test), "Kind").MicroAccuracy >= 0.95);
        Localises(Ml.Transforms.GradCam(model, "Map"));
        Localises(Ml.Transforms.OcclusionMap(model, "Map", 5, 2));
    }

    [Fact]
    public void Two_classes_and_numbers_are_explained_too()
    {
        IDataView train = Bars.View(Ml, 400, 1);
        ITransformer binary = Ml.BinaryClassification.Trainers.NeuralNetwork(Bars.Network, "Standing", "Pixels", new() { Epochs = 12, Optimizer = new Adam { LearningRate = 0.01f } }).Fit(train);
        Localises(Ml.Transforms.GradCam(binary, "Map"));
        Localises(Ml.Transforms.OcclusionMap(binary, "Map", 5, 2));

        // Both classes: what speaks for one speaks against the other, and the predicted one is one of them.
        float[][] predicted = Maps(Ml.Transforms.GradCam(binary, "Map")), yes = Maps(Ml.Transforms.GradCam(binary, "Map", className: "True")), no = Maps(Ml.Transforms.GradCam(binary, "Map", className: "False"));
        bool[] says = [.. binary.Transform(Test).GetColumn<bool>("PredictedLabel")];
        Assert.Contains(true, says);
        Assert.Contains(false, says);
        for (int i = 0; i < says.Length; i++)
            Assert.Equal(says[i] ? yes[i] : no[i], predicted[i]);
        Assert.NotEqual(yes[0], no[0]);

        ITransformer number = Ml.Regression.Trainers.NeuralNetwork(Bars.Network, "Brightness", "Pixels", new() { Epochs = 12, Optimizer = new Adam { LearningRate = 0.01f } }).Fit(train);
        Localises(Ml.Transforms.OcclusionMap(number, "Map", 5, 2, fill: 0));
        Assert.All(Maps(Ml.Transforms.GradCam(number, "Map")), m => Assert.InRange(m.Max(), 0, 1));
        Assert.Contains("predicts numbers", Assert.Throws<ArgumentException>(() => Ml.Transforms.GradCam(number, className: "True")).Message);
    }

    [Fact]
    public void Maps_have_the_pictures_size_and_are_from_0_to_1()
    {
        ITransformer model = Trained.Value;
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[]
        {
            Ml.Transforms.GradCam(model, "Map"), Ml.Transforms.GradCam(model, "Map", "max_pool2d"), Ml.Transforms.OcclusionMap(model, "Map"), Ml.Transforms.OcclusionMap(model, "Map", 16, 1),
        })
        {
            IDataView seen = estimator.Fit(Test).Transform(Test);
            Assert.Equal([Bars.Side, Bars.Side], Assert.IsType<VectorDataViewType>(seen.Schema["Map"].Type).Dimensions.AsEnumerable());
            Assert.All(seen.GetColumn<float[]>("Map"), m => Assert.All(m, v => Assert.InRange(v, 0, 1)));
        }

        // Not normalised, an occlusion map is by how much the probability falls, on its scale.
        float[][] normalized = Maps(Ml.Transforms.OcclusionMap(model, "Map")), raw = Maps(Ml.Transforms.OcclusionMap(model, "Map", normalize: false));
        Assert.All(normalized.Zip(raw), p => Assert.All(p.First.Zip(p.Second), v => Assert.Equal(v.First * p.Second.Max(), v.Second, 1e-6f)));
        Assert.Contains(raw, m => m.Max() is > 0.2f and <= 1);
    }

    [Fact]
    public void A_column_of_every_kind_keeps_its_promises()
    {
        ITransformer model = Trained.Value;
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[] { Ml.Transforms.GradCam(model, "Map"), Ml.Transforms.OcclusionMap(model, "Map"), Ml.Transforms.ActivationMaps(model, "first", "Map") })
        {
            Schemas.Keeps(estimator.GetOutputSchema(Schemas.Shape(Test.Schema)), estimator.Fit(Test).GetOutputSchema(Test.Schema));
            ITransformer seer = estimator.Fit(Test);
            int[][] expected = Bits.Of(seer.Transform(Test), "Map");

            // Needs the features only, and leaves the rest as it is.
            IDataView bare = Ml.Transforms.SelectColumns("Pixels").Fit(Test).Transform(Test);
            Assert.Equal(expected, Bits.Of(seer.Transform(bare), "Map"));
            Assert.Equal(Test.GetColumn<string>("Kind"), seer.Transform(Test).GetColumn<string>("Kind"));
            Assert.Contains("'Pixels'", Assert.Throws<ArgumentException>(() => estimator.Fit(Ml.Transforms.DropColumns("Pixels").Fit(Test).Transform(Test))).Message);

            // Comes back from a file, behind the model it explains, to the bit.
            ITransformer chain = model.Append(seer);
            using MemoryStream stream = new();
            Ml.Model.Save(chain, Test.Schema, stream);
            stream.Position = 0;
            ITransformer loaded = new MLContext().Model.Load(stream, out _);
            Assert.Equal(expected, Bits.Of(loaded.Transform(Test), "Map"));
            Assert.Equal(Schemas.Describe(chain.GetOutputSchema(Test.Schema)), Schemas.Describe(loaded.GetOutputSchema(Test.Schema)));

            // Single rows, on several threads.
            List<BarsRow> rows = Bars.List(60, 2);
            Parallel.For(0, 4, thread =>
            {
                using PredictionEngine<BarsRow, Seen> engine = Ml.Model.CreatePredictionEngine<BarsRow, Seen>(loaded);
                for (int i = thread; i < rows.Count; i += 3)
                    Assert.Equal(expected[i], Bits.Of(engine.Predict(rows[i]).Map));
            });
        }
    }

    [Fact]
    public void Activation_maps_are_what_the_layer_gives()
    {
        ITransformer model = Trained.Value;
        IDataView maps = Ml.Transforms.ActivationMaps(model).Fit(Test).Transform(Test);
        Assert.Equal([8, 8, 12], Assert.IsType<VectorDataViewType>(maps.Schema["ActivationMaps"].Type).Dimensions.AsEnumerable());

        // By default behind the activation of the last convolution; its mean by map is what the dense layer behind sees.
        float[][] seen = Maps(Ml.Transforms.ActivationMaps(model, "seen", "Map"));
        Assert.Equal(seen, maps.GetColumn<float[]>("ActivationMaps"));
        float[][] pooled = Maps(Ml.Transforms.ActivationMaps(model, "global_average_pool2d", "Map"));
        Assert.All(seen.Zip(pooled), p => Assert.All(Enumerable.Range(0, 12), c => Assert.Equal(p.First.Where((_, i) => i % 12 == c).Average(), p.Second[c], 1e-5f)));
        Assert.All(seen.SelectMany(m => m), v => Assert.True(v >= 0));
        Assert.Contains(Maps(Ml.Transforms.ActivationMaps(model, "last", "Map")).SelectMany(m => m), v => v < 0);
    }

    [Fact]
    public void Filters_are_the_first_convolutions_weights()
    {
        ITransformer model = Trained.Value;
        ConvolutionFilters filters = model.GetFilters();
        Assert.Equal(("first", 3, 3, 1, 8), (filters.LayerName, filters.Height, filters.Width, filters.Channels, filters.Count));
        float[] kernel = model.GetNeuralNetwork().Model.Weights["first/kernel"];
        Assert.Equal(kernel.Where((_, i) => i % 8 == 5), filters.Filter(5));
        ConvolutionFilters last = model.GetFilters("last");
        Assert.Equal((8, 12), (last.Channels, last.Count));
        Assert.Equal(model.GetNeuralNetwork().Model.Weights["last/kernel"][3 * 12 + 7], last.Filter(7)[3]);
        Assert.Contains("It has: first, last.", Assert.Throws<ArgumentException>(() => model.GetFilters("seen")).Message);
    }

    [Fact]
    public void What_cannot_be_explained_is_said()
    {
        ITransformer model = Trained.Value;
        Assert.Contains("no layer called 'nothing'. It has: input, first", Error(() => Ml.Transforms.GradCam(model, layerName: "nothing")));
        Assert.Contains("'global_average_pool2d' gives (batch, 12), expected maps", Error(() => Ml.Transforms.GradCam(model, layerName: "global_average_pool2d")));
        Assert.Contains("no class 'diagonal'. Classes are: ", Error(() => Ml.Transforms.GradCam(model, className: "diagonal")));
        Assert.Contains("patch size is 17, expected 1 to 16", Error(() => Ml.Transforms.OcclusionMap(model, patchSize: 17)));
        Assert.Contains("stride is 4, expected 1 to the patch size of 3", Error(() => Ml.Transforms.OcclusionMap(model, patchSize: 3, stride: 4)));
        Assert.Contains("There is no neural network in the model; it has: ", Error(() => Ml.Transforms.GradCam(Ml.Transforms.Conversion.MapValueToKey("Kind").Fit(Test))));
        Assert.Contains("There are 2 neural networks", Error(() => Ml.Transforms.GradCam(model.Append(model))));

        IDataView numbers = Samples.View(Ml, 40);
        ITransformer flat = Ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", epochs: 1).Fit(numbers);
        Assert.Contains("takes no images", Error(() => Ml.Transforms.GradCam(flat)));
        Assert.Contains("no two-dimensional convolution", Error(() => flat.GetFilters()));
        Assert.Equal(4, Ml.Transforms.ActivationMaps(flat, "dense").Fit(numbers).Transform(numbers).GetColumn<float[]>("ActivationMaps").First().Length);
    }

    [Fact]
    public void Damaged_files_of_explanations_are_said_to_be_so()
    {
        ITransformer seer = Ml.Transforms.GradCam(Trained.Value, "Map").Fit(Test);
        using MemoryStream content = new();
        ((ImageExplanationTransformer)seer).Write(content);
        byte[] bytes = content.ToArray();
        foreach (int length in new[] { 0, 3, 6, 12, 40, bytes.Length / 2, bytes.Length - 1 })
            Assert.Throws<InvalidDataException>(() => ImageExplanationTransformer.Load(new MemoryStream(bytes[..length])));
        Random random = new(1);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(Math.Min(damaged.Length, 400))] ^= (byte)(1 << random.Next(8));
            try
            {
                ImageExplanationTransformer.Load(new MemoryStream(damaged));
            }
            catch (InvalidDataException)
            {
                // As it should be; a change that makes no difference is as well.
            }
        }
    }

    private static string Error(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;

    private static float[][] Maps(IEstimator<ITransformer> estimator) => [.. estimator.Fit(Test).Transform(Test).GetColumn<float[]>("Map")];

    private static void Localises(IEstimator<ITransformer> estimator)
    {
        float[] shares = [.. Maps(estimator).Zip(Test.GetColumn<int>("Quarter"), Bars.ShareIn)];
        Assert.True(shares.Average() > 0.6, $"{shares.Average()} of the maps in the right quarter");
        Assert.True(shares.Count(s => s > 0.4) >= 0.9 * shares.Length, $"{string.Join(' ', shares)}");
    }

    private sealed class Seen
    {
        public float[] Map { get; set; } = [];
    }
}
