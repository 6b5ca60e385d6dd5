using System.Runtime.CompilerServices;

namespace MLNetDeep.Cpu.Simd;

/// <summary>Elementary functions on vectors of floats, branch-free, to be inlined into loops.</summary>
/// <remarks>
/// Errors are at most a few units in the last place over the whole range (see the tests for each function's figure),
/// NaN gives NaN, infinities and denormals give what they should. Every lane is computed by the same operations, each
/// rounded the same on all hardware, so a result depends on the argument only: not on the lane, nor on the width.
/// <para>
/// The JIT inlines into one method until that has 512 locals, then calls the remaining operations one by one, which is
/// many times slower. Room is for about 9 of Exp or Sin, 8 of Tanh or Sigmoid, 6 of Log, 5 of Erf, 4 of Softplus, or 300
/// plain operations.
/// </para>
/// </remarks>
internal static class VecMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts, and the same in parts of which the first has few bits.
    private const float Ln2High = 0.693145752f, Ln2Low = 1.42860677e-6f;
    private const float Ln2Short = 0.693359375f, Ln2Rest = -2.12194440e-4f;

    // 1.5 * 2^23: adding it rounds to a whole number, which then stands in the low bits.
    private const float Rounder = 12582912f;
    private const int RounderBits = 0x4B400000;

    private const int OneBits = 0x3F800000;

    // sqrt(1/2), the least mantissa after reduction for a logarithm.
    private const int SqrtHalfBits = 0x3F3504F3;

    /// <summary>e to the power of <paramref name="x"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Exp<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        // Beyond these the result is 0 or infinity anyway. The argument comes second so that a NaN stays.
        x = TVec.Min(TVec.Broadcast(89f), TVec.Max(TVec.Broadcast(-104f), x));
        var p = ReduceExp(x, out var n) + TVec.Broadcast(1f);

        // 2^n in two factors, as n may be outside a float's exponents.
        var half = TVec.ShiftRightInt(n, 1);
        var one = TVec.BroadcastInt(OneBits);
        p *= TVec.AddInt(TVec.ShiftLeftInt(half, 23), one);
        return p * TVec.AddInt(TVec.ShiftLeftInt(TVec.SubInt(n, half), 23), one);
    }

    /// <summary>e to the power of an <paramref name="x"/> that is not positive, as <see cref="Exp"/> but in fewer steps: results less than every normal number are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec ExpNotPositive<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        // From -88 on n is -127, of which the factor is made 0. The argument comes second so that a NaN stays.
        x = TVec.Max(TVec.Broadcast(-88f), x);
        var p = ReduceExp(x, out var n) + TVec.Broadcast(1f);
        return p * TVec.AddInt(TVec.ShiftLeftInt(n, 23), TVec.BroadcastInt(OneBits));
    }

    /// <summary>e to the power of <paramref name="x"/>, minus 1, without cancellation near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Expm1<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        x = TVec.Min(TVec.Broadcast(89f), TVec.Max(TVec.Broadcast(-25f), x));
        var p = ReduceExp(x, out var n);

        // Half of the result first: 2^128 is no float.
        var scale = TVec.AddInt(TVec.ShiftLeftInt(n, 23), TVec.BroadcastInt(OneBits - (1 << 23)));
        p = TVec.FusedMultiplyAdd(scale, p, scale - TVec.Broadcast(0.5f));
        return p + p;
    }

    /// <summary>Natural logarithm: NaN below 0, -∞ at 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Log<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        var denormal = TVec.Less(x, TVec.Broadcast(1.17549435e-38f));
        var scaled = TVec.Select(denormal, x * TVec.Broadcast(8388608f), x);

        var e = TVec.ShiftRightInt(TVec.SubInt(scaled, TVec.BroadcastInt(SqrtHalfBits)), 23);
        var z = TVec.SubInt(scaled, TVec.ShiftLeftInt(e, 23)) - TVec.Broadcast(1f);
        var exponent = TVec.FromInt(e) - (denormal & TVec.Broadcast(23f));
        return LogSpecial(LogOfReduced(z, exponent), x);
    }

    /// <summary>Natural logarithm of 1 + <paramref name="x"/>, accurate near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Log1p<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        var one = TVec.Broadcast(1f);
        var u = one + x;
        var e = TVec.ShiftRightInt(TVec.SubInt(u, TVec.BroadcastInt(SqrtHalfBits)), 23);
        var shifted = TVec.ShiftLeftInt(e, 23);

        // (1 + x) / 2^e - 1, rounded once; where x is so great that 2^-e may be no float, the 1 does not count.
        var scale = TVec.SubInt(one, shifted);
        var z = TVec.Select(
            TVec.Less(x, TVec.Broadcast(1e9f)),
            TVec.FusedMultiplyAdd(x, scale, scale - one),
            TVec.SubInt(u, shifted) - one);
        return LogSpecial(LogOfReduced(z, TVec.FromInt(e)), u);
    }

    /// <summary>Hyperbolic tangent, odd to the last bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Tanh<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        // tanh a = (e^2a - 1) / (e^2a + 1), and 1 from 9.02 on.
        var a = TVec.Min(TVec.Broadcast(10f), TVec.Abs(x));
        var p = ReduceExp(a + a, out var n);
        var scale = TVec.AddInt(TVec.ShiftLeftInt(n, 23), TVec.BroadcastInt(OneBits));
        p = TVec.FusedMultiplyAdd(scale, p, scale - TVec.Broadcast(1f));
        return WithSign(p / (p + TVec.Broadcast(2f)), x);
    }

    /// <summary>1 / (1 + e^-x); 0 below -88.72, where it would be a denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Sigmoid<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        var one = TVec.Broadcast(1f);
        return one / (one + Exp(-x));
    }

    /// <summary>Error function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Erf<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        // Near 0 an odd polynomial, elsewhere 1 - exp(polynomial), which is 1 from 4 on.
        var t = TVec.Min(TVec.Broadcast(4f), TVec.Abs(x));
        var s = t * t;
        var r = TVec.FusedMultiplyAdd(TVec.Broadcast(-1.72853470e-5f), t, TVec.Broadcast(3.83197126e-4f));
        var u = TVec.FusedMultiplyAdd(TVec.Broadcast(-3.88396438e-3f), t, TVec.Broadcast(2.42546219e-2f));
        r = TVec.FusedMultiplyAdd(r, s, u);
        r = TVec.FusedMultiplyAdd(r, t, TVec.Broadcast(-1.06777877e-1f));
        r = TVec.FusedMultiplyAdd(r, t, TVec.Broadcast(-6.34846687e-1f));
        r = TVec.FusedMultiplyAdd(r, t, TVec.Broadcast(-1.28717512e-1f));
        r = TVec.FusedMultiplyAdd(r, t, -t);
        var one = TVec.Broadcast(1f);
        var p = ReduceExp(r, out var n) + one;
        var far = one - (p * TVec.AddInt(TVec.ShiftLeftInt(n, 23), TVec.BroadcastInt(OneBits)));

        var near = TVec.FusedMultiplyAdd(TVec.Broadcast(-5.96761703e-4f), s, TVec.Broadcast(4.99119423e-3f));
        near = TVec.FusedMultiplyAdd(near, s, TVec.Broadcast(-2.67681349e-2f));
        near = TVec.FusedMultiplyAdd(near, s, TVec.Broadcast(1.12819925e-1f));
        near = TVec.FusedMultiplyAdd(near, s, TVec.Broadcast(-3.76125336e-1f));
        near = TVec.FusedMultiplyAdd(near, s, TVec.Broadcast(1.28379166e-1f));
        near = TVec.FusedMultiplyAdd(near, t, t);
        return WithSign(TVec.Select(TVec.Greater(t, TVec.Broadcast(0.927734375f)), far, near), x);
    }

    /// <summary>ln(1 + e^x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Softplus<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        // max(x, 0) + ln(1 + e^-|x|), where the logarithm's argument is between 1 and 2.
        var e = Exp(-TVec.Abs(x));
        var one = TVec.Broadcast(1f);
        var great = TVec.Greater(e, TVec.Broadcast(0.414213562f));
        var scale = TVec.Select(great, TVec.Broadcast(0.5f), one);
        var z = TVec.FusedMultiplyAdd(e, scale, scale - one);
        return TVec.Max(TVec.Zero, x) + LogOfReduced(z, great & one);
    }

    /// <summary>Sine; exact to rounding up to ±100,000, between -1 and 1 beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Sin<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        var r = ReduceAngle(x, out var quadrant);
        return SinOfQuadrant(r, quadrant);
    }

    /// <summary>Cosine; exact to rounding up to ±100,000, between -1 and 1 beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Cos<TVec>(TVec x)
        where TVec : struct, IVec<TVec>
    {
        var r = ReduceAngle(x, out var quadrant);
        return SinOfQuadrant(r, TVec.AddInt(quadrant, TVec.BroadcastInt(1)));
    }

    /// <summary>e^x = 2^n * (1 + result), the result between -0.3 and 0.42.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec ReduceExp<TVec>(TVec x, out TVec n)
        where TVec : struct, IVec<TVec>
    {
        var rounded = TVec.FusedMultiplyAdd(x, TVec.Broadcast(Log2E), TVec.Broadcast(Rounder));
        n = TVec.SubInt(rounded, TVec.BroadcastInt(RounderBits));
        var whole = rounded - TVec.Broadcast(Rounder);
        var r = TVec.FusedMultiplyAdd(whole, TVec.Broadcast(-Ln2High), x);
        r = TVec.FusedMultiplyAdd(whole, TVec.Broadcast(-Ln2Low), r);

        var p = TVec.FusedMultiplyAdd(r, TVec.Broadcast(1.9875691500e-4f), TVec.Broadcast(1.3981999507e-3f));
        p = TVec.FusedMultiplyAdd(p, r, TVec.Broadcast(8.3334519073e-3f));
        p = TVec.FusedMultiplyAdd(p, r, TVec.Broadcast(4.1665795894e-2f));
        p = TVec.FusedMultiplyAdd(p, r, TVec.Broadcast(1.6666665459e-1f));
        p = TVec.FusedMultiplyAdd(p, r, TVec.Broadcast(5.0000001201e-1f));
        return TVec.FusedMultiplyAdd(p, r * r, r);
    }

    /// <summary>ln(1 + z) + exponent * ln 2 for z between sqrt(1/2) - 1 and sqrt(2) - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec LogOfReduced<TVec>(TVec z, TVec exponent)
        where TVec : struct, IVec<TVec>
    {
        var p = TVec.FusedMultiplyAdd(z, TVec.Broadcast(7.0376836292e-2f), TVec.Broadcast(-1.1514610310e-1f));
        p = TVec.FusedMultiplyAdd(p, z, TVec.Broadcast(1.1676998740e-1f));
        p = TVec.FusedMultiplyAdd(p, z, TVec.Broadcast(-1.2420140846e-1f));
        p = TVec.FusedMultiplyAdd(p, z, TVec.Broadcast(1.4249322787e-1f));
        p = TVec.FusedMultiplyAdd(p, z, TVec.Broadcast(-1.6668057665e-1f));
        p = TVec.FusedMultiplyAdd(p, z, TVec.Broadcast(2.0000714765e-1f));
        p = TVec.FusedMultiplyAdd(p, z, TVec.Broadcast(-2.4999993993e-1f));
        p = TVec.FusedMultiplyAdd(p, z, TVec.Broadcast(3.3333331174e-1f));
        var squared = z * z;
        p = p * z * squared;
        p = TVec.FusedMultiplyAdd(exponent, TVec.Broadcast(Ln2Rest), p);
        p = TVec.FusedMultiplyAdd(squared, TVec.Broadcast(-0.5f), p);
        return TVec.FusedMultiplyAdd(exponent, TVec.Broadcast(Ln2Short), z + p);
    }

    /// <summary>A logarithm corrected where its argument is 0, negative, infinite or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec LogSpecial<TVec>(TVec result, TVec argument)
        where TVec : struct, IVec<TVec>
    {
        result = TVec.Select(TVec.Less(argument, TVec.Broadcast(float.PositiveInfinity)), result, argument);
        var rest = TVec.Select(
            TVec.Equal(argument, TVec.Zero), TVec.Broadcast(float.NegativeInfinity), TVec.Broadcast(float.NaN));
        return TVec.Select(TVec.Greater(argument, TVec.Zero), result, rest);
    }

    /// <summary>A value that is not negative, with the sign of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec WithSign<TVec>(TVec value, TVec sign)
        where TVec : struct, IVec<TVec>
        => value | (sign & TVec.BroadcastInt(int.MinValue));

    /// <summary>The rest of an angle after whole quarters of a circle, between -π/4 and π/4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec ReduceAngle<TVec>(TVec x, out TVec quadrant)
        where TVec : struct, IVec<TVec>
    {
        var whole = TVec.Round(x * TVec.Broadcast(0.636619772f));
        quadrant = TVec.ToInt(whole);
        var r = TVec.FusedMultiplyAdd(whole, TVec.Broadcast(-1.57079637f), x);
        r = TVec.FusedMultiplyAdd(whole, TVec.Broadcast(4.37113883e-8f), r);
        r = TVec.FusedMultiplyAdd(whole, TVec.Broadcast(1.71512451e-15f), r);

        // Keeps the result of a huge argument, whose quarters no longer fit, between -1 and 1.
        return TVec.Min(TVec.Broadcast(1f), TVec.Max(TVec.Broadcast(-1f), r));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec SinOfQuadrant<TVec>(TVec r, TVec quadrant)
        where TVec : struct, IVec<TVec>
    {
        var s = r * r;
        var sin = TVec.FusedMultiplyAdd(s, TVec.Broadcast(2.86567956e-6f), TVec.Broadcast(-1.98559923e-4f));
        sin = TVec.FusedMultiplyAdd(sin, s, TVec.Broadcast(8.33338592e-3f));
        sin = TVec.FusedMultiplyAdd(sin, s, TVec.Broadcast(-1.66666672e-1f));
        sin = TVec.FusedMultiplyAdd(sin, r * s, r);
        var cos = TVec.FusedMultiplyAdd(s, TVec.Broadcast(2.44677067e-5f), TVec.Broadcast(-1.38877297e-3f));
        cos = TVec.FusedMultiplyAdd(cos, s, TVec.Broadcast(4.16666567e-2f));
        cos = TVec.FusedMultiplyAdd(cos, s, TVec.Broadcast(-0.5f));
        cos = TVec.FusedMultiplyAdd(cos, s, TVec.Broadcast(1f));

        var odd = TVec.EqualInt(quadrant & TVec.BroadcastInt(1), TVec.BroadcastInt(1));
        var sign = TVec.ShiftLeftInt(quadrant & TVec.BroadcastInt(2), 30);
        return TVec.Select(odd, cos, sin) ^ sign;
    }
}
