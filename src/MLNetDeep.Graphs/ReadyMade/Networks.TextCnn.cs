using MLNetDeep.Initializers;

namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>
    /// A convolutional network for text (Kim 2014): windows of several lengths move over the tokens' vectors, and of each filter the strongest answer counts;
    /// then dropout and the output the task calls for.
    /// </summary>
    /// <param name="vocabulary">Number of token ids; 0 is padding. Default: as many as the data has.</param>
    /// <param name="length">Number of tokens in a row. Default: as many as the data has.</param>
    /// <param name="embedding">Length of the tokens' vectors. Default 128.</param>
    /// <param name="windows">Lengths of the windows. Default 3, 4 and 5.</param>
    /// <param name="filters">Filters for each window. Default 100.</param>
    /// <param name="dropout">Share dropped before the output while training. Default 0.5.</param>
    /// <exception cref="ArgumentException">A size is less than 1 or the dropout not in [0, 1).</exception>
    /// <example><c>Networks.TextCnn(embedding: 64)</c></example>
    public static Network TextCnn(int? vocabulary = null, int? length = null, int embedding = 128, IReadOnlyList<int>? windows = null, int filters = 100, double dropout = 0.5)
    {
        windows ??= [3, 4, 5];
        if (vocabulary < 1 || length < 1 || embedding < 1 || filters < 1 || windows.Count == 0 || windows.Any(w => w < 1))
            throw new ArgumentException($"TextCnn: vocabulary {vocabulary}, length {length}, embedding {embedding}, filters {filters}, windows [{string.Join(", ", windows)}]; expected each at least 1.");
        if (dropout is not (>= 0 and < 1))
            throw new ArgumentException($"TextCnn: dropout is {dropout}, expected at least 0 and less than 1.", nameof(dropout));
        Network tokens = Network.TokenInput(length).Embedding(vocabulary, embedding);

        // Padded, so that texts shorter than a window can be read too.
        Network[] strongest = [.. windows.Select(w => tokens.Conv1D(filters, w, padding: Padding.Same, kernelInitializer: new HeUniform()).Relu().GlobalMaxPool1D())];
        Network features = strongest.Length == 1 ? strongest[0] : strongest[0].Concatenate(strongest[1..]);
        return WithDropout(features, dropout).TaskOutput();
    }
}
