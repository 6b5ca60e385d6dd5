using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests;

/// <summary>Rows with a model's columns are computed as they are read, and only what is asked for.</summary>
public class CursorTests
{
    // More than two batches, and a rest.
    private const int Count = 300;

    private static MLContext Ml => new(seed: 1);
    private static readonly IDataView Data = Samples.View(Ml, Count);
    private static readonly NeuralNetworkTransformer Model =
        Ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [6]), "Number", epochs: 1).Fit(Data);

    [Fact]
    public void Only_columns_asked_for_are_read()
    {
        WatchedView watched = new(Data);
        IDataView scored = Model.Transform(watched);
        Assert.Empty(watched.Asked);

        using (DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Name"]]))
            cursor.MoveNext();
        using (DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["Name"]]))
            cursor.MoveNext();
        using (DataViewRowCursor cursor = scored.GetRowCursor([]))
            cursor.MoveNext();

        Assert.Equal(["Name"], watched.Asked[0]);
        Assert.Equal(["Features", "Name"], watched.Asked[1].Order());
        Assert.Empty(watched.Asked[2]);
        Assert.Equal(3, watched.Asked.Count);
        Assert.Equal(0, watched.OpenCursors);
    }

    [Fact]
    public void Without_a_column_of_the_model_nothing_is_read_ahead()
    {
        WatchedView watched = new(Data);
        IDataView scored = Model.Transform(watched);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Features"]]);
        cursor.MoveNext();
        Assert.Equal(1, watched.RowsRead);
    }

    [Fact]
    public void Data_is_read_once()
    {
        WatchedView watched = new(Data);
        _ = Model.Transform(watched).GetColumn<float>("Score").Count();
        Assert.Equal(Count, watched.RowsRead);
    }

    [Fact]
    public void A_first_row_costs_a_batch_not_the_whole_data()
    {
        WatchedView watched = new(Data);
        IDataView scored = Model.Transform(watched);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        cursor.MoveNext();
        Assert.InRange(watched.RowsRead, 1, 128);
    }

    [Fact]
    public void Other_columns_stay_with_their_rows()
    {
        IDataView scored = Model.Transform(Data);
        List<Sample> samples = Samples.List(Count);
        int row = 0;
        foreach (Sample sample in Ml.Data.CreateEnumerable<Sample>(scored, reuseRowObject: true))
        {
            Assert.Equal(samples[row].Name, sample.Name);
            Assert.Equal(samples[row].Features, sample.Features);
            Assert.Equal(samples[row].Ids, sample.Ids);
            Assert.Equal(samples[row].Large, sample.Large);
            row++;
        }

        Assert.Equal(Count, row);
    }

    [Fact]
    public void Positions_and_ids_are_those_of_the_rows()
    {
        IDataView scored = Model.Transform(Data);
        using DataViewRowCursor plain = Data.GetRowCursor([]), cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<DataViewRowId> plainId = plain.GetIdGetter(), id = cursor.GetIdGetter();
        DataViewRowId expected = default, actual = default;
        Assert.Equal(-1, cursor.Position);
        while (plain.MoveNext())
        {
            Assert.True(cursor.MoveNext());
            plainId(ref expected);
            id(ref actual);
            Assert.Equal(expected, actual);
            Assert.Equal(plain.Position, cursor.Position);
        }

        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void A_getter_can_be_made_and_called_at_any_row_and_twice()
    {
        IDataView scored = Model.Transform(Data);
        int[][] expected = Bits.Of(scored, "Score");
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        for (int i = 0; i < 200; i++)
            cursor.MoveNext();
        ValueGetter<float> score = cursor.GetGetter<float>(scored.Schema["Score"]);
        ValueGetter<ReadOnlyMemory<char>> name = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Name"]);
        float value = 0;
        ReadOnlyMemory<char> text = default;
        for (int i = 0; i < 2; i++)
        {
            score(ref value);
            name(ref text);
            Assert.Equal(expected[199], Bits.Of([value]));
            Assert.Equal("199", text.ToString());
        }
    }

    [Fact]
    public void Values_before_the_first_row_and_of_columns_not_asked_for_are_errors()
    {
        IDataView scored = Model.Transform(Data);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<float> score = cursor.GetGetter<float>(scored.Schema["Score"]);
        float value = 0;
        Assert.Contains("MoveNext", Assert.Throws<InvalidOperationException>(() => score(ref value)).Message, StringComparison.Ordinal);

        Assert.True(cursor.IsColumnActive(scored.Schema["Score"]));
        Assert.False(cursor.IsColumnActive(scored.Schema["Name"]));
        Assert.Contains("'Name'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Name"])).Message, StringComparison.Ordinal);
        Assert.Contains("'Score'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(scored.Schema["Score"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shuffled_rows_keep_their_scores()
    {
        IDataView scored = Model.Transform(Data);
        Assert.True(scored.CanShuffle == Data.CanShuffle);
        Dictionary<string, float> expected = Named(scored.GetRowCursor(scored.Schema));
        string[] order = [.. Named(scored.GetRowCursor(scored.Schema, new Random(3))).Keys];
        foreach ((string name, float score) in Named(scored.GetRowCursor(scored.Schema, new Random(3))))
            Assert.Equal(expected[name], score, 1e-5f);
        Assert.Equal(expected.Keys.Order(), order.Order());

        // And through ML.NET's own shuffling.
        IDataView shuffled = Ml.Data.ShuffleRows(scored, seed: 4);
        Dictionary<string, float> other = Named(shuffled.GetRowCursor(shuffled.Schema));
        Assert.NotEqual(expected.Keys, other.Keys);
        Assert.All(other, o => Assert.Equal(expected[o.Key], o.Value, 1e-5f));
        shuffled = Model.Transform(Ml.Data.ShuffleRows(Data, seed: 4));
        Assert.All(Named(shuffled.GetRowCursor(shuffled.Schema)), o => Assert.Equal(expected[o.Key], o.Value, 1e-5f));
    }

    [Fact]
    public void Cursor_sets_have_all_rows()
    {
        IDataView scored = Model.Transform(Data);
        DataViewRowCursor[] cursors = scored.GetRowCursorSet(scored.Schema, 4);
        Dictionary<string, float> all = [];
        foreach (DataViewRowCursor cursor in cursors)
        {
            foreach ((string name, float score) in Named(cursor))
                all.Add(name, score);
        }

        Assert.Equal(Named(scored.GetRowCursor(scored.Schema)).OrderBy(r => r.Key), all.OrderBy(r => r.Key));
    }

    [Fact]
    public void Rows_can_be_filtered_taken_and_cached_downstream()
    {
        IDataView scored = Model.Transform(Data);
        float[] scores = [.. scored.GetColumn<float>("Score")];
        IDataView filtered = Ml.Data.FilterRowsByColumn(scored, "Score", lowerBound: 0.5);
        Assert.Equal(scores.Where(s => s >= 0.5), filtered.GetColumn<float>("Score"));
        Assert.Equal(scores[..7], Ml.Data.TakeRows(scored, 7).GetColumn<float>("Score"));
        Assert.Equal(scores[130..], Ml.Data.SkipRows(scored, 130).GetColumn<float>("Score"));
        IDataView cached = Ml.Data.Cache(scored);
        Assert.Equal(scores, cached.GetColumn<float>("Score"));
        Assert.Equal(scores, cached.GetColumn<float>("Score"));
        Assert.Equal(Count, scored.GetRowCount() ?? Count);
    }

    [Fact]
    public void Cursors_on_many_threads_do_not_disturb_each_other()
    {
        IDataView scored = Model.Transform(Data);
        int[][] expected = Bits.Of(scored, "Score");
        Parallel.For(0, 8, _ => Assert.Equal(expected, Bits.Of(scored, "Score")));
    }

    [Fact]
    public void A_cursor_that_was_closed_has_no_rows()
    {
        IDataView scored = Model.Transform(Data);
        DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        cursor.MoveNext();
        ValueGetter<float> score = cursor.GetGetter<float>(scored.Schema["Score"]);
        cursor.Dispose();
        cursor.Dispose();
        float value = 0;
        Assert.False(cursor.MoveNext());
        Assert.Throws<InvalidOperationException>(() => score(ref value));
    }

    [Fact]
    public void Large_vectors_beside_the_scores_are_kept_for_few_rows_only()
    {
        IDataView wide = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Wide { Pixels = [.. Enumerable.Repeat((float)i, Wide.Size)] }));
        WatchedView watched = new(wide);
        IDataView scored = Model.Transform(watched);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<VBuffer<float>> pixels = cursor.GetGetter<VBuffer<float>>(scored.Schema["Pixels"]);
        VBuffer<float> value = default;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            pixels(ref value);
            Assert.Equal(i, value.GetItemOrDefault(Wide.Size - 1));
            Assert.InRange(watched.RowsRead, i + 1, i + 3);
        }
    }

    private static Dictionary<string, float> Named(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            ValueGetter<float> score = cursor.GetGetter<float>(cursor.Schema["Score"]);
            ValueGetter<ReadOnlyMemory<char>> name = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Name"]);
            Dictionary<string, float> rows = [];
            float value = 0;
            ReadOnlyMemory<char> text = default;
            while (cursor.MoveNext())
            {
                score(ref value);
                name(ref text);
                rows.Add(text.ToString(), value);
            }

            return rows;
        }
    }

    private sealed class Wide : Point
    {
        public const int Size = 400_000;

        [VectorType(Size)]
        public float[] Pixels { get; set; } = [];
    }
}
