namespace MLNetDeep.Cpu.Simd;

/// <summary>
/// A vector of floats of some width, so that a kernel is written once and specialised by the JIT for each width.
/// </summary>
/// <remarks>
/// <para>
/// Masks (results of comparisons) and 32-bit integers travel in the same type, as bit patterns: methods ending in
/// <c>Int</c> treat every lane as an int.
/// </para>
/// <para>
/// A kernel does the tail of its data with the same code as the rest, on vectors filled up by
/// <see cref="LoadPartial(float*, int)"/>: an element's result never depends on its position.
/// </para>
/// </remarks>
internal unsafe interface IVec<TSelf>
    where TSelf : struct, IVec<TSelf>
{
    /// <summary>Number of floats; a constant for the JIT.</summary>
    static abstract int Count { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Load(float* source);

    /// <summary>Loads the first <paramref name="count"/> (0 .. Count) floats; the other lanes are 0.</summary>
    static abstract TSelf LoadPartial(float* source, int count);

    void Store(float* target);

    /// <summary>Stores the first <paramref name="count"/> (0 .. Count) floats and touches nothing else.</summary>
    void StorePartial(float* target, int count);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf BroadcastInt(int value);

    /// <summary>The ints 0, 1, 2, ...</summary>
    static abstract TSelf IndicesInt { get; }

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator &(TSelf a, TSelf b);

    static abstract TSelf operator |(TSelf a, TSelf b);

    static abstract TSelf operator ^(TSelf a, TSelf b);

    /// <summary><c>a * b + c</c>, rounded once, whatever the hardware.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary><c>sum = a * b + sum</c>, rounded once, for inner loops: the JIT keeps the sum in its register, where the result of <see cref="FusedMultiplyAdd"/> may be copied there.</summary>
    static abstract void AddProduct(ref TSelf sum, TSelf a, TSelf b);

    /// <summary>The greater; NaN if <paramref name="b"/> is NaN, either one if only <paramref name="a"/> is.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The lesser; NaN if <paramref name="b"/> is NaN, either one if only <paramref name="a"/> is.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf Abs(TSelf a);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>Rounds to the nearest whole number, ties to even.</summary>
    static abstract TSelf Round(TSelf a);

    static abstract TSelf Floor(TSelf a);

    static abstract TSelf Equal(TSelf a, TSelf b);

    static abstract TSelf Less(TSelf a, TSelf b);

    static abstract TSelf LessOrEqual(TSelf a, TSelf b);

    static abstract TSelf Greater(TSelf a, TSelf b);

    static abstract TSelf GreaterOrEqual(TSelf a, TSelf b);

    /// <summary><paramref name="a"/> where the mask's bits are set, <paramref name="b"/> elsewhere.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);

    /// <summary><c>a &amp; ~b</c>.</summary>
    static abstract TSelf AndNot(TSelf a, TSelf b);

    /// <summary>Whether any lane of the mask is set.</summary>
    static abstract bool Any(TSelf mask);

    static abstract TSelf AddInt(TSelf a, TSelf b);

    static abstract TSelf SubInt(TSelf a, TSelf b);

    /// <summary>The low 32 bits of the product.</summary>
    static abstract TSelf MulInt(TSelf a, TSelf b);

    /// <summary>The high 32 bits of the product of unsigned ints.</summary>
    static abstract TSelf MulHighUInt(TSelf a, TSelf b);

    static abstract TSelf ShiftLeftInt(TSelf a, int bits);

    static abstract TSelf ShiftRightInt(TSelf a, int bits);

    static abstract TSelf ShiftRightUInt(TSelf a, int bits);

    static abstract TSelf EqualInt(TSelf a, TSelf b);

    static abstract TSelf LessInt(TSelf a, TSelf b);

    /// <summary>Float to int; the value must be a whole number in an int's range.</summary>
    static abstract TSelf ToInt(TSelf a);

    static abstract TSelf FromInt(TSelf a);

    /// <summary>The sum of the lanes, in an order that depends on the width only.</summary>
    static abstract float Sum(TSelf a);

    /// <summary>The greatest lane; unspecified if one is NaN.</summary>
    static abstract float HorizontalMax(TSelf a);
}
