using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Explanations;
using MLNetDeep.Interop;
using MLNetDeep.Rows;
using MLNetDeep.Transformers;

namespace MLNetDeep.Estimators;

/// <summary>
/// Adds a column that shows what a trained network sees in each row's picture; see <c>ml.Transforms.GradCam</c>, <c>OcclusionMap</c> and <c>ActivationMaps</c>.
/// There is nothing left to learn: fitting checks that the data has the columns that the network takes.
/// </summary>
public sealed class ImageExplanationEstimator : IEstimator<ImageExplanationTransformer>
{
    private readonly NeuralNetworkTransformer _model;
    private readonly ImageExplanationTransformer _transformer;

    internal ImageExplanationEstimator(IHostEnvironment env, NeuralNetworkTransformer model, string outputColumnName, ExplanationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        _model = model;
        _transformer = new(model.File, settings, outputColumnName, model.Engine);
    }

    /// <summary>Checks the data's columns.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ArgumentException">A column that the network takes is missing or of another type; it is named.</exception>
    public ImageExplanationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _transformer.GetOutputSchema(input.Schema);
        return _transformer;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column that the network takes is missing or of another type; it is named.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (FeatureColumn feature in _model.Features)
            FeatureColumn.Check(inputSchema, feature.Name, feature.DType);
        return inputSchema.WithColumns(Internals.Column(_transformer.OutputColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false));
    }
}
