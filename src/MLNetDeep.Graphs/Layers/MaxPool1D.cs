using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The largest element of each window over sequences, for each channel.</summary>
    /// <remarks>
    /// Input: (batch, steps, channels). Output: the same with steps as the window takes positions: <c>floor((size + padding - pool) / stride) + 1</c> along each axis;
    /// with padding <c>same</c> <c>ceil(size / stride)</c>. Cells of the padding, and masked steps, are never the largest; a window of masked steps alone gives 0 and is masked itself. (Keras leaves masked steps in and drops the mask.)
    /// </remarks>
    public sealed record MaxPool1D : SpatialLayer
    {
        /// <summary>The window. Default 2.</summary>
        public int PoolSize { get; init; } = 2;

        /// <summary>Steps of the window. Default null: as large as the window.</summary>
        public int? Strides { get; init; }

        /// <summary>What is put around the input. Default <c>valid</c>: nothing.</summary>
        public Padding Padding { get; init; }

        private protected override int SpatialAxes => 1;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) =>
            Windows.Pool(x, Window(x), isMax: true);

        private protected override MaskedTensor BuildMasked(LayerContext context, MaskedTensor x) =>
            MaskedSteps.Pool(x.Value, x.Mask!, Window(x.Value)[0], isMax: true);

        private Graphs.Definitions.WindowAxis[] Window(Tensor x) => Windows.Over(x, [PoolSize], [Strides ?? PoolSize], null, Padding, "pool");
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends the largest element of each window; see <see cref="Layers.MaxPool1D"/>.</summary>
        /// <param name="poolSize">The window; default 2.</param>
        /// <param name="strides">Steps of the window; default as large as the window.</param>
        /// <param name="padding">What is put around the input: <c>"valid"</c> (nothing), <c>"same"</c>, or numbers of cells.</param>
        /// <param name="name">The layer's name.</param>
        public Network MaxPool1D(int poolSize = 2, int? strides = null, Padding padding = default, string? name = null) => Append(new MaxPool1D
        {
            Name = name,
            PoolSize = poolSize,
            Strides = strides,
            Padding = padding,
        });
    }
}
