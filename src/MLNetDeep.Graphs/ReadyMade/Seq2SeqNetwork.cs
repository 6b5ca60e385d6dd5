using MLNetDeep.Layers;

namespace MLNetDeep;

/// <summary>
/// A network that reads one sequence and writes another: a bidirectional GRU reads, a GRU writes a token at a time and looks back at what was read
/// by attention (Bahdanau et al. 2015; the attention after the state, as in Luong et al. 2015). See <see cref="Networks.Seq2Seq"/>.
/// </summary>
/// <remarks>
/// Training sees all steps at once, each with the true token before it (teacher forcing). Writing goes step by step: <see cref="Encoder"/> once, then <see cref="Step"/>
/// for each token, from the state that the step before left. The layers are the same, so are the weights.
/// </remarks>
public sealed record Seq2SeqNetwork
{
    /// <summary>Length of the tokens' vectors; at least 1. Default 64.</summary>
    public int Embedding { get; init; } = 64;

    /// <summary>Size of the writer's state, and of the reader's two directions together; even, at least 2. Default 256.</summary>
    public int Units { get; init; } = 256;

    /// <summary>Layers of the reader; at least 1. Default 1.</summary>
    public int EncoderLayers { get; init; } = 1;

    /// <summary>Share dropped while training after embeddings and before the output; at least 0 and less than 1. Default 0.2.</summary>
    public double Dropout { get; init; } = 0.2;

    /// <summary>The network for training: for each target step the id before it (batch, target steps), and source ids (batch, source steps), to probabilities (batch, target steps, classes).</summary>
    /// <param name="sizes">Numbers of ids, classes and steps.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public Network Training(Seq2SeqSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Check();
        Shared layers = new(this, sizes);
        (Network memory, Network state) = Read(layers, sizes);
        return Write(layers, Network.TokenInput(sizes.TargetSteps, "previous"), memory, state)[0];
    }

    /// <summary>What reads: source ids to the memory (batch, source steps, units) and the writer's first state (batch, units).</summary>
    /// <param name="sizes">Numbers of ids, classes and steps.</param>
    public IReadOnlyList<Network> Encoder(Seq2SeqSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Check();
        (Network memory, Network state) = Read(new(this, sizes), sizes);
        return [memory, state];
    }

    /// <summary>
    /// What writes one token: the inputs <c>previous</c> (batch, 1), <c>state</c> (batch, units) and <c>memory</c> (batch, source steps, units)
    /// to probabilities (batch, 1, classes) and the next state (batch, units).
    /// </summary>
    /// <param name="sizes">Numbers of ids, classes and steps.</param>
    public IReadOnlyList<Network> Step(Seq2SeqSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        Check();
        Network memory = Network.Input("memory", sizes.SourceSteps, Units).Masking(name: "memory_masking");
        return Write(new(this, sizes), Network.TokenInput(1, "previous"), memory, Network.Input("state", Units));
    }

    private void Check()
    {
        if (Embedding < 1 || Units < 2 || Units % 2 != 0 || EncoderLayers < 1 || Dropout is not (>= 0 and < 1))
            throw new ArgumentException($"Seq2Seq: Embedding {Embedding} and EncoderLayers {EncoderLayers} must be at least 1, Units {Units} even and at least 2, Dropout {Dropout} at least 0 and less than 1.");
    }

    private (Network Memory, Network State) Read(Shared layers, Seq2SeqSizes sizes)
    {
        Network read = Network.TokenInput(sizes.SourceSteps, "source").Append(layers.SourceEmbedding);
        if (Dropout > 0)
            read = read.Dropout(Dropout, "source_dropout");
        foreach (Layer reader in layers.Readers)
            read = read.Append(reader);
        Network state = read.LayerOutput(1).Concatenate(read.LayerOutput(2)).Append(layers.FirstState).Tanh("first_state_tanh");

        // Padded steps become zeros, by which a step of writing knows them again.
        return (read.Masking(name: "source_masking"), state);
    }

    private IReadOnlyList<Network> Write(Shared layers, Network previous, Network memory, Network state)
    {
        Network words = previous.Append(layers.TargetEmbedding);
        if (Dropout > 0)
            words = words.Dropout(Dropout, "target_dropout");
        Network written = Network.Combine(layers.Writer, words, state);
        Network seen = Network.Combine(layers.Attention, written.Append(layers.Query), memory);
        Network answer = written.Concatenate(seen).Append(layers.Answer).Tanh("answer_tanh");
        if (Dropout > 0)
            answer = answer.Dropout(Dropout, "answer_dropout");
        return [answer.Append(layers.Output), written.LayerOutput(1)];
    }

    // The layers that have weights, under names that do not depend on what else is there.
    private sealed class Shared(Seq2SeqNetwork own, Seq2SeqSizes sizes)
    {
        public Layer SourceEmbedding { get; } = new Embedding { Name = "source_embedding", InputDim = sizes.SourceIds, OutputDim = own.Embedding, MaskZero = true };

        public Layer[] Readers { get; } =
        [
            .. Enumerable.Range(0, own.EncoderLayers).Select(i => new Bidirectional
            {
                Name = $"reader_{i}",
                Layer = new Gru { Units = own.Units / 2, ReturnSequences = true, ReturnState = i == own.EncoderLayers - 1 },
            }),
        ];

        public Layer FirstState { get; } = new Dense { Name = "first_state", Units = own.Units };

        public Layer TargetEmbedding { get; } = new Embedding { Name = "target_embedding", InputDim = sizes.TargetIds, OutputDim = own.Embedding };

        public Layer Writer { get; } = new Gru { Name = "writer", Units = own.Units, ReturnSequences = true, ReturnState = true, TakesState = true };

        public Layer Query { get; } = new Dense { Name = "query", Units = own.Units };

        public Layer Attention { get; } = new Attention { Name = "attention" };

        public Layer Answer { get; } = new Dense { Name = "answer", Units = own.Units };

        public Layer Output { get; } = new ClassOutput { Name = "output", Classes = sizes.Classes };
    }
}
