using MLNetDeep.Layers;

namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>
    /// Layers of long short-term memory, then dropout and the output the task calls for: for rows of tokens (<paramref name="vocabulary"/>) or of numbers at each step
    /// (<paramref name="steps"/> and <paramref name="features"/>).
    /// </summary>
    /// <param name="vocabulary">Number of token ids; 0 is padding, which is skipped. Default null: the steps have numbers.</param>
    /// <param name="steps">Number of steps or tokens in a row. Default null for tokens: as many as the data has.</param>
    /// <param name="features">Numbers at each step, where there is no vocabulary.</param>
    /// <param name="units">Size of each layer's state. Default one layer of 128.</param>
    /// <param name="embedding">Length of the tokens' vectors. Default 128.</param>
    /// <param name="dropout">Share dropped after each layer while training. Default 0.2.</param>
    /// <exception cref="ArgumentException">A size is less than 1, the dropout not in [0, 1), or it is not said what a row is.</exception>
    /// <example><c>Networks.Lstm(vocabulary: 10000)</c>, <c>Networks.Lstm(steps: 48, features: 8, units: [64, 64])</c></example>
    public static Network Lstm(
        int? vocabulary = null, int? steps = null, int? features = null, IReadOnlyList<int>? units = null, int embedding = 128, double dropout = 0.2) =>
        Recurrent(nameof(Lstm), vocabulary, steps, features, units, embedding, dropout, (u, sequences) => new Lstm { Units = u, ReturnSequences = sequences });

    /// <summary>As <see cref="Lstm"/>, of gated recurrent units: fewer weights, about as good.</summary>
    /// <param name="vocabulary">Number of token ids; 0 is padding, which is skipped. Default null: the steps have numbers.</param>
    /// <param name="steps">Number of steps or tokens in a row. Default null for tokens: as many as the data has.</param>
    /// <param name="features">Numbers at each step, where there is no vocabulary.</param>
    /// <param name="units">Size of each layer's state. Default one layer of 128.</param>
    /// <param name="embedding">Length of the tokens' vectors. Default 128.</param>
    /// <param name="dropout">Share dropped after each layer while training. Default 0.2.</param>
    /// <exception cref="ArgumentException">A size is less than 1, the dropout not in [0, 1), or it is not said what a row is.</exception>
    public static Network Gru(
        int? vocabulary = null, int? steps = null, int? features = null, IReadOnlyList<int>? units = null, int embedding = 128, double dropout = 0.2) =>
        Recurrent(nameof(Gru), vocabulary, steps, features, units, embedding, dropout, (u, sequences) => new Gru { Units = u, ReturnSequences = sequences });

    /// <summary>As <see cref="Lstm"/>, each layer reading in both directions: for rows that are there as a whole, such as texts.</summary>
    /// <param name="vocabulary">Number of token ids; 0 is padding, which is skipped. Default null: the steps have numbers.</param>
    /// <param name="steps">Number of steps or tokens in a row. Default null for tokens: as many as the data has.</param>
    /// <param name="features">Numbers at each step, where there is no vocabulary.</param>
    /// <param name="units">Size of each layer's state in each direction. Default one layer of 128.</param>
    /// <param name="embedding">Length of the tokens' vectors. Default 128.</param>
    /// <param name="dropout">Share dropped after each layer while training. Default 0.2.</param>
    /// <exception cref="ArgumentException">A size is less than 1, the dropout not in [0, 1), or it is not said what a row is.</exception>
    public static Network BiLstm(
        int? vocabulary = null, int? steps = null, int? features = null, IReadOnlyList<int>? units = null, int embedding = 128, double dropout = 0.2) =>
        Recurrent(nameof(BiLstm), vocabulary, steps, features, units, embedding, dropout, (u, sequences) => new Bidirectional { Layer = new Lstm { Units = u, ReturnSequences = sequences } });

    private static Network Recurrent(
        string name, int? vocabulary, int? steps, int? features, IReadOnlyList<int>? units, int embedding, double dropout, Func<int, bool, Layer> layer)
    {
        units ??= [128];
        if (vocabulary < 1 || steps < 1 || features < 1 || embedding < 1 || units.Count == 0 || units.Any(u => u < 1))
        {
            throw new ArgumentException(
                $"{name}: vocabulary {vocabulary}, steps {steps}, features {features}, units [{string.Join(", ", units)}], embedding {embedding}; expected each given one at least 1, and one layer at least.");
        }

        if (dropout is not (>= 0 and < 1))
            throw new ArgumentException($"{name}: dropout is {dropout}, expected at least 0 and less than 1.", nameof(dropout));
        if (vocabulary is null ? steps is null || features is null : features is not null)
            throw new ArgumentException($"{name}: give either vocabulary, for rows of tokens, or steps and features, for rows of numbers.");
        Network network = vocabulary is { } ids ? Network.TokenInput(steps).Embedding(ids, embedding, maskZero: true) : Network.Input(steps!.Value, features!.Value);
        for (int i = 0; i < units.Count; i++)
            network = WithDropout(network.Append(layer(units[i], i < units.Count - 1)), dropout);
        return network.TaskOutput();
    }
}
