using MLNetDeep.Layers;

namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>
    /// A network that says at each token what comes next: vectors of tokens, layers that look back only, and probabilities (batch, tokens, vocabulary).
    /// The vocabulary and the number of tokens looked at come from the trainer.
    /// </summary>
    /// <param name="kind">What the layers are. A Transformer has positions added to its vectors, pre-norm layers, and a normalisation after the last (as GPT-2 has).</param>
    /// <param name="width">Length of the tokens' vectors and size of each layer. Default 256.</param>
    /// <param name="layers">Number of layers. Default 1.</param>
    /// <param name="heads">Number of a Transformer's attention heads, a divisor of the width; unused by others. Default 4.</param>
    /// <param name="dropout">Share dropped while training, after the vectors and after each layer. Default 0.2.</param>
    /// <exception cref="ArgumentException">A size is less than 1, a Transformer's width no multiple of the heads, the dropout not in [0, 1), or there is no such kind.</exception>
    /// <example><c>ml.MulticlassClassification.Trainers.LanguageModel(Networks.LanguageModel(LanguageModelKind.Lstm, width: 128), "Characters")</c></example>
    public static Network LanguageModel(LanguageModelKind kind = LanguageModelKind.Gru, int width = 256, int layers = 1, int heads = 4, double dropout = 0.2)
    {
        CheckTransformer(nameof(LanguageModel), width, kind == LanguageModelKind.Transformer ? heads : 1, layers, null, dropout);
        Network network = Network.TokenInput().Embedding(null, width, maskZero: true);
        switch (kind)
        {
            case LanguageModelKind.Gru or LanguageModelKind.Lstm:
                network = WithDropout(network, dropout);
                for (int i = 0; i < layers; i++)
                    network = WithDropout(kind == LanguageModelKind.Gru ? network.Gru(width, returnSequences: true) : network.Lstm(width, returnSequences: true), dropout);
                return network.TaskOutput();
            case LanguageModelKind.Transformer:
                network = WithDropout(network.PositionEmbedding(), dropout);
                for (int i = 0; i < layers; i++)
                {
                    network = network.Append(new TransformerEncoder
                    {
                        IntermediateDim = 4 * width,
                        NumHeads = heads,
                        Dropout = (float)dropout,
                        Activation = new Gelu(),
                        NormalizeFirst = true,
                        UseCausalMask = true,
                    });
                }

                return network.LayerNormalization(1e-5).TaskOutput();
            default:
                throw new ArgumentException($"There is no LanguageModelKind {(int)kind}.", nameof(kind));
        }
    }
}
