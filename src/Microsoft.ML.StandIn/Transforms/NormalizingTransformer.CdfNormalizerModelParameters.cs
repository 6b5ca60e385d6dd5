namespace Microsoft.ML.Transforms;

public sealed partial class NormalizingTransformer
{
    /// <summary>A cumulative normal distribution.</summary>
    /// <typeparam name="TData">A number, or an immutable array of one a slot.</typeparam>
    public sealed class CdfNormalizerModelParameters<TData> : NormalizerModelParametersBase
    {
        internal CdfNormalizerModelParameters(TData mean, TData standardDeviation, bool useLog)
        {
            Mean = mean;
            StandardDeviation = standardDeviation;
            UseLog = useLog;
        }

        /// <summary>The mean.</summary>
        public TData Mean { get; }

        /// <summary>The standard deviation.</summary>
        public TData StandardDeviation { get; }

        /// <summary>Whether it is the distribution of the logarithm.</summary>
        public bool UseLog { get; }
    }
}
