using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Estimators;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Sequences;

public class SequenceToSequenceTests
{
    private static readonly string[] Letters = ["a", "b", "c", "d"];

    [Fact]
    public void Sequences_are_turned_round()
    {
        MLContext ml = new(seed: 1);
        ITransformer model = Chain(ml, 25).Fit(Reversals(ml, 400, 1));
        IDataView scored = model.Transform(Reversals(ml, 60, 2));
        int right = scored.GetColumn<string[]>("PredictedLabel").Zip(scored.GetColumn<string[]>("To")).Count(p => p.First.SequenceEqual(p.Second));
        Assert.InRange(right, 57, 60);
        Assert.All(scored.GetColumn<float>("Score"), s => Assert.InRange(s, -100, 0));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void Dates_are_rewritten()
    {
        // The toy task of translation courses: "5 May 1998", "may 5, 1998" and the like to 1998-05-05, letter by letter.
        MLContext ml = new(seed: 1);
        IEstimator<ITransformer> pipeline = ml.Transforms.Conversion.MapValueToKey([new("F", "From"), new("T", "To")])
            .Append(ml.MulticlassClassification.Trainers.SequenceToSequence(new()
            {
                Network = Networks.Seq2Seq(units: 64, embedding: 16, dropout: 0),
                SourceColumnName = "F",
                TargetColumnName = "T",
                Epochs = 12,
                BatchSize = 64,
                Optimizer = new Adam(),
                LearningRateSchedule = new OneCycle(1e-2f),
                BeamWidth = 2,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        List<Turn> all = [.. Dates(6000, 1).DistinctBy(d => string.Concat(d.From))];
        IDataView train = ml.Data.LoadFromEnumerable(all.Skip(500).ToList()), test = ml.Data.LoadFromEnumerable(all.Take(500).ToList());
        IDataView scored = pipeline.Fit(train).Transform(test);
        int right = scored.GetColumn<string[]>("PredictedLabel").Zip(scored.GetColumn<string[]>("To")).Count(p => p.First.SequenceEqual(p.Second));
        Assert.InRange(right, 490, 500);
    }

    [Fact]
    public void The_same_seed_writes_the_same_before_and_after_saving_and_row_by_row()
    {
        // Each chain is the first thing that its context makes: a context's seeds follow one another.
        MLContext ml = new(seed: 1);
        IDataView data = Reversals(new MLContext(seed: 1), 60, 1);
        ITransformer model = Chain(ml, 2).Fit(data), again = Chain(new MLContext(seed: 1), 2).Fit(data), other = Chain(new MLContext(seed: 2), 2).Fit(data);
        int[][] scores = Bits.Of(model.Transform(data), "Score");
        Assert.Equal(scores, Bits.Of(again.Transform(data), "Score"));
        Assert.NotEqual(scores, Bits.Of(other.Transform(data), "Score"));

        using MemoryStream stream = new();
        ml.Model.Save(model, data.Schema, stream);
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        Assert.Equal(scores, Bits.Of(loaded.Transform(data), "Score"));
        Assert.Equal(Schemas.Describe(model.GetOutputSchema(data.Schema)), Schemas.Describe(loaded.GetOutputSchema(data.Schema)));

        float[] expected = [.. model.Transform(data).GetColumn<float>("Score")];
        string[][] from = [.. data.GetColumn<string[]>("From")];
        Parallel.For(0, 4, _ =>
        {
            using PredictionEngine<Turn, Written> engine = ml.Model.CreatePredictionEngine<Turn, Written>(loaded);
            for (int i = 0; i < from.Length; i++)
                Assert.Equal(expected[i], engine.Predict(new() { From = from[i] }).Score);
        });
    }

    [Fact]
    public void The_schema_is_as_promised()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Keys(ml).Fit(Reversals(ml, 20, 1)).Transform(Reversals(ml, 20, 1));
        SequenceToSequenceTrainer trainer = Trainer(ml, 1);
        SequenceToSequenceTransformer model = trainer.Fit(data);
        Schemas.Keeps(trainer.GetOutputSchema(Schemas.Shape(data.Schema)), model.GetOutputSchema(data.Schema));

        // Only the source is needed to write.
        IDataView bare = ml.Transforms.SelectColumns("F").Fit(data).Transform(data);
        Assert.Equal(Bits.Of(model.Transform(data), "Score"), Bits.Of(model.Transform(bare), "Score"));
    }

    [Fact]
    public void A_wider_beam_finds_what_is_at_least_as_likely()
    {
        MLContext ml = new(seed: 1);
        IDataView data = Keys(ml).Fit(Reversals(ml, 100, 1)).Transform(Reversals(ml, 100, 1));
        SequenceToSequenceTransformer model = Trainer(ml, 3).Fit(data);

        // Without a length penalty the score is the sequence's probability alone.
        float greedy = model.WithDecoding(1, 0).Transform(data).GetColumn<float>("Score").Sum(), beam = model.WithDecoding(8, 0).Transform(data).GetColumn<float>("Score").Sum();
        Assert.True(beam > greedy, $"{beam} against {greedy}");
        Assert.Throws<ArgumentException>(() => model.WithDecoding(0));
        Assert.Throws<ArgumentException>(() => model.WithDecoding(4, -1));
    }

    [Fact]
    public void Empty_unknown_and_long_sources_are_written_of()
    {
        MLContext ml = new(seed: 1);
        IDataView train = Reversals(ml, 60, 1);
        ITransformer model = Chain(ml, 2).Fit(train);
        using PredictionEngine<Turn, Written> engine = ml.Model.CreatePredictionEngine<Turn, Written>(model);
        foreach (string[] from in (string[][])[[], ["z", "?"], [.. Enumerable.Repeat("a", 40)]])
            Assert.True(float.IsFinite(engine.Predict(new() { From = from }).Score));

        ITransformer strict = Keys(ml).Append(Trainer(ml, 1, o => o.SourceTruncation = SequenceTruncation.None)).Fit(train);
        Assert.Throws<InvalidOperationException>(() => strict.Transform(ml.Data.LoadFromEnumerable(new[] { new Turn { From = [.. Enumerable.Repeat("a", 40)], To = ["a"] } })).GetColumn<float>("Score").Count());
    }

    [Fact]
    public void What_does_not_fit_is_an_error()
    {
        MLContext ml = new(seed: 1);
        IDataView raw = Reversals(ml, 20, 1), data = Keys(ml).Fit(raw).Transform(raw);
        Assert.Contains("MapValueToKey", Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.SourceColumnName = "From").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("MapValueToKey", Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.TargetColumnName = "To").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("'None'", Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.TargetColumnName = "None").Fit(data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.BeamWidth = 0));
        Assert.Throws<ArgumentException>(() => Trainer(ml, 1, o => o.Network = new() { Units = 3 }).Fit(data));
        IDataView ids = ml.Data.LoadFromEnumerable(new[] { new IdTurn { F = [1, 9], To = ["a"] } });
        IDataView idKeys = ml.Transforms.Conversion.MapValueToKey("T", "To").Fit(ids).Transform(ids);
        Assert.Contains("SourceIds", Assert.Throws<ArgumentException>(() => Trainer(ml, 1).Fit(idKeys)).Message, StringComparison.Ordinal);
        Assert.Contains("token id 9", Assert.Throws<InvalidOperationException>(() => Trainer(ml, 1, o => o.SourceIds = 5).Fit(idKeys)).Message, StringComparison.Ordinal);

        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Trainer(ml, 1, o => o.CancellationToken = source.Token).Fit(data));
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => Trainer(ml, 1).Fit(ml.Data.SkipRows(data, 1000))).Message, StringComparison.Ordinal);
    }

    private static EstimatorChain<ITransformer> Keys(MLContext ml) =>
        new EstimatorChain<ITransformer>().Append<ITransformer>(ml.Transforms.Conversion.MapValueToKey([new("F", "From"), new("T", "To")]));

    private static SequenceToSequenceTrainer Trainer(MLContext ml, int epochs, Action<SequenceToSequenceTrainer.Options>? change = null)
    {
        SequenceToSequenceTrainer.Options options = new()
        {
            Network = Networks.Seq2Seq(units: 32, embedding: 8, dropout: 0),
            SourceColumnName = "F",
            TargetColumnName = "T",
            Epochs = epochs,
            BatchSize = 16,
            Optimizer = new Adam { LearningRate = 0.01f },
        };
        change?.Invoke(options);
        return ml.MulticlassClassification.Trainers.SequenceToSequence(options);
    }

    private static EstimatorChain<ITransformer> Chain(MLContext ml, int epochs) =>
        Keys(ml).Append<ITransformer>(Trainer(ml, epochs)).Append<ITransformer>(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    private static IDataView Reversals(MLContext ml, int count, int seed)
    {
        Random random = new(seed);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i =>
        {
            string[] from = [.. Enumerable.Range(0, i == 0 ? 5 : random.Next(1, 6)).Select(_ => Letters[random.Next(Letters.Length)])];
            return new Turn { From = from, To = [.. from.Reverse()] };
        }).ToList());
    }

    private static IEnumerable<Turn> Dates(int count, int seed)
    {
        Random random = new(seed);
        string[] formats = ["d MMMM yyyy", "MMMM d, yyyy", "d-M-yyyy", "dddd d MMM yyyy", "yyyy MMMM d", "dd.MM.yyyy"];
        for (int i = 0; i < count; i++)
        {
            DateTime date = new DateTime(1950, 1, 1).AddDays(random.Next(30000));
            string from = date.ToString(formats[random.Next(formats.Length)], CultureInfo.InvariantCulture);
            if (random.Next(2) == 0)
                from = from.ToLowerInvariant();
            yield return new() { From = [.. from.Select(c => c.ToString())], To = [.. date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture).Select(c => c.ToString())] };
        }
    }

    private sealed class Turn
    {
        public string[] From { get; set; } = [];

        public string[] To { get; set; } = [];
    }

    private sealed class IdTurn
    {
        public int[] F { get; set; } = [];

        public string[] To { get; set; } = [];
    }

    private sealed class Written
    {
        public string[] PredictedLabel { get; set; } = [];

        public float Score { get; set; }
    }
}
