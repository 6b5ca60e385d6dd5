namespace MLNetDeep.Tasks;

/// <summary>What the network gives for the present row.</summary>
internal abstract class Scores
{
    /// <summary>The network's output.</summary>
    public abstract ReadOnlySpan<float> Output { get; }

    /// <summary>Where the first feature is a sequence, its number of tokens, those included that were left out.</summary>
    public abstract int Length { get; }

    /// <summary>What went into the sigmoid that made the output; empty if there is none.</summary>
    public abstract ReadOnlySpan<float> Logits { get; }

    /// <summary>The output of the layer that the task also wants; empty if it wants none.</summary>
    public abstract ReadOnlySpan<float> Inner { get; }
}
