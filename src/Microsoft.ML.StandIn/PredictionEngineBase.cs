using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Base of what scores one object at a time.</summary>
/// <typeparam name="TSrc">The class of the examples.</typeparam>
/// <typeparam name="TDst">The class of the predictions.</typeparam>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly ObjectRow<TSrc> _input;
    private readonly DataViewRow _output;
    private readonly Action<TDst> _fill;
    private readonly bool _ownsTransformer;
    private bool _disposed;

    private protected PredictionEngineBase(IHostEnvironment env, ITransformer transformer, bool ignoreMissingColumns,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null, bool ownsTransformer = true)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(transformer);
        Transformer = transformer;
        _ownsTransformer = ownsTransformer;
        var columns = new ObjectColumns<TSrc>(inputSchemaDefinition);
        var mapper = CreateMapper(transformer, columns.Schema);
        OutputSchema = mapper.OutputSchema;
        var filler = new ObjectFiller<TDst>(OutputSchema, ignoreMissingColumns, outputSchemaDefinition);
        _input = new ObjectRow<TSrc>(columns);
        _output = CreateRow(mapper, _input, filler.Columns);
        _fill = filler.Over(_output);
    }

    /// <summary>The columns that predictions are filled from.</summary>
    public DataViewSchema OutputSchema { get; }

    private protected ITransformer Transformer { get; }

    /// <summary>Scores an example.</summary>
    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    /// <summary>Scores an example into an object that may be there already.</summary>
    public abstract void Predict(TSrc example, ref TDst prediction);

    /// <summary>Releases the engine, and the model where the engine owns it.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _output.Dispose();
        if (_ownsTransformer)
            (Transformer as IDisposable)?.Dispose();
    }

    private protected virtual IRowToRowMapper CreateMapper(ITransformer transformer, DataViewSchema schema) => transformer.IsRowToRowMapper
        ? transformer.GetRowToRowMapper(schema)
        : throw new InvalidOperationException("Must be a row to row mapper");

    private protected virtual DataViewRow CreateRow(IRowToRowMapper mapper, DataViewRow input, IEnumerable<DataViewSchema.Column> columns) => mapper.GetRow(input, columns);

    private protected void ExtractValues(TSrc example) => _input.Set(example);

    private protected void FillValues(TDst prediction) => _fill(prediction);
}
