using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Layers
{
    /// <summary>The mean of each window over volumes, for each channel.</summary>
    /// <remarks>
    /// Input: (batch, depth, height, width, channels). Output: the same with depth, height and width as the window takes positions: <c>floor((size + padding - pool) / stride) + 1</c> along each axis;
    /// with padding <c>same</c> <c>ceil(size / stride)</c>. Cells of the padding are not counted, as in Keras.
    /// </remarks>
    public sealed record AveragePool3D : SpatialLayer
    {
        /// <summary>The window. Default 2.</summary>
        public Size3D PoolSize { get; init; } = 2;

        /// <summary>Steps of the window. Default null: as large as the window.</summary>
        public Size3D? Strides { get; init; }

        /// <summary>What is put around the input. Default <c>valid</c>: nothing.</summary>
        public Padding Padding { get; init; }

        private protected override int SpatialAxes => 3;

        /// <inheritdoc/>
        protected override Tensor Build(LayerContext context, Tensor x) =>
            Windows.Pool(x, Windows.Over(x, PoolSize.ToArray(), (Strides ?? PoolSize).ToArray(), null, Padding, "pool"), isMax: false);
    }
}

namespace MLNetDeep
{
    public sealed partial class Network
    {
        /// <summary>Appends the mean of each window; see <see cref="Layers.AveragePool3D"/>.</summary>
        /// <param name="poolSize">The window; default 2.</param>
        /// <param name="strides">Steps of the window; default as large as the window.</param>
        /// <param name="padding">What is put around the input: <c>"valid"</c> (nothing), <c>"same"</c>, or numbers of cells.</param>
        /// <param name="name">The layer's name.</param>
        public Network AveragePool3D(Size3D? poolSize = null, Size3D? strides = null, Padding padding = default, string? name = null) => Append(new AveragePool3D
        {
            Name = name,
            PoolSize = poolSize ?? 2,
            Strides = strides,
            Padding = padding,
        });
    }
}
