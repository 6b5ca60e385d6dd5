using MLNetDeep.Layers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Generation.Tabular;

/// <summary>The networks of Xu et al. 2019 for an encoded table. Parts of one network that stand alone later have the same names of layers.</summary>
internal static class TabularNetworks
{
    public const string Latent = "latent", Condition = "condition", Row = "row", Deviations = "deviations";

    /// <summary>Makes encoded rows of latent vectors and conditions.</summary>
    /// <param name="encoding">The table.</param>
    /// <param name="options">Sizes.</param>
    /// <param name="pack">How many rows at once, for training; null for one, of shape (width).</param>
    public static Network Generator(TableEncoding encoding, TabularGanTrainer.Options options, int? pack)
    {
        int[] Of(int size) => pack is { } rows ? [rows, size] : [size];
        Network latent = Network.Input(Latent, Of(options.LatentSize));
        Network? condition = encoding.Conditions > 0 ? Network.Input(Condition, Of(encoding.Conditions)) : null;
        Network x = condition is null ? latent : latent.Concatenate(condition);
        L2? decay = options.WeightDecay > 0 ? new(options.WeightDecay / 2) : null;
        for (int i = 0; i < options.GeneratorUnits.Count; i++)
        {
            x = x.Dense(options.GeneratorUnits[i], name: FormattableString.Invariant($"dense_{i}"), kernelRegularizer: decay)
                .BatchNormalization(0.9, 1e-5, FormattableString.Invariant($"normalization_{i}"))
                .Relu()
                .Concatenate(x);
        }

        x = x.Dense(encoding.Width, name: "row_dense", kernelRegularizer: decay);
        if (condition is not null)
            x = Network.Combine(new ConditionPenalty { Numbers = encoding.Numbers, Blocks = encoding.Blocks, Conditioned = encoding.ConditionedBlocks }, x, condition);
        return x.MixedActivation(encoding.Numbers, encoding.Blocks, options.Temperature, Row);
    }

    /// <summary>Scores packs of encoded rows with their conditions.</summary>
    public static Network Discriminator(TableEncoding encoding, TabularGanTrainer.Options options)
    {
        Network x = Network.Input(Row, options.Pack, encoding.Width);
        if (encoding.Conditions > 0)
            x = x.Concatenate(Network.Input(Condition, options.Pack, encoding.Conditions));
        x = x.Flatten();
        foreach (int units in options.DiscriminatorUnits)
            x = x.Dense(units).LeakyRelu(0.2).Dropout(options.Dropout);
        return x.Dense(1);
    }

    /// <summary>The mean latent vector of encoded rows.</summary>
    public static Network Encoder(TableEncoding encoding, TabularVaeTrainer.Options options) => Encode(encoding, options).Mean;

    /// <summary>Encoded rows of latent vectors and conditions.</summary>
    public static Network Decoder(TableEncoding encoding, TabularVaeTrainer.Options options) =>
        Decode(Network.Input(Latent, options.LatentSize), encoding, options).MixedActivation(encoding.Numbers, encoding.Blocks, name: "activation");

    /// <summary>Encoder and decoder as they are trained: logits of rows, and deviations of their numbers.</summary>
    public static Network Autoencoder(TableEncoding encoding, TabularVaeTrainer.Options options)
    {
        (Network mean, Network logVariance) = Encode(encoding, options);
        Network rows = Decode(Network.Combine(new LatentSample { Name = "sample", KlWeight = options.KlWeight }, mean, logVariance), encoding, options);
        return encoding.Numbers > 0 ? rows.Append(new LearnedDeviations { Name = Deviations, Count = encoding.Numbers }) : rows;
    }

    private static (Network Mean, Network LogVariance) Encode(TableEncoding encoding, TabularVaeTrainer.Options options)
    {
        Network x = Layers(Network.Input(Row, encoding.Width), options.EncoderUnits, "encoder", options);
        return (x.Dense(options.LatentSize, name: "mean", kernelRegularizer: Decay(options)), x.Dense(options.LatentSize, name: "log_variance", kernelRegularizer: Decay(options)));
    }

    private static Network Decode(Network latent, TableEncoding encoding, TabularVaeTrainer.Options options)
    {
        Network x = encoding.Conditions > 0 ? latent.Concatenate(Network.Input(Condition, encoding.Conditions)) : latent;
        return Layers(x, options.DecoderUnits, "decoder", options).Dense(encoding.Width, name: "row_dense", kernelRegularizer: Decay(options));
    }

    private static Network Layers(Network x, IReadOnlyList<int> units, string name, TabularVaeTrainer.Options options)
    {
        for (int i = 0; i < units.Count; i++)
            x = x.Dense(units[i], name: FormattableString.Invariant($"{name}_{i}"), kernelRegularizer: Decay(options)).Relu();
        return x;
    }

    private static L2? Decay(TabularVaeTrainer.Options options) => options.WeightDecay > 0 ? new(options.WeightDecay / 2) : null;
}
