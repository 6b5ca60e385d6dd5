using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Interop;
using MLNetDeep.Rows;
using MLNetDeep.Signals.Transformers;

namespace MLNetDeep.Signals.Estimators;

/// <summary>Adds the samples of the sound files that a column names; see <c>ml.Transforms.LoadSounds</c>. There is nothing to learn: fitting checks the data's columns.</summary>
public sealed class SoundLoadingEstimator : IEstimator<SoundLoadingTransformer>
{
    private readonly SoundLoadingTransformer _transformer;

    internal SoundLoadingEstimator(SoundSettings settings) => _transformer = new(settings);

    /// <summary>Checks the data's columns.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ArgumentException">The path column is missing or not text.</exception>
    public SoundLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The path column is missing or not text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column column = ColumnRef.Find(inputSchema, _transformer.InputColumnName, "sound path");
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw new ArgumentException($"The sound path column '{column.Name}' has vectors; expected one path a row.");
        SoundLoadingTransformer.CheckType(column.Name, column.ItemType);
        SchemaShape.Column.VectorKind kind = _transformer.Samples is null ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
        return inputSchema.WithColumns(Internals.Column(_transformer.OutputColumnName, kind, NumberDataViewType.Single, false));
    }
}
