namespace MLNetDeep.Cpu.Kernels;

/// <summary>Attention of several heads: query (batch, steps, heads, size), key (batch, sources, heads, size), value (batch, sources, heads, value size).</summary>
/// <param name="Batch">Rows of the batch.</param>
/// <param name="Heads">Heads.</param>
/// <param name="Steps">Steps of the query.</param>
/// <param name="Sources">Steps of key and value.</param>
/// <param name="Size">Size of a head's queries and keys.</param>
/// <param name="ValueSize">Size of a head's values.</param>
/// <param name="Scale">What products of queries and keys are multiplied by.</param>
/// <param name="Causal">Whether step i sees the sources up to i only.</param>
/// <param name="Rate">The share of weights that drop out.</param>
/// <param name="Seed">Seed of the dropout.</param>
internal readonly record struct AttentionShape(
    int Batch, int Heads, int Steps, int Sources, int Size, int ValueSize, float Scale, bool Causal, float Rate, ulong Seed)
{
    /// <summary>Floats from a step of a head's queries, or keys, to the next.</summary>
    public long Row => (long)Heads * Size;

    /// <summary>Floats from a step of a head's values to the next.</summary>
    public long ValueRow => (long)Heads * ValueSize;
}
