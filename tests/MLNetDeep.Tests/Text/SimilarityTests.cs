using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Text;

/// <summary>Embeddings of rows, and the rows nearest to them.</summary>
public class SimilarityTests
{
    [Theory]
    [InlineData(Similarity.Cosine)]
    [InlineData(Similarity.Euclidean)]
    public void Neighbours_are_those_that_counting_finds(Similarity similarity)
    {
        MLContext ml = new(seed: 1);
        List<Item> items = Items(200, 1), queries = [.. Items(20, 2), new() { Name = "zero" }];
        NeuralNetworkTransformer model = ml.Transforms.NearestNeighbors("Name", "Point", 7, similarity).Fit(ml.Data.LoadFromEnumerable(items));
        IDataView scored = ml.Transforms.Conversion.MapKeyToValue("Names", "Neighbors").Fit(model.Transform(ml.Data.LoadFromEnumerable(queries))).Transform(model.Transform(ml.Data.LoadFromEnumerable(queries)));
        string[][] names = [.. scored.GetColumn<string[]>("Names")];
        float[][] distances = [.. scored.GetColumn<float[]>("Distances")];
        for (int i = 0; i < queries.Count; i++)
        {
            (string Name, double Distance)[] expected = [.. items.Select(item => (item.Name, Distance(queries[i].Point, item.Point, similarity))).OrderBy(p => p.Item2).Take(7)];
            for (int j = 0; j < 7; j++)
                Assert.Equal(expected[j].Distance, distances[i][j], 1e-3);
            if (queries[i].Name != "zero")
                Assert.Equal(expected.Select(e => e.Name), names[i]);
        }
    }

    [Fact]
    public void A_row_is_its_own_neighbour_after_saving_too()
    {
        MLContext ml = new(seed: 1);
        List<Item> items = Items(50, 3);
        IDataView data = ml.Data.LoadFromEnumerable(items);
        EstimatorChain<ITransformer> chain = new EstimatorChain<ITransformer>().Append<ITransformer>(ml.Transforms.NearestNeighbors("Name", "Point", 3)).Append<ITransformer>(ml.Transforms.Conversion.MapKeyToValue("Neighbors"));
        ITransformer model = chain.Fit(data);
        using MemoryStream stream = new();
        ml.Model.Save(model, data.Schema, stream);
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        Assert.Equal(Schemas.Describe(model.GetOutputSchema(data.Schema)), Schemas.Describe(loaded.GetOutputSchema(data.Schema)));
        Assert.Equal(Bits.Of(model.Transform(data), "Distances"), Bits.Of(loaded.Transform(data), "Distances"));
        using PredictionEngine<Item, Found> engine = ml.Model.CreatePredictionEngine<Item, Found>(loaded);
        foreach (Item item in items)
        {
            Found found = engine.Predict(item);
            Assert.Equal(item.Name, found.Neighbors[0]);
            Assert.Equal(0, found.Distances[0], 1e-3f);
        }
    }

    [Fact]
    public void Similar_songs_are_found_by_their_words()
    {
        // Songs of three kinds; the network learns to tell the kinds apart, and so puts songs of one kind together.
        MLContext ml = new(seed: 1);
        IDataView songs = ml.Data.LoadFromEnumerable(Songs(150, 1));
        Network network = Network.TokenInput().Embedding(null, 8, maskZero: true).GlobalAveragePool1D(name: "meaning").TaskOutput();
        var pipeline = ml.Transforms.Text.TokenizeIntoWords("Words", "Lyrics").Append(ml.Transforms.Conversion.MapValueToKey("Words")).Append(ml.Transforms.Conversion.MapValueToKey("Label", "Kind"))
            .Append(ml.Transforms.NetworkEmbedding(ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Words", new() { Epochs = 30, Optimizer = new Adam { LearningRate = 0.01f } }), "meaning"))
            .Append(ml.Transforms.NearestNeighbors("Title", numberOfNeighbors: 5));
        TransformerChain<NeuralNetworkTransformer> model = pipeline.Fit(songs);
        IDataView scored = model.Transform(songs);
        Assert.Equal(8, ((VectorDataViewType)scored.Schema["Embedding"].Type).Size);
        string[] titles = [.. scored.GetColumn<string>("Title")];
        int alike = scored.GetColumn<uint[]>("Neighbors").Select((n, i) => n.Count(k => titles[k - 1].Split(' ')[0] == titles[i].Split(' ')[0])).Sum();
        Assert.InRange(alike, 0.95 * 5 * titles.Length, 5 * titles.Length);
    }

    [Fact]
    public void The_embedding_keeps_its_promises()
    {
        MLContext ml = new(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Items(40, 1));
        IEstimator<NeuralNetworkTransformer> trainer = ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [6]), "Label", "Point", new() { Epochs = 1 });
        string layer = trainer.Fit(data).Network.Summary().Split('\n').Select(l => l.Trim('│', '|', ' ').Split(' ')[0]).First(n => n.StartsWith("dense", StringComparison.Ordinal));
        NetworkEmbeddingEstimator estimator = ml.Transforms.NetworkEmbedding(trainer, layer, "Inner");
        NeuralNetworkTransformer model = estimator.Fit(data);
        Schemas.Keeps(estimator.GetOutputSchema(Schemas.Shape(data.Schema)), model.GetOutputSchema(data.Schema));
        NearestNeighborsEstimator nearest = ml.Transforms.NearestNeighbors("Name", "Point", 2);
        Schemas.Keeps(nearest.GetOutputSchema(Schemas.Shape(data.Schema)), nearest.Fit(data).GetOutputSchema(data.Schema));

        using MemoryStream stream = new();
        ml.Model.Save(model, data.Schema, stream);
        Assert.Equal(Bits.Of(model.Transform(data), "Inner"), Bits.Of(ml.Model.Load(stream, out _).Transform(data), "Inner"));
        Assert.Contains("no layer called 'nothing'", Assert.Throws<ArgumentException>(() => model.ToEmbedding("nothing")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_an_error()
    {
        MLContext ml = new(seed: 1);
        List<Item> items = Items(5, 1);
        IDataView data = ml.Data.LoadFromEnumerable(items);
        Assert.Contains("5 rows, fewer than the 10", Assert.Throws<ArgumentException>(() => ml.Transforms.NearestNeighbors("Name", "Point").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ml.Transforms.NearestNeighbors("Name", "Point", 0));
        Assert.Contains("expected Text", Assert.Throws<ArgumentException>(() => ml.Transforms.NearestNeighbors("Label", "Point", 2).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("vector of Single", Assert.Throws<ArgumentException>(() => ml.Transforms.NearestNeighbors("Name", "Label", 2).Fit(data)).Message, StringComparison.Ordinal);
        items[3].Point[1] = float.NaN;
        Assert.Contains("data row 4", Assert.Throws<InvalidOperationException>(() => ml.Transforms.NearestNeighbors("Name", "Point", 2).Fit(data)).Message, StringComparison.Ordinal);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => ml.Transforms.NearestNeighbors(new() { FeatureColumnName = "Point", CancellationToken = source.Token }).Fit(data));
    }

    private static double Distance(float[] a, float[] b, Similarity similarity)
    {
        double product = a.Zip(b, (x, y) => (double)x * y).Sum(), norms = Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));
        return similarity == Similarity.Euclidean ? Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum()) : norms == 0 ? 1 : 1 - product / norms;
    }

    private static List<Item> Items(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i => new Item { Name = $"item {seed} {i}", Point = [.. Enumerable.Range(0, 4).Select(_ => random.NextSingle() * 2 - 1)], Label = random.NextSingle() })];
    }

    private static List<Song> Songs(int count, int seed)
    {
        string[][] words = [["love", "heart", "kiss", "baby", "tonight"], ["road", "truck", "whiskey", "river", "home"], ["night", "steel", "blood", "thunder", "fire"]];
        string[] kinds = ["pop", "country", "metal"];
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i => new Song
        {
            Title = $"{kinds[i % 3]} song {i}",
            Kind = kinds[i % 3],
            Lyrics = string.Join(' ', Enumerable.Range(0, random.Next(4, 9)).Select(_ => random.Next(5) == 0 ? "the" : words[i % 3][random.Next(5)])),
        })];
    }

    private sealed class Item
    {
        public string Name { get; set; } = "";

        [VectorType(4)]
        public float[] Point { get; set; } = new float[4];

        public float Label { get; set; }
    }

    private sealed class Song
    {
        public string Title { get; set; } = "";

        public string Kind { get; set; } = "";

        public string Lyrics { get; set; } = "";
    }

    private sealed class Found
    {
        public string[] Neighbors { get; set; } = [];

        public float[] Distances { get; set; } = [];
    }
}
