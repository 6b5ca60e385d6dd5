using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Base of trainers that learn from one feature column.</summary>
/// <typeparam name="TTransformer">What scores with the model.</typeparam>
/// <typeparam name="TModel">The kind of model.</typeparam>
public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    /// <summary>The feature column that is expected.</summary>
    public readonly SchemaShape.Column FeatureColumn;

    /// <summary>The label column that is expected.</summary>
    public readonly SchemaShape.Column LabelColumn;

    /// <summary>The weight column that is expected, if any.</summary>
    public readonly SchemaShape.Column WeightColumn;

    private protected readonly IHost Host;

    private protected TrainerEstimatorBase(IHost host, SchemaShape.Column feature, SchemaShape.Column label, SchemaShape.Column weight)
        => (Host, FeatureColumn, LabelColumn, WeightColumn) = (host, feature, label, weight);

    /// <inheritdoc/>
    public abstract TrainerInfo Info { get; }

    /// <inheritdoc/>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));
        return Train(input);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Check(inputSchema, FeatureColumn, "feature");
        if (WeightColumn.IsValid)
            Check(inputSchema, WeightColumn, "weight");
        Check(inputSchema, LabelColumn, "label");
        return inputSchema.With(OutputColumns(inputSchema));
    }

    private protected abstract IEnumerable<SchemaShape.Column> OutputColumns(SchemaShape inputSchema);

    private protected abstract TTransformer Train(IDataView data);

    private static void Check(SchemaShape inputSchema, SchemaShape.Column expected, string role)
    {
        if (!inputSchema.TryFindColumn(expected.Name, out var found))
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Could not find {role} column '{expected.Name}'");
        if (!expected.IsCompatibleWith(found))
            throw Shapes.Mismatch(role, expected.Name, expected.GetTypeString(), found.GetTypeString());
    }
}
