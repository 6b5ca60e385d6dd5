using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Tests.Simd;

public class VecMathTests
{
    private const float Inf = float.PositiveInfinity, NaN = float.NaN;

    [Fact]
    public void Exp() => Check<ExpFunction>(Math.Exp, 2, (0, 1), (Inf, Inf), (-Inf, 0), (1000, Inf), (-1000, 0), (float.Epsilon, 1));

    [Fact]
    public void Expm1() => Check<Expm1Function>(ExactExpm1, 3, (0, 0), (Inf, Inf), (-Inf, -1), (1000, Inf), (-1000, -1));

    [Fact]
    public void Log() => Check<LogFunction>(
        Math.Log, 2, (0, -Inf), (-0f, -Inf), (1, 0), (Inf, Inf), (-1, NaN), (-Inf, NaN), (-float.Epsilon, NaN), (float.Epsilon, -103.278929f));

    [Fact]
    public void Log1p() => Check<Log1pFunction>(
        ExactLog1p, 3, (0, 0), (-1, -Inf), (Inf, Inf), (-2, NaN), (-Inf, NaN), (float.MaxValue, 88.7228391f), (float.Epsilon, float.Epsilon));

    [Fact]
    public void Tanh() => Check<TanhFunction>(Math.Tanh, 4, (0, 0), (Inf, 1), (-Inf, -1), (float.Epsilon, float.Epsilon), (20, 1));

    [Fact]
    public void Sigmoid() => Check<SigmoidFunction>(x => x < -88.722 ? 0 : 1 / (1 + Math.Exp(-x)), 4, (0, 0.5f), (Inf, 1), (-Inf, 0), (1000, 1), (-1000, 0));

    [Fact]
    public void Erf() => Check<ErfFunction>(ExactErf, 3, (0, 0), (Inf, 1), (-Inf, -1), (5, 1), (float.Epsilon, float.Epsilon));

    [Fact]
    public void Softplus() => Check<SoftplusFunction>(
        x => Math.Max(x, 0) + ExactLog1p(Math.Exp(-Math.Abs(x))), 4, (0, 0.693147182f), (Inf, Inf), (-Inf, 0), (1000, 1000), (-1000, 0));

    [Fact]
    public void Sin() => Check<SinFunction>(Math.Sin, 3, 1e5, (0, 0), (Inf, NaN), (-Inf, NaN));

    [Fact]
    public void Cos() => Check<CosFunction>(Math.Cos, 3, 1e5, (0, 1), (Inf, NaN), (-Inf, NaN));

    [Fact]
    public void Sine_and_cosine_of_the_greatest_numbers_stay_in_their_range()
    {
        foreach (float x in (float[])[1e7f, 3e9f, 1e20f, float.MaxValue])
        {
            Assert.InRange(All<SinFunction, Vec256>([x, -x])[1], -1f, 1f);
            Assert.InRange(All<CosFunction, Vec256>([x, -x])[1], -1f, 1f);
        }
    }

    private static void Check<TFunction>(Func<double, double> exact, double ulps, params (float X, float Y)[] special)
        where TFunction : struct, IVecFunction
        => Check<TFunction>(exact, ulps, double.MaxValue, special);

    private static void Check<TFunction>(Func<double, double> exact, double ulps, double most, params (float X, float Y)[] special)
        where TFunction : struct, IVecFunction
    {
        var xs = new List<float>();
        xs.AddRange(special.Select(s => s.X));
        xs.Add(NaN);
        xs.Add(-NaN);

        // All exponents, and densely where most functions bend; a step that is no power of two.
        for (long bits = 0; bits < uint.MaxValue; bits += 29989)
            xs.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        for (double x = -20; x < 20; x += 0.00039)
            xs.Add((float)x);
        for (double x = -110; x < 100; x += 0.0173)
            xs.Add((float)x);

        var input = xs.ToArray();
        var results = All<TFunction, Vec128>(input);
        Assert.Equal(Bits(results), Bits(All<TFunction, Vec256>(input)));
        Assert.Equal(Bits(results), Bits(All<TFunction, Vec512>(input)));

        for (int i = 0; i < special.Length; i++)
            Assert.True(special[i].Y.Equals(results[i]), $"f({special[i].X}) = {results[i]}, expected {special[i].Y}");

        double worst = 0, at = 0;
        for (int i = 0; i < input.Length; i++)
        {
            if (Math.Abs((double)input[i]) > most)
                continue;
            double y = exact(input[i]), error;
            if (double.IsNaN(y) || double.IsInfinity((float)y) || double.IsInfinity(results[i]))
                error = ((float)y).Equals(results[i]) || (Math.Abs(y) > 3.4028e38 && Math.Abs(results[i]) > 3.4028e38) ? 0 : 1e9;
            else
                error = Math.Abs(results[i] - y) / Ulp(y);
            if (error > worst || double.IsNaN(error))
                (worst, at) = (double.IsNaN(error) ? 1e10 : error, input[i]);
        }

        Assert.True(worst <= ulps, $"{worst:G4} ulp at {at:R}");
    }

    private static double Ulp(double y)
    {
        // Denormals are as good as normal ones to about the precision that the least normal number has.
        double magnitude = Math.Max(Math.Abs(y), 1.17549435e-38);
        return Math.ScaleB(1, Math.ILogB(magnitude) - 23);
    }

    private static unsafe float[] All<TFunction, TVec>(float[] xs)
        where TFunction : struct, IVecFunction
        where TVec : struct, IVec<TVec>
    {
        var ys = new float[xs.Length];
        fixed (float* x = xs, y = ys)
        {
            for (int i = 0; i < xs.Length; i += TVec.Count)
            {
                int count = Math.Min(TVec.Count, xs.Length - i);
                default(TFunction).Apply(TVec.LoadPartial(x + i, count)).StorePartial(y + i, count);
            }
        }

        return ys;
    }

    // NaNs all alike: their payload may differ.
    private static int[] Bits(float[] values)
        => Array.ConvertAll(values, v => float.IsNaN(v) ? -1 : BitConverter.SingleToInt32Bits(v));

    private static double ExactExpm1(double x)
        => Math.Abs(x) < 1e-5 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1;

    private static double ExactLog1p(double x)
        => Math.Abs(x) < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);

    private static double ExactErf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; n < 200; n++)
            sum += term *= 2 * x * x / ((2 * n) + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private struct ExpFunction : IVecFunction
    {
        public readonly TVec Apply<TVec>(TVec x)
            where TVec : struct, IVec<TVec> => VecMath.Exp(x);
    }

    private struct Expm1Function : IVecFunction
    {
        public readonly TVec Apply<TVec>(TVec x)
            where TVec : struct, IVec<TVec> => VecMath.Expm1(x);
    }

    private struct LogFunction : IVecFunction
    {
        public readonly TVec Apply<TVec>(TVec x)
            where TVec : struct, IVec<TVec> => VecMath.Log(x);
    }

    private struct Log1pFunction : IVecFunction
    {
        public readonly TVec Apply<TVec>(TVec x)
            where TVec : struct, IVec<TVec> => VecMath.Log1p(x);
    }

    private struct TanhFunction : IVecFunction
    {
        public readonly TVec Apply<TVec>(TVec x)
            where TVec : struct, IVec<TVec> => VecMath.Tanh(x);
    }

    private struct SigmoidFunction : IVecFunction
    {
        public readonly TVec Apply<TVec>(TVec x)
            where TVec : struct, IVec<TVec> => VecMath.Sigmoid(x);
    }

    private struct ErfFunction : IVecFunction
    {
        public readonly TVec Apply<TVec>(TVec x)
            where TVec : struct, IVec<TVec> => VecMath.Erf(x);
    }

    private struct SoftplusFunction : IVecFunction
    {
        public readonly TVec Apply<TVec>(TVec x)
            where TVec : struct, IVec<TVec> => VecMath.Softplus(x);
    }

    private struct SinFunction : IVecFunction
    {
        public readonly TVec Apply<TVec>(TVec x)
            where TVec : struct, IVec<TVec> => VecMath.Sin(x);
    }

    private struct CosFunction : IVecFunction
    {
        public readonly TVec Apply<TVec>(TVec x)
            where TVec : struct, IVec<TVec> => VecMath.Cos(x);
    }
}
