using MLNetDeep.Layers;

namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>
    /// A Transformer encoder for texts and other sequences of tokens (Vaswani et al. 2017): vectors of tokens and positions, pre-norm layers of self-attention, the mean of
    /// the real steps, and the output the task calls for.
    /// </summary>
    /// <param name="vocabulary">Number of token ids; 0 is padding.</param>
    /// <param name="length">Number of tokens in a row. Default: as many as the data has.</param>
    /// <param name="width">Length of the vectors. Default 128.</param>
    /// <param name="heads">Number of attention heads, a divisor of the width. Default 4.</param>
    /// <param name="layers">Number of layers. Default 2.</param>
    /// <param name="feedForward">Size of the layers' hidden part. Default: four times the width.</param>
    /// <param name="dropout">Share dropped while training. Default 0.1.</param>
    /// <exception cref="ArgumentException">A size is less than 1, the width no multiple of the heads, or the dropout not in [0, 1).</exception>
    /// <example><c>Networks.Transformer(vocabulary: 10000)</c></example>
    public static Network Transformer(int vocabulary, int? length = null, int width = 128, int heads = 4, int layers = 2, int? feedForward = null, double dropout = 0.1)
    {
        if (vocabulary < 1 || length < 1)
            throw new ArgumentException($"Transformer: vocabulary {vocabulary}, length {length}; expected each at least 1.");
        CheckTransformer("Transformer", width, heads, layers, feedForward, dropout);
        Network network = Network.TokenInput(length).Embedding(vocabulary, width, maskZero: true).PositionEmbedding();
        return Encoder(network, width, heads, layers, feedForward, dropout);
    }

    /// <summary>
    /// A Transformer encoder for sequences of numbers, such as signals and series: each step brought to the width, waves of the position added, pre-norm layers of self-attention,
    /// the mean of the steps, and the output the task calls for.
    /// </summary>
    /// <param name="steps">Number of steps in a row. Default: those of the data, whose column must then say so itself; a flat vector does not.</param>
    /// <param name="features">Numbers in a step. Default 1. Without steps the data's.</param>
    /// <param name="width">Length of the vectors. Default 128.</param>
    /// <param name="heads">Number of attention heads, a divisor of the width. Default 4.</param>
    /// <param name="layers">Number of layers. Default 2.</param>
    /// <param name="feedForward">Size of the layers' hidden part. Default: four times the width.</param>
    /// <param name="dropout">Share dropped while training. Default 0.1.</param>
    /// <exception cref="ArgumentException">A size is less than 1, the width no multiple of the heads, or the dropout not in [0, 1).</exception>
    /// <example><c>Networks.SeriesTransformer(steps: 128, features: 6)</c></example>
    public static Network SeriesTransformer(int? steps = null, int features = 1, int width = 128, int heads = 4, int layers = 2, int? feedForward = null, double dropout = 0.1)
    {
        CheckTransformer("SeriesTransformer", width, heads, layers, feedForward, dropout);
        return Encoder(Series("SeriesTransformer", steps, features).Dense(width).SinePositionEncoding(), width, heads, layers, feedForward, dropout);
    }

    private static Network Series(string network, int? steps, int features)
    {
        if (steps < 1 || features < 1)
            throw new ArgumentException($"{network}: steps {steps}, features {features}; expected each at least 1.");
        return steps is { } given ? Network.Input(given, features) : Network.Input();
    }

    private static Network Encoder(Network network, int width, int heads, int layers, int? feedForward, double dropout)
    {
        network = WithDropout(network, dropout);
        for (int i = 0; i < layers; i++)
            network = network.TransformerEncoder(feedForward ?? 4 * width, heads, dropout, new Gelu(), normalizeFirst: true);
        return WithDropout(network.LayerNormalization(1e-5).GlobalAveragePool1D(name: "features"), dropout).TaskOutput();
    }

    private static void CheckTransformer(string network, int width, int heads, int layers, int? feedForward, double dropout)
    {
        if (width < 1 || heads < 1 || layers < 1 || feedForward < 1)
            throw new ArgumentException($"{network}: width {width}, heads {heads}, layers {layers}, feedForward {feedForward}; expected each at least 1.");
        if (width % heads != 0)
            throw new ArgumentException($"{network}: width is {width}, expected a multiple of the {heads} heads.", nameof(width));
        if (dropout is not (>= 0 and < 1))
            throw new ArgumentException($"{network}: dropout is {dropout}, expected at least 0 and less than 1.", nameof(dropout));
    }
}
