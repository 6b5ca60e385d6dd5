namespace Microsoft.ML;

public abstract partial class TrainCatalogBase
{
    /// <summary>What one fold of a cross-validation gave.</summary>
    /// <typeparam name="T">The metrics.</typeparam>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        /// <summary>The model that was fitted on the other folds.</summary>
        public readonly ITransformer Model;

        /// <summary>Its metrics on the fold.</summary>
        public readonly T Metrics;

        /// <summary>The fold with the model's columns.</summary>
        public readonly IDataView ScoredHoldOutSet;

        /// <summary>The fold's index.</summary>
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scores;
            Fold = fold;
        }
    }
}
