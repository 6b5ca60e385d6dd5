using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Tests.Support;

/// <summary>
/// What every trainer promises, in one call: the schema is as foretold; a model scores the same, to the bit, before and
/// after it was saved and loaded, and single rows the same through any number of prediction engines on many threads; a row
/// alone scores as it does among others, but for the order in which its sums are taken; the same seed trains the same
/// model; a token ends training; what it does not know it does not need.
/// </summary>
/// <typeparam name="TPrediction">What a prediction engine gives.</typeparam>
internal static class EstimatorContract<TPrediction>
    where TPrediction : class, new()
{
    /// <param name="trainer">Makes the trainer. All trainers made must be told the same but for the token.</param>
    /// <param name="prepare">What stands before it; null for nothing.</param>
    /// <param name="outputs">The columns it adds.</param>
    /// <param name="numbers">The numbers of a prediction that <paramref name="compared"/> holds.</param>
    /// <param name="compared">The column that predictions are compared by.</param>
    /// <param name="isSeeded">Whether another seed gives another model.</param>
    public static void Check(
        Func<MLContext, CancellationToken, IEstimator<ITransformer>> trainer,
        Func<MLContext, IEstimator<ITransformer>>? prepare,
        string[] outputs,
        Func<TPrediction, float[]> numbers,
        string compared = "Score",
        bool isSeeded = true)
    {
        MLContext ml = new(seed: 5);
        IDataView raw = Samples.View(ml);
        ITransformer? before = prepare?.Invoke(ml).Fit(raw);
        IDataView data = before?.Transform(raw) ?? raw;
        IEstimator<ITransformer> estimator = trainer(ml, default);
        SchemaShape promised = estimator.GetOutputSchema(Schemas.Shape(data.Schema));
        ITransformer model = estimator.Fit(data);

        Schemas_are_as_promised(promised, model, data, outputs);
        IDataView scored = model.Transform(data);
        Dictionary<string, int[][]> expected = outputs.ToDictionary(o => o, o => Bits.Of(scored, o));
        Dictionary<string, int[][]> single = Rows_one_by_one_are_scored_alike(model, data, expected);
        Same_seed_trains_the_same_model(trainer, prepare, compared, expected[compared], isSeeded);
        Saving_and_loading_changes_nothing(ml, model, data, expected, compared);
        Prediction_engines_agree_on_many_threads(ml, before is null ? model : before.Append(model), single[compared], numbers);
        Only_features_are_needed(ml, model, data, expected[compared], compared);
        A_token_ends_training(ml, trainer, data);
    }

    private static void Schemas_are_as_promised(SchemaShape promised, ITransformer model, IDataView data, string[] outputs)
    {
        DataViewSchema schema = model.GetOutputSchema(data.Schema);
        Schemas.Keeps(promised, schema);
        Assert.Equal(Schemas.Describe(schema), Schemas.Describe(model.Transform(data).Schema));
        Assert.Equal(Schemas.Describe(schema), Schemas.Describe(model.GetRowToRowMapper(data.Schema).OutputSchema));
        Assert.Equal(data.Schema.Select(c => c.Name).Concat(outputs), schema.Select(c => c.Name));
        Assert.True(model.IsRowToRowMapper);
    }

    private static Dictionary<string, int[][]> Rows_one_by_one_are_scored_alike(ITransformer model, IDataView data, Dictionary<string, int[][]> expected)
    {
        IRowToRowMapper mapper = model.GetRowToRowMapper(data.Schema);
        Dictionary<string, int[][]> single = [];
        foreach ((string name, int[][] bits) in expected)
        {
            DataViewSchema.Column column = mapper.OutputSchema[name];
            using DataViewRowCursor cursor = data.GetRowCursor(mapper.GetDependencies([column]));
            using DataViewRow row = mapper.GetRow(cursor, [column]);
            Func<int[]> read = Reader(row, column);
            List<int[]> rows = [];
            while (cursor.MoveNext())
                rows.Add(read());
            single.Add(name, [.. rows]);
            Assert.Equal(bits.Length, rows.Count);
            if (column.Type is BooleanDataViewType or KeyDataViewType or VectorDataViewType { ItemType: KeyDataViewType })
                Assert.Equal(bits, rows);
            else
                Assert.All(bits.SelectMany(b => b).Zip(rows.SelectMany(r => r)), p => Assert.Equal(BitConverter.Int32BitsToSingle(p.First), BitConverter.Int32BitsToSingle(p.Second), 1e-5f));
        }

        return single;
    }

    private static Func<int[]> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType { ItemType: KeyDataViewType })
        {
            ValueGetter<VBuffer<uint>> vectors = row.GetGetter<VBuffer<uint>>(column);
            VBuffer<uint> vector = default;
            return () =>
            {
                vectors(ref vector);
                return [.. vector.DenseValues().Select(k => (int)k)];
            };
        }

        if (column.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<float>> vectors = row.GetGetter<VBuffer<float>>(column);
            VBuffer<float> vector = default;
            return () =>
            {
                vectors(ref vector);
                return Bits.Of([.. vector.DenseValues()]);
            };
        }

        if (column.Type is BooleanDataViewType)
        {
            ValueGetter<bool> flags = row.GetGetter<bool>(column);
            bool flag = false;
            return () =>
            {
                flags(ref flag);
                return [flag ? 1 : 0];
            };
        }

        if (column.Type is KeyDataViewType)
        {
            ValueGetter<uint> keys = row.GetGetter<uint>(column);
            uint key = 0;
            return () =>
            {
                keys(ref key);
                return [(int)key];
            };
        }

        ValueGetter<float> numbers = row.GetGetter<float>(column);
        float number = 0;
        return () =>
        {
            numbers(ref number);
            return Bits.Of([number]);
        };
    }

    private static void Same_seed_trains_the_same_model(
        Func<MLContext, CancellationToken, IEstimator<ITransformer>> trainer, Func<MLContext, IEstimator<ITransformer>>? prepare, string compared, int[][] expected, bool isSeeded)
    {
        int[][] Scores(int seed)
        {
            MLContext ml = new(seed);
            IDataView raw = Samples.View(ml);
            IDataView data = prepare?.Invoke(ml).Fit(raw).Transform(raw) ?? raw;
            return Bits.Of(trainer(ml, default).Fit(data).Transform(data), compared);
        }

        Assert.Equal(expected, Scores(5));
        if (isSeeded)
            Assert.NotEqual(expected, Scores(6));
        else
            Assert.Equal(expected, Scores(6));
    }

    private static void Saving_and_loading_changes_nothing(MLContext ml, ITransformer model, IDataView data, Dictionary<string, int[][]> expected, string compared)
    {
        using MemoryStream stream = new();
        ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        MLContext other = new();
        ITransformer loaded = other.Model.Load(stream, out DataViewSchema schema);
        Assert.Equal(data.Schema.Select(c => c.Name), schema.Select(c => c.Name));
        Assert.Equal(Schemas.Describe(model.GetOutputSchema(data.Schema)), Schemas.Describe(loaded.GetOutputSchema(data.Schema)));
        IDataView scored = loaded.Transform(data);
        foreach ((string name, int[][] bits) in expected)
            Assert.Equal(bits, Bits.Of(scored, name));

        // Twice through a file is the same as once.
        using MemoryStream again = new();
        other.Model.Save(loaded, schema, again);
        again.Position = 0;
        Assert.Equal(expected[compared], Bits.Of(ml.Model.Load(again, out _).Transform(data), compared));
    }

    private static void Prediction_engines_agree_on_many_threads(MLContext ml, ITransformer model, int[][] expected, Func<TPrediction, float[]> numbers)
    {
        List<Sample> samples = Samples.List();
        Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, thread =>
        {
            using PredictionEngine<Sample, TPrediction> engine = ml.Model.CreatePredictionEngine<Sample, TPrediction>(model);
            for (int i = 0; i < 80; i++)
            {
                int row = (i * 7 + thread * 13) % samples.Count;
                Assert.Equal(expected[row], Bits.Of(numbers(engine.Predict(samples[row]))));
            }
        });
    }

    private static void Only_features_are_needed(MLContext ml, ITransformer model, IDataView data, int[][] expected, string compared)
    {
        string[] features = [.. model.GetRowToRowMapper(data.Schema).GetDependencies([model.GetOutputSchema(data.Schema)[compared]]).Select(c => c.Name)];
        Assert.DoesNotContain("Label", features);
        IDataView bare = ml.Transforms.SelectColumns(features).Fit(data).Transform(data);
        Assert.Equal(expected, Bits.Of(model.Transform(bare), compared));

        IDataView none = ml.Transforms.DropColumns(features[0]).Fit(data).Transform(data);
        Assert.Contains($"'{features[0]}'", Assert.Throws<ArgumentException>(() => model.Transform(none)).Message, StringComparison.Ordinal);
        Assert.Contains($"'{features[0]}'", Assert.Throws<ArgumentException>(() => model.GetOutputSchema(none.Schema)).Message, StringComparison.Ordinal);
    }

    private static void A_token_ends_training(MLContext ml, Func<MLContext, CancellationToken, IEstimator<ITransformer>> trainer, IDataView data)
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => trainer(ml, source.Token).Fit(data));
    }
}
