using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Scores one object at a time. Not for use by several threads at once: make one engine for each.</summary>
/// <typeparam name="TSrc">The class of the examples.</typeparam>
/// <typeparam name="TDst">The class of the predictions.</typeparam>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(IHostEnvironment env, ITransformer transformer, bool ignoreMissingColumns,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null, bool ownsTransformer = true)
        : base(env, transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition, ownsTransformer)
    {
    }

    /// <summary>Scores an example into an object that may be there already.</summary>
    public override void Predict(TSrc example, ref TDst prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        prediction ??= new TDst();
        ExtractValues(example);
        FillValues(prediction);
    }
}
