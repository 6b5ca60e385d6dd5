namespace MLNetDeep;

/// <summary>What the layers of <see cref="Networks.LanguageModel"/> are.</summary>
public enum LanguageModelKind
{
    /// <summary>Gated recurrent units.</summary>
    Gru,

    /// <summary>Long short-term memory.</summary>
    Lstm,

    /// <summary>Self-attention in which a token looks at itself and those before it only.</summary>
    Transformer,
}
