using Microsoft.ML;

namespace MLNetDeep.Evaluation;

/// <summary>What one fold of a cross-validation gave.</summary>
/// <typeparam name="TMetrics">The figures.</typeparam>
/// <param name="Repeat">Which dealing out, from 0.</param>
/// <param name="Fold">Which fold, from 0.</param>
/// <param name="Model">The model that was fitted on the other folds.</param>
/// <param name="Metrics">Its figures on this one.</param>
/// <param name="ScoredTestSet">The fold's rows with the model's columns.</param>
public sealed record FoldResult<TMetrics>(int Repeat, int Fold, ITransformer Model, TMetrics Metrics, IDataView ScoredTestSet)
    where TMetrics : DetailedMetrics;
