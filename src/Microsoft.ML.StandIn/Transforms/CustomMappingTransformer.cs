using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>A fitted step that computes columns of columns by code of the user's.</summary>
/// <typeparam name="TSrc">The class of what the code reads.</typeparam>
/// <typeparam name="TDst">The class of what the code fills.</typeparam>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _map;
    private readonly string? _contractName;
    private readonly SchemaDefinition _input;

    internal CustomMappingTransformer(IHostEnvironment env, Action<TSrc, TDst> mapAction, string? contractName,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(mapAction);
        _map = mapAction;
        _contractName = contractName;
        _input = inputSchemaDefinition ?? SchemaDefinition.Create(typeof(TSrc), SchemaDefinition.Direction.Write);
        Added = new ObjectColumns<TDst>(outputSchemaDefinition);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal ObjectColumns<TDst> Added { get; }

    internal IEnumerable<string> InputNames => _input.Select(c => c.ColumnName);

    /// <summary>The columns that <see cref="Transform"/> will give.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new Mapping(this, inputSchema).OutputSchema;

    /// <summary>The output table; the code runs as its rows are read.</summary>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedDataView(input, new Mapping(this, input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(new Mapping(this, inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        if (string.IsNullOrEmpty(_contractName))
            throw new InvalidOperationException("Empty contract name for a transform: the transform cannot be saved");
        ctx.SetVersionInfo(CustomMappingLoader.Version());
        ctx.SaveString(_contractName);
        ctx.SaveString(_map.Method.DeclaringType?.Assembly.FullName ?? "");
    }

    private sealed class Mapping : RowMapping
    {
        private readonly CustomMappingTransformer<TSrc, TDst> _owner;
        private readonly ObjectFiller<TSrc> _filler;

        public Mapping(CustomMappingTransformer<TSrc, TDst> owner, DataViewSchema inputSchema)
            : base(inputSchema ?? throw new ArgumentNullException(nameof(inputSchema)),
                [.. owner.Added.Schema.Select(c => new DataViewSchema.DetachedColumn(c))])
        {
            _owner = owner;
            _filler = new ObjectFiller<TSrc>(inputSchema, ignoreMissingColumns: false, owner._input);
        }

        protected override IEnumerable<int> InputsOf(int added) => _filler.Columns.Select(c => c.Index);

        protected override Delegate MakeGetter(DataViewRow input, int added) => throw new InvalidOperationException();

        // All output columns of a row come of one call.
        protected override Delegate?[] MakeGetters(DataViewRow input, bool[] active)
        {
            var getters = new Delegate?[active.Length];
            if (!active.Contains(true))
                return getters;
            var fill = _filler.Over(input);
            var source = new TSrc();
            var result = new ObjectColumns<TDst>.Holder();
            var position = -1L;
            void Refresh()
            {
                if (input.Position == position && result.Value is not null)
                    return;
                position = input.Position;
                fill(source);
                var mapped = new TDst();
                _owner._map(source, mapped);
                result.Value = mapped;
            }
            for (var k = 0; k < active.Length; k++)
                if (active[k])
                    getters[k] = Refreshed.Make(_owner.Added.MakeGetter(k, result), _owner.Added.Schema[k].Type, Refresh);
            return getters;
        }
    }
}
