using System.Runtime.CompilerServices;

namespace MLNetDeep.Initializers;

/// <summary>
/// Random numbers as a function of seed and position alone (SplitMix64, Steele, Lea and Flood 2014), in operations that round the same
/// on every machine: no library logarithm, cosine or fused multiply-add comes in.
/// </summary>
internal readonly struct CounterRandom(ulong seed)
{
    /// <summary>Standard deviation of a standard normal distribution cut off at ±2.</summary>
    public const double TruncatedDeviation = 0.87962566103423978;

    // Lower tail of the standard normal distribution at -2.
    private const double TailAtMinusTwo = 0.022750131948179207;

    private readonly ulong _start = Mix(seed ^ 0x9E3779B97F4A7C15UL);

    /// <summary>Uniform in (0, 1).</summary>
    public double Uniform(long position) => ((Mix(_start + (ulong)position * 0x9E3779B97F4A7C15UL) >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>Standard normal.</summary>
    public double Normal(long position) => InverseNormal(Uniform(position));

    /// <summary>Standard normal, given that it lies in (-2, 2).</summary>
    public double TruncatedNormal(long position) => InverseNormal(TailAtMinusTwo + Uniform(position) * (1 - 2 * TailAtMinusTwo));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    // The number below which the share p of a standard normal distribution lies: Wichura's algorithm AS 241, 16 digits.
    private static double InverseNormal(double p)
    {
        double q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            double r = 0.180625 - q * q;
            return q * (((((((r * 2509.0809287301226727 + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) * r
                + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608)
                / (((((((r * 5226.495278852545925 + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r
                + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1);
        }

        double tail = Math.Sqrt(-Log(q < 0 ? p : 1 - p)), x;
        if (tail <= 5)
        {
            double r = tail - 1.6;
            x = (((((((r * 7.7454501427834140764e-4 + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r
                + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734)
                / (((((((r * 1.05075007164441684324e-9 + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r
                + 0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1);
        }
        else
        {
            double r = tail - 5;
            x = (((((((r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r
                + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772)
                / (((((((r * 2.04426310338993978564e-15 + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
                + 0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1);
        }

        return q < 0 ? -x : x;
    }

    // Natural logarithm of a number in (0, 1): its exponent times ln 2, and the series of the area tangent for its mantissa.
    private static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        double t = (mantissa - 1) / (mantissa + 1), square = t * t, sum = 0;
        for (int k = 21; k >= 1; k -= 2)
            sum = sum * square + 1.0 / k;
        return exponent * 0.69314718055994531 + 2 * t * sum;
    }
}
