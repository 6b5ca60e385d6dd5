using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Gates in the order i, f, c, o; saved as they are after their functions.</summary>
internal unsafe struct LstmCell : IRecurrentCell
{
    public static int Gates => 4;

    public static int Saved => 4;

    public static bool HasCell => true;

    public static bool HasOwnRecurrentGradient => false;

    public static void Forward<TVec>(float* x, float* product, float* bias, float* h, float* c, float* saved, int units)
        where TVec : struct, IVec<TVec>
    {
        float* gates = saved == null ? product : saved;
        RecurrentGates.Sigmoid<TVec>(x, product, null, gates, 2 * units);
        RecurrentGates.Tanh<TVec>(x + (2 * units), product + (2 * units), gates + (2 * units), units);
        RecurrentGates.Sigmoid<TVec>(x + (3 * units), product + (3 * units), null, gates + (3 * units), units);
        Combine<TVec>(gates, h, c, units);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Backward<TVec>(
        float* saved, float* h, float* c, float* hBefore, float* cBefore, float* dh, float* dc, float* dx, float* dproduct, int units)
        where TVec : struct, IVec<TVec>
    {
        var one = TVec.Broadcast(1f);
        for (int j = 0; j < units; j += TVec.Count)
        {
            int rest = units - j;
            var i = VecTail.Load<TVec>(saved + j, rest);
            var f = VecTail.Load<TVec>(saved + units + j, rest);
            var g = VecTail.Load<TVec>(saved + (2 * units) + j, rest);
            var o = VecTail.Load<TVec>(saved + (3 * units) + j, rest);
            var t = VecMath.Tanh(VecTail.Load<TVec>(c + j, rest));
            var dState = VecTail.Load<TVec>(dh + j, rest);
            var dCell = TVec.FusedMultiplyAdd(dState * o, one - (t * t), VecTail.Load<TVec>(dc + j, rest));
            var di = dCell * g * (i * (one - i));
            var df = dCell * VecTail.Load<TVec>(cBefore + j, rest) * (f * (one - f));
            var dg = dCell * i * (one - (g * g));
            var dOut = dState * t * (o * (one - o));
            VecTail.Store(di, dx + j, rest);
            VecTail.Store(df, dx + units + j, rest);
            VecTail.Store(dg, dx + (2 * units) + j, rest);
            VecTail.Store(dOut, dx + (3 * units) + j, rest);
            VecTail.Store(di, dproduct + j, rest);
            VecTail.Store(df, dproduct + units + j, rest);
            VecTail.Store(dg, dproduct + (2 * units) + j, rest);
            VecTail.Store(dOut, dproduct + (3 * units) + j, rest);
            VecTail.Store(dCell * f, dc + j, rest);
            VecTail.Store(TVec.Zero, dh + j, rest);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Combine<TVec>(float* gates, float* h, float* c, int units)
        where TVec : struct, IVec<TVec>
    {
        for (int j = 0; j < units; j += TVec.Count)
        {
            int rest = units - j;
            var kept = VecTail.Load<TVec>(gates + units + j, rest) * VecTail.Load<TVec>(c + j, rest);
            var cell = TVec.FusedMultiplyAdd(VecTail.Load<TVec>(gates + j, rest), VecTail.Load<TVec>(gates + (2 * units) + j, rest), kept);
            VecTail.Store(cell, c + j, rest);
            VecTail.Store(VecTail.Load<TVec>(gates + (3 * units) + j, rest) * VecMath.Tanh(cell), h + j, rest);
        }
    }
}

/// <summary>Gates in the order z, r, h, the reset gate after the product; saved: z, r, n and the product that r was applied to.</summary>
internal unsafe struct GruCell : IRecurrentCell
{
    public static int Gates => 3;

    public static int Saved => 4;

    public static bool HasCell => false;

    public static bool HasOwnRecurrentGradient => true;

    public static void Forward<TVec>(float* x, float* product, float* bias, float* h, float* c, float* saved, int units)
        where TVec : struct, IVec<TVec>
    {
        float* gates = saved == null ? product : saved;
        RecurrentGates.Sigmoid<TVec>(x, product, bias, gates, 2 * units);
        Combine<TVec>(x + (2 * units), product + (2 * units), bias == null ? null : bias + (2 * units), gates, h, units, saved != null);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Backward<TVec>(
        float* saved, float* h, float* c, float* hBefore, float* cBefore, float* dh, float* dc, float* dx, float* dproduct, int units)
        where TVec : struct, IVec<TVec>
    {
        var one = TVec.Broadcast(1f);
        for (int j = 0; j < units; j += TVec.Count)
        {
            int rest = units - j;
            var z = VecTail.Load<TVec>(saved + j, rest);
            var r = VecTail.Load<TVec>(saved + units + j, rest);
            var n = VecTail.Load<TVec>(saved + (2 * units) + j, rest);
            var product = VecTail.Load<TVec>(saved + (3 * units) + j, rest);
            var dState = VecTail.Load<TVec>(dh + j, rest);
            var dn = dState * (one - z) * (one - (n * n));
            var dz = dState * (VecTail.Load<TVec>(hBefore + j, rest) - n) * (z * (one - z));
            var dr = dn * product * (r * (one - r));
            VecTail.Store(dz, dx + j, rest);
            VecTail.Store(dr, dx + units + j, rest);
            VecTail.Store(dn, dx + (2 * units) + j, rest);
            VecTail.Store(dz, dproduct + j, rest);
            VecTail.Store(dr, dproduct + units + j, rest);
            VecTail.Store(dn * r, dproduct + (2 * units) + j, rest);
            VecTail.Store(dState * z, dh + j, rest);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Combine<TVec>(float* x, float* product, float* bias, float* gates, float* h, int units, bool save)
        where TVec : struct, IVec<TVec>
    {
        for (int j = 0; j < units; j += TVec.Count)
        {
            int rest = units - j;
            var b = VecTail.Load<TVec>(product + j, rest);
            if (bias != null)
                b += VecTail.Load<TVec>(bias + j, rest);
            var n = VecMath.Tanh(TVec.FusedMultiplyAdd(VecTail.Load<TVec>(gates + units + j, rest), b, VecTail.Load<TVec>(x + j, rest)));
            VecTail.Store(TVec.FusedMultiplyAdd(VecTail.Load<TVec>(gates + j, rest), VecTail.Load<TVec>(h + j, rest) - n, n), h + j, rest);
            if (save)
            {
                VecTail.Store(n, gates + (2 * units) + j, rest);
                VecTail.Store(b, gates + (3 * units) + j, rest);
            }
        }
    }
}

/// <summary>Hyperbolic tangent.</summary>
internal unsafe struct TanhCell : IRecurrentCell
{
    public static int Gates => 1;

    public static int Saved => 0;

    public static bool HasCell => false;

    public static bool HasOwnRecurrentGradient => false;

    public static void Forward<TVec>(float* x, float* product, float* bias, float* h, float* c, float* saved, int units)
        where TVec : struct, IVec<TVec>
        => RecurrentGates.Tanh<TVec>(x, product, h, units);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Backward<TVec>(
        float* saved, float* h, float* c, float* hBefore, float* cBefore, float* dh, float* dc, float* dx, float* dproduct, int units)
        where TVec : struct, IVec<TVec>
    {
        for (int j = 0; j < units; j += TVec.Count)
        {
            int rest = units - j;
            var y = VecTail.Load<TVec>(h + j, rest);
            var d = VecTail.Load<TVec>(dh + j, rest) * (TVec.Broadcast(1f) - (y * y));
            VecTail.Store(d, dx + j, rest);
            VecTail.Store(d, dproduct + j, rest);
            VecTail.Store(TVec.Zero, dh + j, rest);
        }
    }
}

/// <summary>Rectified linear unit.</summary>
internal unsafe struct ReluCell : IRecurrentCell
{
    public static int Gates => 1;

    public static int Saved => 0;

    public static bool HasCell => false;

    public static bool HasOwnRecurrentGradient => false;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Forward<TVec>(float* x, float* product, float* bias, float* h, float* c, float* saved, int units)
        where TVec : struct, IVec<TVec>
    {
        for (int j = 0; j < units; j += TVec.Count)
        {
            int rest = units - j;
            VecTail.Store(TVec.Max(TVec.Zero, VecTail.Load<TVec>(x + j, rest) + VecTail.Load<TVec>(product + j, rest)), h + j, rest);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Backward<TVec>(
        float* saved, float* h, float* c, float* hBefore, float* cBefore, float* dh, float* dc, float* dx, float* dproduct, int units)
        where TVec : struct, IVec<TVec>
    {
        for (int j = 0; j < units; j += TVec.Count)
        {
            int rest = units - j;
            var d = VecTail.Load<TVec>(dh + j, rest) & TVec.Greater(VecTail.Load<TVec>(h + j, rest), TVec.Zero);
            VecTail.Store(d, dx + j, rest);
            VecTail.Store(d, dproduct + j, rest);
            VecTail.Store(TVec.Zero, dh + j, rest);
        }
    }
}

/// <summary>The functions of gates, each a loop of its own: more than one in a method is more than the JIT inlines.</summary>
internal static unsafe class RecurrentGates
{
    /// <summary><c>y = sigmoid(a + b [+ c])</c>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Sigmoid<TVec>(float* a, float* b, float* c, float* y, int count)
        where TVec : struct, IVec<TVec>
    {
        for (int j = 0; j < count; j += TVec.Count)
        {
            int rest = count - j;
            var sum = VecTail.Load<TVec>(b + j, rest);
            if (c != null)
                sum += VecTail.Load<TVec>(c + j, rest);
            VecTail.Store(VecMath.Sigmoid(VecTail.Load<TVec>(a + j, rest) + sum), y + j, rest);
        }
    }

    /// <summary><c>y = tanh(a + b)</c>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Tanh<TVec>(float* a, float* b, float* y, int count)
        where TVec : struct, IVec<TVec>
    {
        for (int j = 0; j < count; j += TVec.Count)
        {
            int rest = count - j;
            VecTail.Store(VecMath.Tanh(VecTail.Load<TVec>(a + j, rest) + VecTail.Load<TVec>(b + j, rest)), y + j, rest);
        }
    }
}
