using MLNetDeep.Graphs;

namespace MLNetDeep.Initializers;

/// <summary>Where the first values of a variable come from.</summary>
public abstract record Initializer
{
    /// <summary>Fills <paramref name="values"/> with the initial values of a variable.</summary>
    /// <param name="values">The values, row-major.</param>
    /// <param name="shape">The variable's shape; kernels have their outputs in the last axis and their inputs in the one before (convolutions: window axes first).</param>
    /// <param name="seed">Makes random values repeatable.</param>
    public abstract void Fill(Span<float> values, Shape shape, ulong seed);

    /// <summary>The seed of a variable: a function of the model's seed and the variable's name alone, so that adding a layer leaves the others as they were.</summary>
    public static ulong SeedFor(int seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        // FNV-1a: string.GetHashCode differs between processes.
        ulong hash = 14695981039346656037UL ^ (uint)seed;
        foreach (char c in name)
            hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
