using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.TimeSeries;

/// <summary>Predicts one observation after another with a model whose state each of them moves on. Not for use by several threads at once.</summary>
/// <typeparam name="TSrc">The class of the examples.</typeparam>
/// <typeparam name="TDst">The class of the predictions.</typeparam>
public sealed class TimeSeriesPredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    private Action<PingerArgument>? _pinger;
    private long _position;

    /// <summary>Creates an engine.</summary>
    public TimeSeriesPredictionEngine(IHostEnvironment env, ITransformer transformer, bool ignoreMissingColumns,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        : base(env, Clone(transformer), ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition)
    {
    }

    internal TimeSeriesPredictionEngine(IHostEnvironment env, ITransformer transformer, PredictionEngineOptions options)
        : base(env, Clone(transformer), options.IgnoreMissingColumns, options.InputSchemaDefinition, options.OutputSchemaDefinition, options.OwnsTransformer)
    {
    }

    /// <summary>Saves the model with its present state.</summary>
    public void CheckPoint(IHostEnvironment env, string modelPath)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        using var stream = File.Create(modelPath);
        CheckPoint(env, stream);
    }

    /// <summary>Saves the model with its present state.</summary>
    public void CheckPoint(IHostEnvironment env, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(env);
        new ModelOperationsCatalog(env).Save(Transformer, null, stream);
    }

    /// <summary>Takes an observation and predicts what follows.</summary>
    public override void Predict(TSrc example, ref TDst prediction)
    {
        TDst? filled = prediction;
        Predict(example, ref filled, null, null);
    }

    /// <summary>Takes an observation, unless it is null, and predicts what follows, unless the prediction is null.</summary>
    public void Predict(TSrc? example, ref TDst? prediction, int? horizon = null, float? confidenceLevel = null)
    {
        if (example is null && prediction is null)
            return;
        if (example is not null)
            ExtractValues(example);
        _pinger?.Invoke(new()
        {
            RowPosition = _position,
            DontConsumeSource = example is null,
            Horizon = horizon,
            ConfidenceLevel = confidenceLevel,
        });
        if (prediction is not null)
            FillValues(prediction);
        if (example is not null)
            _position++;
    }

    /// <summary>Takes an observation and predicts what follows.</summary>
    public TDst Predict(TSrc example, int? horizon = null, float? confidenceLevel = null)
    {
        TDst? prediction = new();
        Predict(example, ref prediction, horizon, confidenceLevel);
        return prediction!;
    }

    /// <summary>Predicts what follows the observations so far.</summary>
    public TDst Predict(int? horizon = null, float? confidenceLevel = null)
    {
        TDst? prediction = new();
        Predict(null, ref prediction, horizon, confidenceLevel);
        return prediction!;
    }

    private protected override IRowToRowMapper CreateMapper(ITransformer transformer, DataViewSchema schema)
    {
        if (transformer is not ITransformerChainAccessor chain)
            return MapperOf(transformer, schema);
        DataViewSchema input = schema;
        List<IRowToRowMapper> mappers = [];
        foreach (ITransformer step in chain.Transformers)
        {
            mappers.Add(MapperOf(step, schema));
            schema = mappers[^1].OutputSchema;
        }

        return new ChainMapper(input, [.. mappers]);
    }

    private protected override DataViewRow CreateRow(IRowToRowMapper mapper, DataViewRow input, IEnumerable<DataViewSchema.Column> columns)
    {
        // All of the mapper's columns, as there: a state must move on whatever is read of it.
        if (mapper is ChainMapper chain)
            return chain.GetRow(input, mapper.OutputSchema, Note);
        DataViewRow row = mapper.GetRow(input, mapper.OutputSchema);
        Note(row);
        return row;
    }

    private void Note(DataViewRow row)
    {
        if (row is StatefulRow stateful)
            _pinger += stateful.GetPinger();
    }

    private static IRowToRowMapper MapperOf(ITransformer transformer, DataViewSchema schema) => transformer switch
    {
        IStatefulTransformer stateful => stateful.GetStatefulRowToRowMapper(schema),
        { IsRowToRowMapper: true } => transformer.GetRowToRowMapper(schema),
        _ => throw new ArgumentException("Must be a row to row mapper or IStatefulTransformer", nameof(transformer)),
    };

    private static ITransformer Clone(ITransformer transformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return transformer is ITransformerChainAccessor chain
            ? new TransformerChain<ITransformer>(chain.Transformers.Select(t => t is IStatefulTransformer stateful ? stateful.Clone() : t), chain.Scopes)
            : transformer is IStatefulTransformer one ? one.Clone() : transformer;
    }
}
