using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;
using MulticlassOptions = MLNetDeep.Estimators.MulticlassNeuralNetworkTrainer.Options;

namespace MLNetDeep.Tests.Text;

/// <summary>From raw text through ML.NET's own transforms to a network.</summary>
public class TokenClassificationTests
{
    private static readonly string[] Good = ["great film", "I love this great story", "lovely and great", "what a fine FILM!", "fine", "love love love"];
    private static readonly string[] Bad = ["awful film", "I hate this awful story", "boring and bad", "what a bad FILM!", "bad", "hate hate hate"];

    [Fact]
    public void Text_is_classified_from_raw_to_label()
    {
        MLContext ml = new(seed: 1);
        IDataView data = View(ml);
        ITransformer model = Pipeline(ml, Networks.TextCnn(embedding: 8, windows: [1, 2], filters: 8, dropout: 0), new() { Epochs = 40, Optimizer = new Adam { LearningRate = 0.01f } }).Fit(data);
        Assert.Equal(1, ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);

        using PredictionEngine<Review, ReviewPrediction> engine = ml.Model.CreatePredictionEngine<Review, ReviewPrediction>(model);
        Assert.Equal("good", engine.Predict(new() { Text = "GREAT unheard-of words" }).PredictedLabel);
        Assert.Equal("bad", engine.Predict(new() { Text = "what an awful one" }).PredictedLabel);
    }

    [Fact]
    public void Vocabulary_and_length_come_from_the_data()
    {
        MLContext ml = new(seed: 1);
        NeuralNetworkTransformer model = Network(Pipeline(ml, Networks.TextCnn(embedding: 4), new() { Epochs = 1 }).Fit(View(ml)));

        // Padding, the unknown token and the words; the longest text has five.
        int words = Good.Concat(Bad).SelectMany(t => t.ToLowerInvariant().Split(' ')).Distinct().Count();
        Assert.Equal([words + 2], model.Network.TokenCounts);
        Assert.Equal([5], model.Network.InputLayers[0].Shape);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("nothing known here")]
    public void Empty_and_unknown_text_are_scored(string text)
    {
        MLContext ml = new(seed: 1);
        foreach (Network network in new[] { Networks.TextCnn(embedding: 4, dropout: 0), MLNetDeep.Network.TokenInput().Embedding(null, 4, maskZero: true).GlobalAveragePool1D().TaskOutput() })
        {
            ITransformer model = Pipeline(ml, network, new() { Epochs = 2 }).Fit(View(ml));
            using PredictionEngine<Review, ReviewPrediction> engine = ml.Model.CreatePredictionEngine<Review, ReviewPrediction>(model);
            float[] score = engine.Predict(new() { Text = text }).Score;
            Assert.Equal(1, score.Sum(), 1e-4f);
        }
    }

    [Fact]
    public void Empty_texts_can_be_trained_on()
    {
        MLContext ml = new(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(new[] { new Review { Text = "", Label = "good" }, new Review { Text = "", Label = "bad" }, new Review { Text = "word", Label = "bad" } });
        IDataView scored = Pipeline(ml, Networks.TextCnn(embedding: 4), new() { Epochs = 2 }).Fit(data).Transform(data);
        Assert.All(scored.GetColumn<float[]>("Score"), s => Assert.All(s, p => Assert.True(float.IsFinite(p))));
    }

    [Fact]
    public void Padding_and_unknown_tokens_are_told_apart()
    {
        // Texts of one known word, of one unknown word, and none: the network sees three different things.
        MLContext ml = new(seed: 1);
        ITransformer model = Pipeline(ml, MLNetDeep.Network.TokenInput(2).Embedding(null, 4).Flatten().TaskOutput(), new() { Epochs = 3 }).Fit(View(ml));
        IDataView texts = ml.Data.LoadFromEnumerable(new[] { "great", "unheard-of", "", "missing" }.Select(t => new Review { Text = t }));
        float[][] scores = [.. model.Transform(texts).GetColumn<float[]>("Score")];
        Assert.NotEqual(scores[0], scores[1]);
        Assert.NotEqual(scores[1], scores[2]);
        Assert.NotEqual(scores[0], scores[2]);
        Assert.Equal(scores[1], scores[3]);
    }

    [Theory]
    [InlineData(SequenceTruncation.End, "great film", "great film awful hate", "awful film")]
    [InlineData(SequenceTruncation.Start, "awful hate", "great film awful hate", "great film")]
    public void Long_text_is_truncated_as_said(SequenceTruncation truncation, string kept, string longer, string other)
    {
        MLContext ml = new(seed: 1);
        List<string> log = [];
        ml.Log += (_, e) => log.Add(e.Message);
        ITransformer model = Pipeline(ml, MLNetDeep.Network.TokenInput(2).Embedding(null, 4).Flatten().TaskOutput(), new() { Epochs = 2, SequenceTruncation = truncation }).Fit(View(ml));
        int over = Good.Concat(Bad).Count(t => t.Split(' ').Length > 2);
        Assert.Contains(log, l => l.Contains($"{over} of 12 rows have more than the 2 tokens", StringComparison.Ordinal) && l.Contains(truncation == SequenceTruncation.End ? "last" : "first", StringComparison.Ordinal));

        IDataView texts = ml.Data.LoadFromEnumerable(new[] { kept, longer, other }.Select(t => new Review { Text = t }));
        float[][] scores = [.. model.Transform(texts).GetColumn<float[]>("Score")];
        Assert.Equal(scores[0], scores[1]);
        Assert.NotEqual(scores[0], scores[2]);
    }

    [Fact]
    public void Long_text_is_an_error_where_that_is_asked_for()
    {
        MLContext ml = new(seed: 1);
        MulticlassOptions options = new() { Epochs = 1, SequenceTruncation = SequenceTruncation.None, MaximumSequenceLength = 4 };
        string message = Assert.Throws<InvalidOperationException>(() => Pipeline(ml, Networks.TextCnn(embedding: 4), options).Fit(View(ml))).Message;
        Assert.Contains("'Tokens' has 5 tokens in data row 3, but the network takes 4", message, StringComparison.Ordinal);

        // What is longer than anything in training is found when it is scored.
        options.MaximumSequenceLength = 512;
        ITransformer model = Pipeline(ml, Networks.TextCnn(embedding: 4), options).Fit(View(ml));
        using PredictionEngine<Review, ReviewPrediction> engine = ml.Model.CreatePredictionEngine<Review, ReviewPrediction>(model);
        Assert.Contains("has 6 tokens", Assert.Throws<InvalidOperationException>(() => engine.Predict(new() { Text = "a b c d e f" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_out_of_range_are_an_error()
    {
        MLContext ml = new(seed: 1);
        Network network = MLNetDeep.Network.TokenInput(4).Embedding(10, 4).GlobalAveragePool1D().TaskOutput();
        NeuralNetworkTransformer model = ml.Regression.Trainers.NeuralNetwork(network, "Target", "Ids", new() { Epochs = 1 }).Fit(Ids(ml, 9));
        Assert.All(model.Transform(Ids(ml, 9)).GetColumn<float>("Score"), s => Assert.True(float.IsFinite(s)));
        foreach (int id in new[] { 10, -1 })
        {
            foreach (Action act in new Action[] { () => ml.Regression.Trainers.NeuralNetwork(network, "Target", "Ids").Fit(Ids(ml, id)), () => _ = model.Transform(Ids(ml, id)).GetColumn<float>("Score").Count() })
                Assert.Contains($"'Ids' has the token id {id} at place 1 in data row 2, but the network's embedding knows the ids 0 to 9", Assert.Throws<InvalidOperationException>(act).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Too_small_a_vocabulary_is_an_error()
    {
        MLContext ml = new(seed: 1);
        string message = Assert.Throws<ArgumentException>(() => Pipeline(ml, Networks.TextCnn(vocabulary: 10), new() { Epochs = 1 }).Fit(View(ml))).Message;
        Assert.Contains("but the network's embedding knows 10 ids", message, StringComparison.Ordinal);

        // Fewer keys, and the rest unknown.
        var fewer = ml.Transforms.Text.TokenizeIntoWords("Tokens", "Text").Append(ml.Transforms.Conversion.MapValueToKey("Tokens", maximumNumberOfKeys: 8))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label")).Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.TextCnn(vocabulary: 10, embedding: 4), "Label", "Tokens", new() { Epochs = 1 }));
        fewer.Fit(View(ml));
    }

    [Fact]
    public void An_open_vocabulary_needs_keys()
    {
        MLContext ml = new(seed: 1);
        string message = Assert.Throws<ArgumentException>(() => ml.Regression.Trainers.NeuralNetwork(Networks.TextCnn(embedding: 4), "Target", "Ids").Fit(Ids(ml, 5))).Message;
        Assert.Contains("the number of ids is not known", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_itself_is_no_feature()
    {
        MLContext ml = new(seed: 1);
        IDataView words = ml.Transforms.Text.TokenizeIntoWords("Tokens", "Text").Append(ml.Transforms.Conversion.MapValueToKey("Label")).Fit(View(ml)).Transform(View(ml));
        string message = Assert.Throws<ArgumentException>(() => ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.TextCnn(), "Label", "Tokens").Fit(words)).Message;
        Assert.Contains("MapValueToKey", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Characters_are_tokens_too()
    {
        MLContext ml = new(seed: 1);
        IDataView data = View(ml);
        var pipeline = ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", "Text").Append(ml.Transforms.Conversion.MapValueToKey("Tokens"))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label")).Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.TextCnn(embedding: 8, filters: 8), "Label", "Tokens", new() { Epochs = 30, Optimizer = new Adam { LearningRate = 0.01f } }));
        Assert.Equal(1, ml.MulticlassClassification.Evaluate(pipeline.Fit(data).Transform(data)).MicroAccuracy);

        // Or without finding out which there are: a code a key.
        var codes = ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", "Text").Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.TextCnn(embedding: 2, filters: 4), "Label", "Tokens", new() { Epochs = 1 }));
        ITransformer model = codes.Fit(data);
        using MemoryStream stream = new();
        ml.Model.Save(model, data.Schema, stream);
        Assert.Equal(model.Transform(data).GetColumn<float[]>("Score"), ml.Model.Load(stream, out _).Transform(data).GetColumn<float[]>("Score"));
    }

    [Fact]
    public void A_text_model_means_the_same_after_loading()
    {
        MLContext ml = new(seed: 1);
        IDataView data = View(ml);
        ITransformer model = Pipeline(ml, Networks.TextCnn(embedding: 4), new() { Epochs = 2 }).Fit(data);
        using MemoryStream stream = new();
        ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        Assert.Equal(Bits.Of(model.Transform(data), "Score"), Bits.Of(loaded.Transform(data), "Score"));
        Assert.Equal(Schemas.Describe(model.GetOutputSchema(data.Schema)), Schemas.Describe(loaded.GetOutputSchema(data.Schema)));
    }

    [Fact]
    public void The_trainer_keeps_the_contract_on_sequences() => EstimatorContract<Scored>.Check(
        (ml, token) => ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.TextCnn(embedding: 4, filters: 4), "Color", "Words", new() { Epochs = 2, CancellationToken = token }),
        ml => ml.Transforms.Conversion.MapValueToKey("Color").Append(ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Words", "Name", false)).Append(ml.Transforms.Conversion.MapValueToKey("Words")),
        ["PredictedLabel", "Score"],
        p => p.Score);

    private static EstimatorChain<KeyToValueMappingTransformer> Pipeline(MLContext ml, Network network, MulticlassOptions options) =>
        ml.Transforms.Text.NormalizeText("Text")
            .Append(ml.Transforms.Text.TokenizeIntoWords("Tokens", "Text"))
            .Append(ml.Transforms.Conversion.MapValueToKey("Tokens"))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Tokens", options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    private static NeuralNetworkTransformer Network(ITransformer chain) => ((IEnumerable<ITransformer>)chain).OfType<NeuralNetworkTransformer>().Single();

    private static IDataView View(MLContext ml) => ml.Data.LoadFromEnumerable(
        Good.Zip(Bad).SelectMany(p => new[] { new Review { Text = p.First, Label = "good" }, new Review { Text = p.Second, Label = "bad" } }));

    private static IDataView Ids(MLContext ml, int id) => ml.Data.LoadFromEnumerable(new[] { new IdRow { Ids = [1, 2, 3] }, new IdRow { Ids = [4, id], Target = 1 } });

    private sealed class Review
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "good";
    }

    private sealed class ReviewPrediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class IdRow
    {
        public int[] Ids { get; set; } = [];

        public float Target { get; set; }
    }
}
