namespace MLNetDeep.Training.Data;

/// <summary>Random numbers that are the same on every machine and version of .NET (SplitMix64, Steele, Lea and Flood 2014).</summary>
internal struct RandomNumbers(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The number in [0, 1) that belongs to a seed and an index.</summary>
    public static double At(int seed, long index)
    {
        RandomNumbers numbers = new(((ulong)(uint)seed << 32) ^ ((ulong)index * 0x9E3779B97F4A7C15));
        return (numbers.Next() >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A number in [0, <paramref name="limit"/>).</summary>
    public int Next(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
