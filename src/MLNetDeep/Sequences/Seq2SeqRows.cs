using Microsoft.ML;
using MLNetDeep.Graphs;
using MLNetDeep.Rows;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Sequences;

/// <summary>Pairs of sequences as a trainer takes them: for each target step the token before it, the source, and the target.</summary>
internal sealed class Seq2SeqRows(IDataView data, string source, string target, SequenceShape sourceShape, int targetSteps, int sourceIds) : IRowSource
{
    private readonly IDataView _data = data;
    private readonly SequenceShape _sourceShape = sourceShape;
    private readonly int _sourceIds = sourceIds;

    /// <summary>Before the first token. Ids of keys are as in <see cref="TokenColumn"/>, so none has it: rows with unknown target tokens are left out.</summary>
    public const int Start = TokenColumn.Unknown;

    /// <summary>The class of the end; that of a key is the key.</summary>
    public const int End = 0;

    public IReadOnlyList<RowColumn> Columns { get; } =
    [
        new("previous", DType.Int32, targetSteps),
        new(source, DType.Int32, sourceShape.Length),
        new(target, DType.Int32, 2 * targetSteps),
    ];

    /// <summary>Rows without unknown target tokens, and with.</summary>
    public (long Good, long Bad) Count(CancellationToken cancellation)
    {
        using Reader reader = new(this);
        (long good, long bad) = (0, 0);
        while (reader.MoveNext() is { } known)
        {
            cancellation.ThrowIfCancellationRequested();
            if (known)
                good++;
            else
                bad++;
        }

        return (good, bad);
    }

    public IRowReader Read() => new Reader(this);

    private sealed class Reader : IRowReader
    {
        private readonly Seq2SeqRows _owner;
        private readonly DataViewRowCursor _cursor;
        private readonly TokenColumn.Reader _source, _target;

        public Reader(Seq2SeqRows owner)
        {
            _owner = owner;
            DataViewSchema schema = owner._data.Schema;
            DataViewSchema.Column source = ColumnRef.Find(schema, owner.Columns[1].Name, "source"), target = ColumnRef.Find(schema, owner.Columns[2].Name, "target");
            _cursor = owner._data.GetRowCursor([source, target]);
            _source = TokenColumn.Bind(_cursor, source);
            _target = TokenColumn.Bind(_cursor, target);
        }

        /// <summary>Whether the next row's target is known; null at the end.</summary>
        public bool? MoveNext() => _cursor.MoveNext() ? !_target().Contains(TokenColumn.Unknown) : null;

        public bool Read(RowBuffer rows, int index)
        {
            ReadOnlySpan<int> target;
            do
            {
                if (!_cursor.MoveNext())
                    return false;
                target = _target();
            }
            while (target.Contains(TokenColumn.Unknown));

            Span<int> source = rows.Rows<int>(1, index);
            _owner._sourceShape.Fill(_source(), source, _owner.Columns[1].Name, _cursor.Position);
            if (source.IndexOfAnyExceptInRange(0, _owner._sourceIds - 1) is var slot and >= 0)
                throw TokenColumn.OutOfRange(_owner.Columns[1].Name, slot, source[slot], _cursor.Position, _owner._sourceIds);
            Span<int> previous = rows.Rows<int>(0, index), pairs = rows.Rows<int>(2, index);
            previous.Clear();
            pairs.Clear();
            previous[0] = Start;
            int steps = previous.Length;
            for (int i = 0; i < Math.Min(target.Length + 1, steps); i++)
            {
                pairs[2 * i] = i < target.Length ? target[i] - 1 : End;
                pairs[2 * i + 1] = 1;
                if (i > 0)
                    previous[i] = target[i - 1];
            }

            return true;
        }

        public void Dispose() => _cursor.Dispose();
    }
}
