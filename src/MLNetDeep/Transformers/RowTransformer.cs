using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tasks;

namespace MLNetDeep.Transformers;

/// <summary>A transformer that computes columns row by row; it can be used from any number of threads at once.</summary>
public abstract class RowTransformer : ITransformer
{
    private protected RowTransformer()
    {
    }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or of another type than in training; the message names it.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new Bindings(this, inputSchema).OutputSchema;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or of another type than in training; the message names it.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new View(input, new(this, input.Schema));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or of another type than in training; the message names it.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new Mapper(new(this, inputSchema));

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    private protected abstract void Save(ModelSaveContext ctx);

    /// <summary>The columns that are read, checked.</summary>
    internal abstract IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema);

    /// <summary>The columns that are added.</summary>
    internal abstract IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema);

    /// <summary>Makes what computes the added columns over a row or cursor.</summary>
    internal abstract RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs);

    private sealed class Bindings
    {
        public Bindings(RowTransformer transformer, DataViewSchema input)
        {
            ArgumentNullException.ThrowIfNull(input);
            Transformer = transformer;
            InputSchema = input;
            Inputs = transformer.Inputs(input);
            DataViewSchema.Builder builder = new();
            builder.AddColumns(input);
            foreach (OutputColumn column in transformer.Outputs(input))
                builder.AddColumn(column.Name, column.Type, column.Annotations);
            OutputSchema = builder.ToSchema();
        }

        public RowTransformer Transformer { get; }

        public DataViewSchema InputSchema { get; }

        public DataViewSchema OutputSchema { get; }

        public IReadOnlyList<DataViewSchema.Column> Inputs { get; }

        public bool IsAdded(DataViewSchema.Column column) => column.Index >= InputSchema.Count;

        public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> columns)
        {
            DataViewSchema.Column[] wanted = [.. columns];
            IEnumerable<DataViewSchema.Column> passed = wanted.Where(c => !IsAdded(c)).Select(c => InputSchema[c.Index]);
            return [.. (wanted.Any(IsAdded) ? passed.Concat(Inputs) : passed).DistinctBy(c => c.Index)];
        }
    }

    // The columns of one row or cursor: those that are passed on, and those that are computed.
    private sealed class Columns : IDisposable
    {
        private readonly Bindings _bindings;
        private readonly DataViewRow _row;
        private readonly HashSet<int> _active;
        private readonly RowComputation? _computation;

        public Columns(Bindings bindings, DataViewRow row, IReadOnlyList<DataViewSchema.Column> active)
        {
            _bindings = bindings;
            _row = row;
            _active = [.. active.Select(c => c.Index)];
            _computation = active.Any(bindings.IsAdded) ? bindings.Transformer.Bind(row, bindings.Inputs) : null;
        }

        public bool IsActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public ValueGetter<T> Getter<T>(DataViewSchema.Column column)
        {
            if (!IsActive(column))
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the row was made.");
            if (!_bindings.IsAdded(column))
                return _row.GetGetter<T>(_bindings.InputSchema[column.Index]);
            return _computation!.CreateGetter(column.Name) as ValueGetter<T>
                ?? throw new InvalidOperationException($"Column '{column.Name}' has type {column.Type}; a getter of {typeof(T)} was asked for.");
        }

        public void Dispose() => _computation?.Dispose();
    }

    private sealed class View(IDataView source, Bindings bindings) : IDataView
    {
        public bool CanShuffle => source.CanShuffle;

        public DataViewSchema Schema => bindings.OutputSchema;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(source, bindings, [.. columnsNeeded], rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Mapper(Bindings bindings) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => bindings.InputSchema;

        public DataViewSchema OutputSchema => bindings.OutputSchema;

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => bindings.Dependencies(dependingColumns);

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(bindings, input, [.. activeColumns]);
    }

    private sealed class Row(Bindings bindings, DataViewRow row, IReadOnlyList<DataViewSchema.Column> active) : DataViewRow
    {
        private readonly Columns _columns = new(bindings, row, active);
        private bool _disposed;

        public override DataViewSchema Schema => bindings.OutputSchema;

        public override long Position => row.Position;

        public override long Batch => row.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.Getter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _columns.Dispose();
                row.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly Bindings _bindings;
        private readonly DataViewRowCursor _rows;
        private readonly Columns _columns;
        private bool _disposed;

        public Cursor(IDataView source, Bindings bindings, IReadOnlyList<DataViewSchema.Column> active, Random? random)
        {
            _bindings = bindings;
            _rows = source.GetRowCursor(bindings.Dependencies(active), random);
            _columns = new(bindings, _rows, active);
        }

        public override DataViewSchema Schema => _bindings.OutputSchema;

        public override long Position => _rows.Position;

        public override long Batch => _rows.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.Getter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => _rows.GetIdGetter();

        public override bool MoveNext() => !_disposed && _rows.MoveNext();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                _columns.Dispose();
                _rows.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
