using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.Initializers;
using MLNetDeep.Transformers;

namespace MLNetDeep.Generation;

/// <summary>Rows that a generator makes while they are read. Latent vector and class of a row are functions of the seed and the row's number.</summary>
internal sealed class GeneratedView : IDataView
{
    private const int BlockRows = 256;

    private readonly GanTransformer _model;
    private readonly long _count;
    private readonly int _seed;
    private readonly double[] _shares;
    private readonly int? _pathSteps;

    /// <param name="model">What makes the rows.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="seed">Seed of latent vectors and classes.</param>
    /// <param name="shares">What share of the rows are of each class; empty without classes.</param>
    /// <param name="pathSteps">Rows of a way from one latent vector to another; null for vectors that have nothing to do with each other.</param>
    public GeneratedView(GanTransformer model, long count, int seed, double[] shares, int? pathSteps = null)
    {
        (_model, _count, _seed, _shares, _pathSteps) = (model, count, seed, shares, pathSteps);
        DataViewSchema.Builder builder = new();
        builder.AddColumn(model.Columns.Features.Name, model.Columns.Features.Type);
        if (model.Label is { } label)
        {
            DataViewSchema.Annotations.Builder annotations = new();
            model.Names?.AddTo(annotations, "KeyValues");
            builder.AddColumn(model.Columns.Label!, label, annotations.ToAnnotations());
        }

        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, [.. columnsNeeded.Select(c => c.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly GeneratedView _owner;
        private readonly HashSet<int> _active;
        private readonly CounterRandom _latents, _draws;
        private readonly IExecutable _executable;
        private readonly int _size;
        private readonly float[] _rows;
        private readonly int[] _classes = new int[BlockRows];
        private long _row = -1, _blockStart = -1;
        private bool _disposed;

        public Cursor(GeneratedView owner, HashSet<int> active)
        {
            (_owner, _active) = (owner, active);
            _latents = new(Initializer.SeedFor(owner._seed, "latent"));
            _draws = new(Initializer.SeedFor(owner._seed, "class"));
            _size = owner._model.Columns.Features.Size;
            _rows = new float[BlockRows * _size];
            _executable = owner._model.Generator.Rent();
        }

        public override DataViewSchema Schema => _owner.Schema;

        public override long Position => _row < _owner._count ? _row : -1;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_disposed || _row >= _owner._count)
                return false;
            return ++_row < _owner._count;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)Position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
            Delegate getter = column.Index == 0 ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                int at = Prepare();
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, _size);
                _rows.AsSpan(at * _size, _size).CopyTo(editor.Values);
                value = editor.Commit();
            })
            : column.Type.RawType == typeof(byte) ? (ValueGetter<byte>)((ref byte value) => value = (byte)Key())
            : column.Type.RawType == typeof(ushort) ? (ValueGetter<ushort>)((ref ushort value) => value = (ushort)Key())
            : column.Type.RawType == typeof(uint) ? (ValueGetter<uint>)((ref uint value) => value = (uint)Key())
            : (ValueGetter<ulong>)((ref ulong value) => value = (ulong)Key());
            return getter as ValueGetter<TValue> ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(TValue)} was asked for.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _owner._model.Generator.Return(_executable);
            }

            base.Dispose(disposing);
        }

        private int Key() => _classes[Prepare()] + 1;

        // Sees to it that the block with the present row has been made; the row's place in it.
        private int Prepare()
        {
            if (_disposed || Position < 0)
                throw new InvalidOperationException("The cursor is not on a row: call MoveNext, and read while it returns true.");
            long start = _row - (_row % BlockRows);
            if (start != _blockStart)
                Make(start);
            return (int)(_row - start);
        }

        private void Make(long start)
        {
            int count = (int)Math.Min(BlockRows, _owner._count - start), size = _owner._model.LatentSize;
            Scorer scorer = _owner._model.Generator;
            Span<float> latent = _executable.Feed<float>(scorer.Inputs[0], count);
            for (int i = 0; i < count; i++)
                Fill(latent.Slice(i * size, size), start + i);
            if (_owner._shares.Length > 0)
            {
                for (int i = 0; i < count; i++)
                    _classes[i] = Draw(_owner._pathSteps is { } steps ? (start + i) / steps : start + i);
                GanTransformer.FeedClasses(_executable, scorer.Inputs[1], _classes.AsSpan(0, count));
            }

            _executable.Run(count);
            _executable.Fetch<float>(scorer.Output).CopyTo(_rows);
            _owner._model.Range.Stretch(_rows.AsSpan(0, count * _size));
            _blockStart = start;
        }

        private void Fill(Span<float> latent, long row)
        {
            if (_owner._pathSteps is not { } steps)
            {
                for (int i = 0; i < latent.Length; i++)
                    latent[i] = (float)_latents.Normal((row * latent.Length) + i);
                return;
            }

            // Along the sphere that normal vectors of many numbers lie near (White 2016): in a straight line they would become too short.
            long from = row / steps * 2 * latent.Length, to = from + latent.Length;
            double share = (double)(row % steps) / (steps - 1), dot = 0, first = 0, second = 0;
            for (int i = 0; i < latent.Length; i++)
            {
                (double a, double b) = (_latents.Normal(from + i), _latents.Normal(to + i));
                (dot, first, second) = (dot + (a * b), first + (a * a), second + (b * b));
            }

            double angle = Math.Acos(Math.Clamp(dot / Math.Sqrt(first * second), -1, 1)), sine = Math.Sin(angle);
            (double start, double end) = sine < 1e-6 ? (1 - share, share) : (Math.Sin((1 - share) * angle) / sine, Math.Sin(share * angle) / sine);
            for (int i = 0; i < latent.Length; i++)
                latent[i] = (float)((start * _latents.Normal(from + i)) + (end * _latents.Normal(to + i)));
        }

        private int Draw(long index)
        {
            double at = _draws.Uniform(index);
            int last = 0;
            for (int i = 0; i < _owner._shares.Length; i++)
            {
                if (_owner._shares[i] == 0)
                    continue;
                last = i;
                if ((at -= _owner._shares[i]) < 0)
                    break;
            }

            return last;
        }
    }
}
