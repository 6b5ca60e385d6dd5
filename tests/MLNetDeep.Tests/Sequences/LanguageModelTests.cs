using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;
using MLNetDeep.Optimizers;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Sequences;

public class LanguageModelTests
{
    private static readonly string[] Singular = ["cat", "dog", "bird"], Plural = ["cats", "dogs", "birds"], OneDoes = ["sleeps", "eats"], ManyDo = ["sleep", "eat"];

    [Theory]
    [InlineData(LanguageModelKind.Gru)]
    [InlineData(LanguageModelKind.Lstm)]
    [InlineData(LanguageModelKind.Transformer)]
    public void A_grammar_is_learnt_and_written(LanguageModelKind kind)
    {
        MLContext ml = new(seed: 1);
        LanguageModelTransformer model = Fit(ml, Trainer(ml, 8, o => o.Network = Networks.LanguageModel(kind, width: 24, heads: 2, dropout: 0)), Sentences(ml, 400, 1));
        List<string> sentences = [.. Enumerable.Range(0, 100).Select(seed => string.Join(' ', model.Generate([], 10, seed: seed)))];
        HashSet<string> right = [.. All().Select(s => string.Join(' ', s))];
        Assert.InRange(sentences.Count(right.Contains), 95, 100);
        Assert.InRange(sentences.Where(right.Contains).Distinct().Count(), 9, 12);

        // Agreement is with the first word, not with the one before.
        Assert.Contains(model.Generate(["a", "cat", "that"], 1)[0], OneDoes);
        Assert.Contains(model.Generate(["two", "cats", "that"], 1)[0], ManyDo);

        // What a model that knows the grammar's chances would have: the end is sure.
        IDataView test = Keyed(ml, Sentences(ml, 300, 2));
        Assert.InRange(model.Perplexity(test), 1, Known(Rows(300, 2)) * 1.06);
        Assert.InRange(model.History.Epochs[^1].Metrics["perplexity"], 1, model.History.Epochs[0].Metrics["perplexity"]);
    }

    [Fact]
    public void Scores_are_the_logarithms_of_probabilities()
    {
        MLContext ml = new(seed: 1);
        LanguageModelTransformer model = Fit(ml, Trainer(ml, 2), Sentences(ml, 60, 1));

        // All there is to say after a beginning, one token at a time: the probabilities of the whole sequences add up as they must.
        IDataView scored = model.Transform(Keyed(ml, Sentences(ml, 40, 2)));
        float[] scores = [.. scored.GetColumn<float>("Score")], perplexities = [.. scored.GetColumn<float>("Perplexity")];
        string[][] words = [.. scored.GetColumn<string[]>("Text")];
        for (int i = 0; i < words.Length; i++)
            Assert.Equal(Math.Exp(-scores[i] / (words[i].Length + 1)), perplexities[i], 1e-3);
        double all = Math.Exp(-scores.Sum(s => (double)s) / words.Sum(w => w.Length + 1));
        Assert.Equal(all, model.Perplexity(Keyed(ml, Sentences(ml, 40, 2))), 1e-3);
        Assert.True(double.IsNaN(model.Perplexity(ml.Data.SkipRows(Keyed(ml, Sentences(ml, 40, 2)), 100))));

        // Chains of one word: their probabilities are what a generator with that prompt draws by.
        string[][] single = [.. Enumerable.Range(0, 2000).Select(seed => model.Generate([], 1, seed: seed).ToArray())];
        double drawn = single.Count(s => s is ["a"]) / 2000.0, ends = single.Count(s => s.Length == 0) / 2000.0;
        float[] none = Score(ml, model, []), a = Score(ml, model, ["a"]);
        Assert.Equal(Math.Exp(none[0]), ends, 0.04);
        Assert.InRange(drawn, Math.Exp(a[0]) - 0.04, 1);
    }

    [Fact]
    public void Temperature_0_and_the_one_likeliest_token_are_greedy()
    {
        MLContext ml = new(seed: 1);
        LanguageModelTransformer model = Fit(ml, Trainer(ml, 3), Sentences(ml, 100, 1));
        foreach (string[] prompt in (string[][])[[], ["two"], ["a", "dog"], ["unheard-of"]])
        {
            IReadOnlyList<string> greedy = model.Generate(prompt, 12, temperature: 0);
            for (int seed = 1; seed < 5; seed++)
            {
                Assert.Equal(greedy, model.Generate(prompt, 12, temperature: 0, seed: seed));
                Assert.Equal(greedy, model.Generate(prompt, 12, topK: 1, seed: seed));
                Assert.Equal(greedy, model.Generate(prompt, 12, topP: 1e-6, seed: seed));
            }
        }
    }

    [Fact]
    public void The_same_seed_writes_the_same_before_and_after_saving_on_many_threads()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Sentences(ml, 60, 1), keyed = Keyed(ml, data);
        LanguageModelTransformer model = Trainer(new MLContext(seed: 1), 2).Fit(keyed), again = Trainer(new MLContext(seed: 1), 2).Fit(keyed), other = Trainer(new MLContext(seed: 2), 2).Fit(keyed);
        int[][] scores = Bits.Of(model.Transform(keyed), "Score");
        Assert.Equal(scores, Bits.Of(again.Transform(keyed), "Score"));
        Assert.NotEqual(scores, Bits.Of(other.Transform(keyed), "Score"));
        string[] written = [.. Enumerable.Range(0, 20).Select(s => string.Join(' ', model.Generate(["a"], 6, 1.5, seed: s)))];
        Assert.InRange(written.Distinct().Count(), 5, 20);

        using MemoryStream stream = new();
        ml.Model.Save(model, keyed.Schema, stream);
        LanguageModelTransformer loaded = (LanguageModelTransformer)new MLContext().Model.Load(stream, out _);
        Assert.Equal(scores, Bits.Of(loaded.Transform(keyed), "Score"));
        Assert.Equal(Bits.Of(model.Transform(keyed), "Perplexity"), Bits.Of(loaded.Transform(keyed), "Perplexity"));
        Assert.Equal(Schemas.Describe(model.GetOutputSchema(keyed.Schema)), Schemas.Describe(loaded.GetOutputSchema(keyed.Schema)));
        Assert.Equal(model.Vocabulary, loaded.Vocabulary);
        Assert.Equal(model.History.Epochs.Select(e => e.ToString()), loaded.History.Epochs.Select(e => e.ToString()));
        Parallel.For(0, 20, s => Assert.Equal(written[s], string.Join(' ', loaded.Generate(["a"], 6, 1.5, seed: s))));
    }

    [Fact]
    public void The_schema_is_as_promised_and_only_the_tokens_are_needed()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Keyed(ml, Sentences(ml, 20, 1));
        LanguageModelTrainer trainer = Trainer(ml, 1);
        LanguageModelTransformer model = trainer.Fit(data);
        Schemas.Keeps(trainer.GetOutputSchema(Schemas.Shape(data.Schema)), model.GetOutputSchema(data.Schema));
        IDataView bare = ml.Transforms.SelectColumns("Tokens").Fit(data).Transform(data);
        Assert.Equal(Bits.Of(model.Transform(data), "Score"), Bits.Of(model.Transform(bare), "Score"));
        using PredictionEngine<Sentence, Judged> engine = ml.Model.CreatePredictionEngine<Sentence, Judged>(Keys(ml).Append(trainer).Fit(Sentences(ml, 20, 1)));
        Assert.InRange(engine.Predict(new() { Text = ["a", "cat", "sleeps"] }).Score, -100, 0);
    }

    [Fact]
    public void Long_sequences_are_learned_in_pieces_and_written_on_beyond_what_is_seen()
    {
        // One row of 400 tokens that go round, seen eight at a time.
        MLContext ml = new(seed: 1);
        string[] round = ["do", "re", "mi", "fa", "so"];
        IDataView data = ml.Data.LoadFromEnumerable(new[] { new Sentence { Text = [.. Enumerable.Range(0, 400).Select(i => round[i % 5])] } });
        LanguageModelTransformer model = Fit(ml, Trainer(ml, 40, o => o.SequenceLength = 8), data);
        Assert.Equal([8], model.Model.Network.InputLayers[0].Shape);
        Assert.Equal(Enumerable.Range(2, 30).Select(i => round[i % 5]), model.Generate(["do", "re"], 30, temperature: 0));

        // Each token is judged once: all are sure but the end.
        IDataView scored = model.Transform(Keyed(ml, data));
        Assert.InRange(scored.GetColumn<float>("Perplexity").Single(), 1, 1.2);
    }

    [Fact]
    public void Unknown_tokens_are_seen_and_not_judged()
    {
        MLContext ml = new(seed: 1);
        LanguageModelTransformer model = Fit(ml, Trainer(ml, 2), Sentences(ml, 60, 1));
        float[] unknown = Score(ml, model, ["a", "unheard-of"]), known = Score(ml, model, ["a"]);
        Assert.NotEqual(unknown[0], known[0]);
        Assert.Equal(Math.Exp(-unknown[0] / 2), unknown[1], 1e-3);
        Assert.All(Enumerable.Range(0, 50).SelectMany(s => model.Generate(["unheard-of"], 5, 3, seed: s)), t => Assert.Contains(t, model.Vocabulary));
        Assert.Equal(model.Generate(["unheard-of"], 5), model.Generate(["never heard"], 5));
        Assert.Equal(model.Generate(["two"], 5, seed: 3), model.GenerateKeys([(uint)model.Vocabulary.ToList().IndexOf("two") + 1], 5, seed: 3).Select(k => model.Vocabulary[(int)k - 1]));
        Assert.Empty(model.Generate(["a"], 0));
    }

    [Fact]
    public void What_does_not_fit_is_an_error()
    {
        MLContext ml = new(seed: 1);
        IDataView raw = Sentences(ml, 20, 1), data = Keyed(ml, raw);
        Assert.Contains("MapValueToKey", Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.TokensColumnName = "Text").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("'None'", Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.TokensColumnName = "None").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("SequenceLength is 0", Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.SequenceLength = 0)).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => Trainer(ml, 1).Fit(ml.Data.SkipRows(data, 1000))).Message, StringComparison.Ordinal);
        IDataView nothing = Keys(ml).Fit(raw).Transform(ml.Data.LoadFromEnumerable(new[] { new Sentence() }));
        Assert.Contains("all 1 rows", Assert.Throws<ArgumentException>(() => Trainer(ml, 1).Fit(nothing)).Message, StringComparison.Ordinal);

        // Networks that look ahead, end otherwise, know too little, or read too much.
        foreach (Network ahead in (Network[])[Embedded().BiLstm(8, returnSequences: true).TaskOutput(), Embedded().Conv1D(8, 3, padding: Padding.Same).TaskOutput(), Embedded().TransformerEncoder(16, 2).TaskOutput()])
            Assert.Contains("looks ahead", Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.Network = ahead).Fit(data)).Message, StringComparison.Ordinal);
        Trainer(ml, 1, o => o.Network = Embedded().Conv1D(8, 3, padding: Padding.Causal).TaskOutput()).Fit(data);
        Assert.Contains("return sequences", Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.Network = Embedded().Gru(8).TaskOutput()).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("knows 9 ids", Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.Network = Network.TokenInput().Embedding(9, 8).Gru(8, returnSequences: true).TaskOutput()).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("2 inputs", Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.Network = Embedded().Concatenate(Network.TokenInput(name: "other").Embedding(9, 8)))).Message, StringComparison.Ordinal);

        LanguageModelTransformer model = Trainer(ml, 1).Fit(data);
        foreach (Action act in (Action[])[() => model.Generate([], -1), () => model.Generate([], 1, -0.1), () => model.Generate([], 1, double.NaN), () => model.Generate([], 1, topK: 0), () => model.Generate([], 1, topP: 0), () => model.Generate([], 1, topP: 1.1), () => model.GenerateKeys([99], 1)])
            Assert.Throws<ArgumentOutOfRangeException>(act);
        Assert.Contains("the model was trained on", Assert.Throws<ArgumentException>(() => model.Transform(ml.Transforms.Conversion.MapValueToKey("Tokens", "Text").Fit(ml.Data.TakeRows(raw, 1)).Transform(raw))).Message, StringComparison.Ordinal);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Trainer(ml, 1, o => o.CancellationToken = source.Token).Fit(data));
    }

    private static Network Embedded() => Network.TokenInput().Embedding(null, 8, maskZero: true);

    private static float[] Score(MLContext ml, LanguageModelTransformer model, string[] words)
    {
        IDataView scored = model.Transform(Keys(ml).Fit(Sentences(ml, 60, 1)).Transform(ml.Data.LoadFromEnumerable(new[] { new Sentence { Text = words } })));
        return [scored.GetColumn<float>("Score").Single(), scored.GetColumn<float>("Perplexity").Single()];
    }

    private static IEstimator<ITransformer> Keys(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Tokens", "Text", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue);

    private static IDataView Keyed(MLContext ml, IDataView data) => Keys(ml).Fit(data).Transform(data);

    private static LanguageModelTransformer Fit(MLContext ml, LanguageModelTrainer trainer, IDataView data) => trainer.Fit(Keyed(ml, data));

    private static LanguageModelTrainer Trainer(MLContext ml, int epochs, Action<LanguageModelTrainer.Options>? change = null)
    {
        LanguageModelTrainer.Options options = new()
        {
            Network = Networks.LanguageModel(width: 24, dropout: 0),
            Epochs = epochs,
            BatchSize = 16,
            Optimizer = new Adam { LearningRate = 0.01f },
        };
        change?.Invoke(options);
        return ml.MulticlassClassification.Trainers.LanguageModel(options);
    }

    // "a cat sleeps", "two dogs that sleep eat": the verbs are of the first word's number.
    private static IEnumerable<string[]> All() =>
        from many in (bool[])[false, true]
        from noun in many ? Plural : Singular
        from verb in many ? ManyDo : OneDoes
        select (string[])[many ? "two" : "a", noun, "that", verb];

    private static List<string[]> Rows(int count, int seed)
    {
        string[][] all = [.. All()];
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i => all[i < all.Length ? i : random.Next(all.Length)])];
    }

    // Two first words, three nouns, one way on, two verbs, one end: five choices of a sentence.
    private static double Known(List<string[]> rows) => Math.Exp(rows.Count * Math.Log(2 * 3 * 2) / (rows.Count * 5.0));

    private static IDataView Sentences(MLContext ml, int count, int seed) => ml.Data.LoadFromEnumerable(Rows(count, seed).Select(r => new Sentence { Text = r }).ToList());

    private sealed class Sentence
    {
        public string[] Text { get; set; } = [];
    }

    private sealed class Judged
    {
        public float Score { get; set; }

        public float Perplexity { get; set; }
    }
}
