using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;
using MLNetDeep.Evaluation;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Tests.Sequences;

public class SequenceLabelingTests
{
    [Fact]
    public void Names_of_places_and_people_are_found()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Sentences(ml, 200, 1), test = Sentences(ml, 50, 2);
        ITransformer model = Pipeline(ml, new() { Epochs = 30, Optimizer = new Adam { LearningRate = 0.01f } }).Fit(data);
        IDataView scored = model.Transform(test);
        SequenceLabelingMetrics metrics = ml.MulticlassClassification.EvaluateSequenceLabeling(scored, "Tags");
        Assert.InRange(metrics.TokenAccuracy, 0.97, 1);
        Assert.InRange(metrics.Overall.F1, 0.95, 1);
        Assert.Equal(["LOC", "PER"], metrics.Entities.Select(e => e.Type));
        Assert.Contains("overall", metrics.ToString(), StringComparison.Ordinal);

        // As many tags as tokens, and a distribution for each.
        foreach ((string[] words, uint[] tags, float[] score) in Zip(scored))
        {
            Assert.Equal(words.Length, tags.Length);
            Assert.Equal(words.Length * 4, score.Length);
            for (int i = 0; i < words.Length; i++)
                Assert.Equal(1, score.AsSpan(i * 4, 4).ToArray().Sum(), 1e-4f);
        }
    }

    [Fact]
    public void A_prediction_engine_gives_a_tag_for_each_word()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Sentences(ml, 200, 1);
        ITransformer model = Pipeline(ml, new() { Epochs = 30, Optimizer = new Adam { LearningRate = 0.01f } }).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        using PredictionEngine<Sentence, Tagged> engine = ml.Model.CreatePredictionEngine<Sentence, Tagged>(model);
        Assert.Equal(["B-PER", "I-PER", "O", "O", "B-LOC"], engine.Predict(new() { Words = ["Ann", "Lee", "flew", "to", "Rome"] }).PredictedLabel);
        Assert.Empty(engine.Predict(new() { Words = [] }).PredictedLabel);
    }

    [Fact]
    public void Tokens_beyond_the_length_have_no_tag()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Sentences(ml, 20, 1);
        foreach (SequenceTruncation truncation in new[] { SequenceTruncation.End, SequenceTruncation.Start })
        {
            IDataView scored = Pipeline(ml, new() { Epochs = 1, MaximumSequenceLength = 2, SequenceTruncation = truncation }).Fit(data).Transform(data);
            foreach ((string[] words, uint[] tags, float[] score) in Zip(scored))
            {
                Assert.Equal(words.Length, tags.Length);
                bool[] tagged = [.. Enumerable.Range(0, words.Length).Select(i => truncation == SequenceTruncation.End ? i < 2 : i >= words.Length - 2)];
                Assert.Equal(tagged, tags.Select(t => t != 0));
                Assert.Equal(tagged, Enumerable.Range(0, words.Length).Select(i => !float.IsNaN(score[4 * i])));
            }
        }

        Assert.Throws<InvalidOperationException>(() => Pipeline(ml, new() { Epochs = 1, MaximumSequenceLength = 2, SequenceTruncation = SequenceTruncation.None }).Fit(data));
    }

    [Fact]
    public void The_trainer_keeps_the_contract() => EstimatorContract<Scored>.Check(
        (ml, token) => ml.MulticlassClassification.Trainers.SequenceLabeling(new() { Network = Network(), LabelColumnName = "Tags", FeatureColumnName = "Words", Epochs = 2, CancellationToken = token }),
        ml => ml.Transforms.Text.TokenizeIntoWords("Words", "Name", ['1', '5']).Append(ml.Transforms.Conversion.MapValueToKey("Words")).Append(ml.Transforms.CopyColumns("Tags", "Words")),
        ["PredictedLabel", "Score"],
        p => p.Score);

    [Fact]
    public void Several_features_of_tokens_go_side_by_side()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Sentences(ml, 100, 1);
        Network words = MLNetDeep.Network.TokenInput(name: "words").Embedding(null, 8, maskZero: true), suffixes = MLNetDeep.Network.TokenInput(name: "suffixes").Embedding(null, 4);
        SequenceLabelingTrainer trainer = ml.MulticlassClassification.Trainers.SequenceLabeling(new()
        {
            Network = words.Concatenate(suffixes).Conv1D(16, 3, padding: Padding.Same).Relu().TaskOutput(),
            LabelColumnName = "Tags",
            FeatureColumnNames = ["Words", "Suffixes"],
            Epochs = 10,
            Optimizer = new Adam { LearningRate = 0.01f },
        });
        IEstimator<ITransformer> keys = ml.Transforms.Conversion.MapValueToKey("Words").Append(ml.Transforms.Conversion.MapValueToKey("Suffixes")).Append(ml.Transforms.Conversion.MapValueToKey("Tags"));
        IDataView prepared = keys.Fit(data).Transform(data);
        Assert.InRange(ml.MulticlassClassification.EvaluateSequenceLabeling(trainer.Fit(prepared).Transform(prepared), "Tags").TokenAccuracy, 0.95, 1);

        // A token without its suffix is an error, in training and in scoring.
        IDataView broken = ml.Data.LoadFromEnumerable(new[] { new Sentence(["Ann", "flew"], ["B-PER", "O"]) { Suffixes = ["n"] } });
        IDataView bad = keys.Fit(broken).Transform(broken);
        Assert.Contains("'Words' has 2 tokens in data row 1, but the column 'Suffixes' 1", Assert.Throws<InvalidOperationException>(() => trainer.Fit(bad)).Message, StringComparison.Ordinal);
        ITransformer model = trainer.Fit(prepared);
        Assert.Contains("'Suffixes' 1", Assert.Throws<InvalidOperationException>(() => model.Transform(keys.Fit(data).Transform(broken)).GetColumn<uint[]>("PredictedLabel").Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_and_tokens_without_a_tag_do_not_count()
    {
        // The same rows, once alone and once beside a long one whose tags are all missing.
        MLContext ml = new(seed: 1);
        List<string> log = [];
        ml.Log += (_, e) => log.Add(e.Message);
        Sentence[] rows = [new(["Ann", "flew"], ["B-PER", "O"]), new(["Rome"], ["B-LOC"])];
        IDataView Keys(params Sentence[] all)
        {
            IDataView raw = ml.Data.LoadFromEnumerable(all);
            return ml.Transforms.Conversion.MapValueToKey("Words", keyData: ml.Data.LoadFromEnumerable(new[] { "Ann", "flew", "Rome" }.Select(w => new Term { Value = w })))
                .Append(ml.Transforms.Conversion.MapValueToKey("Tags")).Fit(raw).Transform(raw);
        }

        float[] Train(IDataView data) => [.. ml.MulticlassClassification.Trainers.SequenceLabeling(new() { Network = Network(3), LabelColumnName = "Tags", FeatureColumnName = "Words", Epochs = 5, Seed = 3, Shuffle = false }).Fit(data)
            .Transform(Keys(rows)).GetColumn<float[]>("Score").SelectMany(s => s)];
        float[] alone = Train(Keys(rows)), beside = Train(Keys([.. rows, new(["Ann", "flew", "Rome"], ["", "", ""])]));
        Assert.Equal(alone, beside);
        Assert.Contains(log, l => l.Contains("1 rows without a label", StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_fit_is_an_error()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Sentences(ml, 5, 1);
        IDataView keys = ml.Transforms.Conversion.MapValueToKey("Words").Append(ml.Transforms.Conversion.MapValueToKey("Tags")).Fit(data).Transform(data);
        string Message(SequenceLabelingTrainer.Options options, IDataView rows) => Assert.ThrowsAny<Exception>(() => ml.MulticlassClassification.Trainers.SequenceLabeling(options).Fit(rows)).Message;

        SequenceLabelingTrainer.Options options = new() { Network = Network(), LabelColumnName = "Tags", FeatureColumnName = "Words", Epochs = 1 };
        Assert.Contains("a vector of keys of unknown size", Message(options, data), StringComparison.Ordinal);
        options.Network = MLNetDeep.Network.TokenInput().Embedding(null, 4).GlobalAveragePool1D().TaskOutput();
        Assert.Contains("each of the 5 tokens has one of 4 classes", Message(options, keys), StringComparison.Ordinal);
        options.Network = Network();
        options.Loss = new MeanSquaredError();
        Assert.Contains("StepCrossentropy", Message(options, keys), StringComparison.Ordinal);
        options.Loss = new SparseCategoricalCrossentropy { LabelSmoothing = 0.1f };
        ml.MulticlassClassification.Trainers.SequenceLabeling(options).Fit(keys);

        IDataView fewer = ml.Data.LoadFromEnumerable(new[] { new Sentence(["Ann", "flew"], ["B-PER"]) });
        IDataView bad = ml.Transforms.Conversion.MapValueToKey("Words").Append(ml.Transforms.Conversion.MapValueToKey("Tags", keyData: ml.Data.LoadFromEnumerable(new[] { new Term { Value = "O" }, new Term { Value = "B-PER" } }))).Fit(fewer).Transform(fewer);
        Assert.Contains("'Words' has 2 tokens in data row 1, but the column 'Tags' 1", Message(options, bad), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("B-X I-X O B-Y", "B-X I-X O B-Y", 2, 2, 2)]
    [InlineData("B-X I-X O B-Y", "B-X O O B-Y", 1, 2, 2)]
    [InlineData("B-X I-X I-X", "B-X I-X O", 0, 1, 1)]
    [InlineData("B-X B-X", "B-X I-X", 0, 1, 2)]
    [InlineData("I-X I-X O I-X", "I-X I-X O I-Y", 1, 2, 2)]
    [InlineData("I-X I-Y", "B-X B-Y", 2, 2, 2)]
    [InlineData("S-X B-X I-X E-X", "S-X B-X I-X E-X", 2, 2, 2)]
    [InlineData("B-X E-X E-X O", "B-X E-X B-X O", 2, 2, 2)]
    [InlineData("O O", "O B-X", 0, 1, 0)]
    public void Entities_are_counted_as_conlleval_counts(string truth, string guess, int correct, int predicted, int actual)
    {
        MLContext ml = new(seed: 1);
        IDataView raw = ml.Data.LoadFromEnumerable(new[] { new Pair { Label = truth.Split(' '), PredictedLabel = guess.Split(' ') }, new Pair { Label = ["B-X", "B-Y"], PredictedLabel = ["O", "O"] } });
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.Conversion.MapValueToKey("PredictedLabel")).Fit(raw).Transform(raw);
        EntityMetrics all = ml.MulticlassClassification.EvaluateSequenceLabeling(data).Overall;
        Assert.Equal((correct, predicted, actual + 2), (all.Correct, all.Predicted, all.Actual));
        Assert.Equal(2.0 * correct / (predicted + actual + 2), all.F1, 1e-12);
    }

    [Fact]
    public void Unequal_rows_cannot_be_evaluated()
    {
        MLContext ml = new(seed: 1);
        IDataView raw = ml.Data.LoadFromEnumerable(new[] { new Pair { Label = ["a", "b"], PredictedLabel = ["a"] } });
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.Conversion.MapValueToKey("PredictedLabel")).Fit(raw).Transform(raw);
        Assert.Throws<InvalidOperationException>(() => ml.MulticlassClassification.EvaluateSequenceLabeling(data));
        Assert.Throws<ArgumentException>(() => ml.MulticlassClassification.EvaluateSequenceLabeling(raw));
    }

    private static Network Network(int? length = null) => MLNetDeep.Network.TokenInput(length).Embedding(null, 8, maskZero: true).Conv1D(16, 3, padding: Padding.Same).Relu().TaskOutput();

    private static EstimatorChain<MLNetDeep.Transformers.NeuralNetworkTransformer> Pipeline(MLContext ml, SequenceLabelingTrainer.Options options)
    {
        options.Network = Network();
        options.LabelColumnName = "Tags";
        options.FeatureColumnName = "WordKeys";
        return ml.Transforms.Conversion.MapValueToKey("WordKeys", "Words").Append(ml.Transforms.Conversion.MapValueToKey("Tags")).Append(ml.MulticlassClassification.Trainers.SequenceLabeling(options));
    }

    private static IEnumerable<(string[] Words, uint[] Tags, float[] Score)> Zip(IDataView scored) =>
        scored.GetColumn<string[]>("Words").Zip(scored.GetColumn<uint[]>("PredictedLabel"), scored.GetColumn<float[]>("Score"));

    private static IDataView Sentences(MLContext ml, int count, int seed)
    {
        string[] people = ["Ann", "Bob", "Eve"], families = ["Lee", "Ray"], places = ["Rome", "Oslo", "Bonn"], verbs = ["flew", "went", "ran"];
        Random random = new(seed);
        string Any(string[] from) => from[random.Next(from.Length)];
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => i == 0 || random.Next(2) == 0
            ? new Sentence([Any(people), Any(families), Any(verbs), "to", Any(places)], ["B-PER", "I-PER", "O", "O", "B-LOC"])
            : new Sentence([Any(places), "saw", Any(people)], ["B-LOC", "O", "B-PER"])).ToList());
    }

    private sealed class Sentence
    {
        public Sentence()
        {
        }

        public Sentence(string[] words, string[] tags)
        {
            Words = words;
            Tags = tags;
            Suffixes = [.. words.Select(w => w.Length == 0 ? "-" : w[^1..])];
        }

        public string[] Words { get; set; } = [];

        public string[] Suffixes { get; set; } = [];

        public string[] Tags { get; set; } = [];
    }

    private sealed class Tagged
    {
        public string[] PredictedLabel { get; set; } = [];
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Pair
    {
        public string[] Label { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];
    }

    private sealed class Term
    {
        public string Value { get; set; } = "";
    }
}
