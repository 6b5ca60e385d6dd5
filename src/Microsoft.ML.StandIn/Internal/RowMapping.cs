namespace Microsoft.ML;

/// <summary>
/// How a row-to-row step makes output rows of input rows. One mapping serves the lazy view that
/// <see cref="ITransformer.Transform"/> gives and the single-row mapper of a prediction engine.
/// </summary>
/// <remarks>
/// <para>To write a transformer: derive from <see cref="Data.RowToRowTransformerBase"/> and implement
/// <c>MakeMapping(inputSchema)</c>, which checks the input columns and gives a class derived from this one,
/// and <c>SaveModel(ctx)</c>, which calls <c>ctx.SetVersionInfo(...)</c> first and then writes to <c>ctx.Writer</c>.
/// For loading, give the class a private static <c>Create(IHostEnvironment, ModelLoadContext)</c> and the assembly a
/// <c>LoadableClass</c> attribute with <c>typeof(SignatureLoadModel)</c>.</para>
/// <para>In the mapping: pass the added columns, types and annotations included, to the constructor; say in
/// <see cref="InputsOf"/> which input columns each needs; and make its getter in <see cref="MakeGetter"/>. All the rest
/// (views, cursors, cursor sets, activity, hidden columns, row mappers) is done here. Override <see cref="MakeGetters"/>
/// instead where several added columns share state. A step that drops or reorders columns passes <c>kept</c>.</para>
/// </remarks>
internal abstract class RowMapping
{
    // For each output column: the input column passed on, or ~k for the k-th added column.
    private readonly int[] _sources;
    private readonly int _addedCount;

    /// <param name="inputSchema">The input's columns.</param>
    /// <param name="added">The columns that are computed; one that hides a kept column comes right after it, the others last.</param>
    /// <param name="kept">The input columns that are passed on, in this order; all of them by default.</param>
    protected RowMapping(DataViewSchema inputSchema, IReadOnlyCollection<DataViewSchema.DetachedColumn> added, IEnumerable<int>? kept = null)
    {
        InputSchema = inputSchema;
        _addedCount = added.Count;
        var columns = added.ToArray();
        _sources = Order(inputSchema, columns, kept ?? Enumerable.Range(0, inputSchema.Count));
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(_sources.Select(s => s >= 0 ? new DataViewSchema.DetachedColumn(inputSchema[s]) : columns[~s]));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>The indices of the input columns that an added column is computed from.</summary>
    protected abstract IEnumerable<int> InputsOf(int added);

    /// <summary>The getter of an added column: a <see cref="ValueGetter{TValue}"/> of its type's raw type.</summary>
    protected abstract Delegate MakeGetter(DataViewRow input, int added);

    /// <summary>The getters of the added columns that are active; null for the others.</summary>
    protected virtual Delegate?[] MakeGetters(DataViewRow input, bool[] active)
    {
        var getters = new Delegate?[active.Length];
        for (var k = 0; k < active.Length; k++)
            if (active[k])
                getters[k] = MakeGetter(input, k);
        return getters;
    }

    /// <summary>The input columns that the active output columns need.</summary>
    public IEnumerable<DataViewSchema.Column> InputsFor(bool[] activeOutputs)
    {
        var needed = new bool[InputSchema.Count];
        for (var i = 0; i < _sources.Length; i++)
        {
            if (!activeOutputs[i])
                continue;
            if (_sources[i] >= 0)
                needed[_sources[i]] = true;
            else
                foreach (var input in InputsOf(~_sources[i]))
                    needed[input] = true;
        }
        return ActiveColumns.Select(InputSchema, needed);
    }

    /// <summary>The columns of one output row or cursor over an input row or cursor.</summary>
    public Binding Bind(DataViewRow input, bool[] activeOutputs) => new(this, input, activeOutputs);

    // An added column that hides an input column comes right after it; the others come last.
    private static int[] Order(DataViewSchema inputSchema, DataViewSchema.DetachedColumn[] added, IEnumerable<int> kept)
    {
        var sources = new List<int>();
        var left = Enumerable.Range(0, added.Length).ToList();
        foreach (var source in kept)
        {
            sources.Add(source);
            if (inputSchema[source].IsHidden)
                continue;
            var hiding = left.FindIndex(k => added[k].Name == inputSchema[source].Name);
            if (hiding < 0)
                continue;
            sources.Add(~left[hiding]);
            left.RemoveAt(hiding);
        }
        sources.AddRange(left.Select(k => ~k));
        return [.. sources];
    }

    internal sealed class Binding
    {
        private readonly RowMapping _mapping;
        private readonly DataViewRow _input;
        private readonly bool[] _active;
        private readonly Delegate?[] _getters;

        public Binding(RowMapping mapping, DataViewRow input, bool[] activeOutputs)
        {
            _mapping = mapping;
            _input = input;
            _active = activeOutputs;
            var added = new bool[mapping._addedCount];
            for (var i = 0; i < mapping._sources.Length; i++)
                if (activeOutputs[i] && mapping._sources[i] < 0)
                    added[~mapping._sources[i]] = true;
            _getters = mapping.MakeGetters(input, added);
        }

        public DataViewSchema Schema => _mapping.OutputSchema;

        public bool IsColumnActive(DataViewSchema.Column column) => ActiveColumns.Has(Schema, _active, column);

        public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ActiveColumns.Check(Schema, _active, column);
            var source = _mapping._sources[column.Index];
            return source >= 0
                ? _input.GetGetter<TValue>(_mapping.InputSchema[source])
                : ActiveColumns.Cast<TValue>(_getters[~source]!, column);
        }
    }
}
