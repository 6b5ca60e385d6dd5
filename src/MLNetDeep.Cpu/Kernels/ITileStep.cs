namespace MLNetDeep.Cpu.Kernels;

/// <summary>Floats from an element of a row to the next in <see cref="TileSums"/>: a constant for the JIT.</summary>
internal interface ITileStep
{
    /// <summary>0 where the step is not known beforehand.</summary>
    static abstract int Value { get; }

    /// <summary>Elements side by side.</summary>
    readonly struct One : ITileStep
    {
        public static int Value => 1;
    }

    /// <summary>Any step.</summary>
    readonly struct Any : ITileStep
    {
        public static int Value => 0;
    }
}
