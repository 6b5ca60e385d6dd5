using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;

namespace MLNetDeep.Generation.Tabular;

/// <summary>Rows of a table.</summary>
/// <param name="model">What makes the rows.</param>
/// <param name="count">Number of rows.</param>
/// <param name="seed">Seed of all that is drawn.</param>
/// <param name="condition">The place in a condition that all rows are to be; null for rows as frequent as in training.</param>
internal sealed class GeneratedTable(TabularTransformer model, long count, int seed, int? condition) : MadeView(model.Encoding.ToSchema(), count)
{
    private const int BlockRows = 256;

    // How often a row that is not as asked for is made again before it is simply said to be so.
    private const int Attempts = 50;

    protected override Block CreateBlock() => new MadeRows(model, seed, condition);

    private sealed class MadeRows : Block
    {
        private readonly TabularTransformer _model;
        private readonly TableEncoding _encoding;
        private readonly int _seed;
        private readonly int? _condition;
        private readonly IExecutable _executable;
        private readonly TableMaker _maker;
        private readonly int[] _choices, _place = new int[BlockRows];
        private readonly float[] _numbers;
        private readonly long[] _rows = new long[BlockRows];
        private readonly double[] _cells;

        public MadeRows(TabularTransformer model, int seed, int? condition)
            : base(BlockRows)
        {
            (_model, _encoding, _seed, _condition) = (model, model.Encoding, seed, condition);
            int cells = BlockRows * _encoding.Fields.Length;
            (_choices, _numbers, _cells) = (new int[cells], new float[cells], new double[cells]);
            _executable = model.Generator.Rent();
            _maker = model.CreateMaker(_executable);
        }

        public override Delegate CreateGetter(DataViewSchema.Column column, Func<int> row)
        {
            TableColumn own = _encoding.Columns[column.Index];
            int first = _encoding.FirstField[column.Index], fields = _encoding.Fields.Length;
            return own.Codec.CreateGetter(own.Type is VectorDataViewType ? own.Size : null, slot => _cells[(row() * fields) + first + slot], own.Texts);
        }

        public override void Make(long start, int count)
        {
            int fields = _encoding.Fields.Length, open = count;
            (int Field, int Choice)? wanted = _condition is { } place ? _encoding.OfCondition(place) : null;
            for (int i = 0; i < count; i++)
                _place[i] = i;
            for (int attempt = 0; open > 0; attempt++)
            {
                for (int i = 0; i < open; i++)
                    _rows[i] = start + _place[i];
                _maker.Make(_rows.AsSpan(0, open), _seed, attempt, _condition, _choices, _numbers);
                int left = 0;
                for (int i = 0; i < open; i++)
                {
                    Span<int> choices = _choices.AsSpan(i * fields, fields);
                    if (wanted is { } want && choices[want.Field] != want.Choice)
                    {
                        if (attempt < Attempts)
                        {
                            _place[left++] = _place[i];
                            continue;
                        }

                        choices[want.Field] = want.Choice;
                    }

                    for (int f = 0; f < fields; f++)
                        _cells[(_place[i] * fields) + f] = _encoding.Fields[f].Decode(choices[f], _numbers[(i * fields) + f]);
                }

                open = left;
            }
        }

        public override void Dispose() => _model.Generator.Return(_executable);
    }
}
