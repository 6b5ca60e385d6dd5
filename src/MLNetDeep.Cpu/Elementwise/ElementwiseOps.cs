using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Elementwise;

/// <summary>
/// What the elementwise operations of graphs do to vectors. A method is found by the operation's name and takes its
/// inputs, then its parameters; truth is 1 and 0. A new operation is a new method here.
/// </summary>
internal static unsafe class ElementwiseOps
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static TVec Load<TVec>(float* source) where TVec : struct, IVec<TVec> => TVec.Load(source);

    [MethodImpl(Inline)]
    public static TVec LoadPartial<TVec>(float* source, int count) where TVec : struct, IVec<TVec> => TVec.LoadPartial(source, count);

    [MethodImpl(Inline)]
    public static TVec Broadcast<TVec>(float* source) where TVec : struct, IVec<TVec> => TVec.Broadcast(*source);

    [MethodImpl(Inline)]
    public static void Store<TVec>(TVec value, float* target) where TVec : struct, IVec<TVec> => value.Store(target);

    [MethodImpl(Inline)]
    public static void StorePartial<TVec>(TVec value, float* target, int count) where TVec : struct, IVec<TVec> => value.StorePartial(target, count);

    [MethodImpl(Inline)]
    public static TVec FromInt<TVec>(TVec value) where TVec : struct, IVec<TVec> => TVec.FromInt(value);

    [MethodImpl(Inline)]
    public static TVec Copy<TVec>(TVec x) where TVec : struct, IVec<TVec> => x;

    [MethodImpl(Inline)]
    public static TVec Cast<TVec>(TVec x) where TVec : struct, IVec<TVec> => x;

    [MethodImpl(Inline)]
    public static TVec AddV2<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => a + b;

    [MethodImpl(Inline)]
    public static TVec Sub<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => a - b;

    [MethodImpl(Inline)]
    public static TVec Mul<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => a * b;

    [MethodImpl(Inline)]
    public static TVec RealDiv<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => a / b;

    // Max and Min hand on the second input's NaN; the first's is seen to here.
    [MethodImpl(Inline)]
    public static TVec Maximum<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => TVec.Select(TVec.Equal(a, a), TVec.Max(a, b), a);

    [MethodImpl(Inline)]
    public static TVec Minimum<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => TVec.Select(TVec.Equal(a, a), TVec.Min(a, b), a);

    [MethodImpl(Inline)]
    public static TVec Neg<TVec>(TVec x) where TVec : struct, IVec<TVec> => -x;

    [MethodImpl(Inline)]
    public static TVec Abs<TVec>(TVec x) where TVec : struct, IVec<TVec> => TVec.Abs(x);

    [MethodImpl(Inline)]
    public static TVec Sign<TVec>(TVec x) where TVec : struct, IVec<TVec> =>
        TVec.Select(TVec.Greater(x, TVec.Zero), One<TVec>(), TVec.Select(TVec.Less(x, TVec.Zero), -One<TVec>(), x));

    [MethodImpl(Inline)]
    public static TVec Square<TVec>(TVec x) where TVec : struct, IVec<TVec> => x * x;

    [MethodImpl(Inline)]
    public static TVec Sqrt<TVec>(TVec x) where TVec : struct, IVec<TVec> => TVec.Sqrt(x);

    [MethodImpl(Inline)]
    public static TVec Rsqrt<TVec>(TVec x) where TVec : struct, IVec<TVec> => One<TVec>() / TVec.Sqrt(x);

    [MethodImpl(Inline)]
    public static TVec Reciprocal<TVec>(TVec x) where TVec : struct, IVec<TVec> => One<TVec>() / x;

    [MethodImpl(Inline)]
    public static TVec Exp<TVec>(TVec x) where TVec : struct, IVec<TVec> => VecMath.Exp(x);

    [MethodImpl(Inline)]
    public static TVec Expm1<TVec>(TVec x) where TVec : struct, IVec<TVec> => VecMath.Expm1(x);

    [MethodImpl(Inline)]
    public static TVec Log<TVec>(TVec x) where TVec : struct, IVec<TVec> => VecMath.Log(x);

    [MethodImpl(Inline)]
    public static TVec Log1p<TVec>(TVec x) where TVec : struct, IVec<TVec> => VecMath.Log1p(x);

    [MethodImpl(Inline)]
    public static TVec Erf<TVec>(TVec x) where TVec : struct, IVec<TVec> => VecMath.Erf(x);

    [MethodImpl(Inline)]
    public static TVec Greater<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => Truth(TVec.Greater(a, b));

    [MethodImpl(Inline)]
    public static TVec GreaterEqual<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => Truth(TVec.GreaterOrEqual(a, b));

    [MethodImpl(Inline)]
    public static TVec Less<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => Truth(TVec.Less(a, b));

    [MethodImpl(Inline)]
    public static TVec LessEqual<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => Truth(TVec.LessOrEqual(a, b));

    [MethodImpl(Inline)]
    public static TVec Equal<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => Truth(TVec.Equal(a, b));

    [MethodImpl(Inline)]
    public static TVec NotEqual<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => One<TVec>() - Truth(TVec.Equal(a, b));

    [MethodImpl(Inline)]
    public static TVec LogicalAnd<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => a * b;

    [MethodImpl(Inline)]
    public static TVec LogicalOr<TVec>(TVec a, TVec b) where TVec : struct, IVec<TVec> => TVec.Max(a, b);

    [MethodImpl(Inline)]
    public static TVec LogicalNot<TVec>(TVec a) where TVec : struct, IVec<TVec> => One<TVec>() - a;

    [MethodImpl(Inline)]
    public static TVec SelectV2<TVec>(TVec condition, TVec a, TVec b) where TVec : struct, IVec<TVec> =>
        TVec.Select(TVec.Greater(condition, TVec.Zero), a, b);

    // In this order of operands a NaN comes out as a NaN.
    [MethodImpl(Inline)]
    public static TVec Relu<TVec>(TVec x) where TVec : struct, IVec<TVec> => TVec.Max(TVec.Zero, x);

    [MethodImpl(Inline)]
    public static TVec ReluGrad<TVec>(TVec dy, TVec y) where TVec : struct, IVec<TVec> => dy & TVec.Greater(y, TVec.Zero);

    [MethodImpl(Inline)]
    public static TVec LeakyRelu<TVec>(TVec x, TVec alpha) where TVec : struct, IVec<TVec> =>
        TVec.Select(TVec.Greater(x, TVec.Zero), x, alpha * x);

    [MethodImpl(Inline)]
    public static TVec LeakyReluGrad<TVec>(TVec dy, TVec x, TVec alpha) where TVec : struct, IVec<TVec> =>
        TVec.Select(TVec.Greater(x, TVec.Zero), dy, alpha * dy);

    [MethodImpl(Inline)]
    public static TVec Elu<TVec>(TVec x, TVec alpha) where TVec : struct, IVec<TVec> =>
        TVec.Select(TVec.Greater(x, TVec.Zero), x, alpha * VecMath.Expm1(x));

    [MethodImpl(Inline)]
    public static TVec EluGrad<TVec>(TVec dy, TVec y, TVec alpha) where TVec : struct, IVec<TVec> =>
        TVec.Select(TVec.Greater(y, TVec.Zero), dy, dy * (y + alpha));

    [MethodImpl(Inline)]
    public static TVec Selu<TVec>(TVec x) where TVec : struct, IVec<TVec> =>
        TVec.Broadcast(SeluScale) * TVec.Select(TVec.Greater(x, TVec.Zero), x, TVec.Broadcast(SeluAlpha) * VecMath.Expm1(x));

    [MethodImpl(Inline)]
    public static TVec SeluGrad<TVec>(TVec dy, TVec y) where TVec : struct, IVec<TVec> =>
        dy * TVec.Select(TVec.Greater(y, TVec.Zero), TVec.Broadcast(SeluScale), y + TVec.Broadcast(SeluScale * SeluAlpha));

    [MethodImpl(Inline)]
    public static TVec Sigmoid<TVec>(TVec x) where TVec : struct, IVec<TVec> => VecMath.Sigmoid(x);

    [MethodImpl(Inline)]
    public static TVec SigmoidGrad<TVec>(TVec y, TVec dy) where TVec : struct, IVec<TVec> => dy * y * (One<TVec>() - y);

    [MethodImpl(Inline)]
    public static TVec Tanh<TVec>(TVec x) where TVec : struct, IVec<TVec> => VecMath.Tanh(x);

    [MethodImpl(Inline)]
    public static TVec TanhGrad<TVec>(TVec y, TVec dy) where TVec : struct, IVec<TVec> => dy * (One<TVec>() - y * y);

    [MethodImpl(Inline)]
    public static TVec Softplus<TVec>(TVec x) where TVec : struct, IVec<TVec> => VecMath.Softplus(x);

    private const float SeluScale = 1.05070098f, SeluAlpha = 1.67326324f;

    [MethodImpl(Inline)]
    private static TVec One<TVec>() where TVec : struct, IVec<TVec> => TVec.Broadcast(1f);

    [MethodImpl(Inline)]
    private static TVec Truth<TVec>(TVec mask) where TVec : struct, IVec<TVec> => mask & One<TVec>();
}
