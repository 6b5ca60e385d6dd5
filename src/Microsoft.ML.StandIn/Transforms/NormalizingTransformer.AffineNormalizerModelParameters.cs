namespace Microsoft.ML.Transforms;

public sealed partial class NormalizingTransformer
{
    /// <summary>An affine function: (value - offset) * scale.</summary>
    /// <typeparam name="TData">A number, or an immutable array of one a slot.</typeparam>
    public sealed class AffineNormalizerModelParameters<TData> : NormalizerModelParametersBase
    {
        internal AffineNormalizerModelParameters(TData scale, TData offset)
        {
            Scale = scale;
            Offset = offset;
        }

        /// <summary>What a value is multiplied by.</summary>
        public TData Scale { get; }

        /// <summary>What is subtracted from it before; empty for a vector from which nothing is.</summary>
        public TData Offset { get; }
    }
}
