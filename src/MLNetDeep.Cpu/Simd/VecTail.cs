using System.Runtime.CompilerServices;

namespace MLNetDeep.Cpu.Simd;

/// <summary>Loads and stores for loops whose last vector may be a part of one: the test is one well-predicted branch.</summary>
internal static unsafe class VecTail
{
    /// <summary>A whole vector, or the <paramref name="rest"/> floats that are left and zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Load<TVec>(float* source, long rest)
        where TVec : struct, IVec<TVec>
        => rest >= TVec.Count ? TVec.Load(source) : TVec.LoadPartial(source, (int)rest);

    /// <summary>As <see cref="Load{TVec}(float*, long)"/>, filled up with <paramref name="fill"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Load<TVec>(float* source, long rest, TVec fill)
        where TVec : struct, IVec<TVec>
        => rest >= TVec.Count ? TVec.Load(source)
            : TVec.Select(Mask<TVec>((int)rest), TVec.LoadPartial(source, (int)rest), fill);

    /// <summary>Stores a whole vector, or its first <paramref name="rest"/> floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TVec>(TVec value, float* target, long rest)
        where TVec : struct, IVec<TVec>
    {
        if (rest >= TVec.Count)
            value.Store(target);
        else
            value.StorePartial(target, (int)rest);
    }

    /// <summary>Set in the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Mask<TVec>(int count)
        where TVec : struct, IVec<TVec>
        => TVec.LessInt(TVec.IndicesInt, TVec.BroadcastInt(count));
}
