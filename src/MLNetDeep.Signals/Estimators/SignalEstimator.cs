using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Interop;
using MLNetDeep.Rows;
using MLNetDeep.Signals.Spectra;
using MLNetDeep.Signals.Transformers;

namespace MLNetDeep.Signals.Estimators;

/// <summary>
/// Adds the frames, spectrogram, mel spectrogram or cepstral coefficients of a column of signals; see <c>ml.Transforms.FrameSignal</c>, <c>Spectrogram</c>,
/// <c>MelSpectrogram</c> and <c>Mfcc</c>. There is nothing to learn: fitting checks the data's columns.
/// </summary>
public sealed class SignalEstimator : IEstimator<SignalTransformer>
{
    private readonly SignalTransformer _transformer;

    internal SignalEstimator(SignalSettings settings) => _transformer = new(settings);

    /// <summary>Checks the data's columns.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ArgumentException">The signal column is missing, of another type, or of a length that cannot be cut into frames.</exception>
    public SignalTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The signal column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column column = ColumnRef.Find(inputSchema, _transformer.InputColumnName, "signal");
        SignalTransformer.CheckType(
            column.Name,
            column.ItemType,
            column.Kind != SchemaShape.Column.VectorKind.Scalar,
            column.Kind == SchemaShape.Column.VectorKind.Vector,
            _transformer.Settings);
        return inputSchema.WithColumns(Internals.Column(_transformer.OutputColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false));
    }
}
