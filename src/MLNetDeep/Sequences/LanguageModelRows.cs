using Microsoft.ML;
using MLNetDeep.Graphs;
using MLNetDeep.Rows;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Sequences;

/// <summary>
/// Sequences as a language model learns and judges them: at each step the token before, and the token to come. What is longer than the network looks back
/// goes on in a further row.
/// </summary>
internal sealed class LanguageModelRows(IDataView data, string column, int steps, int keys) : IRowSource
{
    /// <summary>The class of the end; that of a key is the key.</summary>
    public const int End = 0;

    private readonly IDataView _data = data;
    private readonly int _steps = steps, _keys = keys;

    public IReadOnlyList<RowColumn> Columns { get; } = [new("before", DType.Int32, steps), new(column, DType.Int32, 2 * steps)];

    /// <summary>Number of ids: padding, the unknown token, the keys, and the start.</summary>
    public static int Ids(int keys) => checked(Start(keys) + 1);

    /// <summary>The id that stands before the first token.</summary>
    public static int Start(int keys) => checked(keys + TokenColumn.Reserved);

    /// <summary>Number of rows that a sequence takes.</summary>
    public static int Pieces(int tokens, int steps) => tokens / steps + 1;

    /// <summary>Puts a part of a sequence into a row.</summary>
    /// <param name="tokens">The whole sequence, as ids.</param>
    /// <param name="piece">Which part.</param>
    /// <param name="keys">Number of keys.</param>
    /// <param name="before">For each step the id before it, then padding.</param>
    /// <param name="pairs">For each step the class to come and 1; two zeros where it is unknown, and after the end.</param>
    public static void Fill(ReadOnlySpan<int> tokens, int piece, int keys, Span<int> before, Span<int> pairs)
    {
        before.Clear();
        pairs.Clear();
        int first = piece * before.Length;
        for (int i = 0; i < before.Length && first + i <= tokens.Length; i++)
        {
            int at = first + i;
            before[i] = at == 0 ? Start(keys) : tokens[at - 1];
            if (at < tokens.Length && tokens[at] == TokenColumn.Unknown)
                continue;
            pairs[2 * i] = at == tokens.Length ? End : tokens[at] - 1;
            pairs[2 * i + 1] = 1;
        }
    }

    public IRowReader Read() => new Reader(this);

    private sealed class Reader : IRowReader
    {
        private readonly LanguageModelRows _owner;
        private readonly DataViewRowCursor _cursor;
        private readonly TokenColumn.Reader _read;
        private int[] _tokens = [];
        private int _length, _piece, _pieces;

        public Reader(LanguageModelRows owner)
        {
            _owner = owner;
            DataViewSchema.Column column = ColumnRef.Find(owner._data.Schema, owner.Columns[1].Name, "tokens");
            _cursor = owner._data.GetRowCursor([column]);
            _read = TokenColumn.Bind(_cursor, column);
        }

        public bool Read(RowBuffer rows, int index)
        {
            if (_piece == _pieces)
            {
                if (!_cursor.MoveNext())
                    return false;
                ReadOnlySpan<int> tokens = _read();
                if (_tokens.Length < tokens.Length)
                    _tokens = new int[Math.Max(tokens.Length, 2 * _tokens.Length)];
                tokens.CopyTo(_tokens);
                _length = tokens.Length;
                _pieces = Pieces(_length, _owner._steps);
                _piece = 0;
            }

            Fill(_tokens.AsSpan(0, _length), _piece++, _owner._keys, rows.Rows<int>(0, index), rows.Rows<int>(1, index));
            return true;
        }

        public void Dispose() => _cursor.Dispose();
    }
}
