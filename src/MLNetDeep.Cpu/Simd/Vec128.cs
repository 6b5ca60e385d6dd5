using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNetDeep.Cpu.Simd;

/// <summary>4 floats: NEON, SSE, and what runs on processors that have neither.</summary>
internal unsafe struct Vec128(Vector128<float> value) : IVec<Vec128>
{
    /// <summary>The vector itself.</summary>
    public Vector128<float> Value = value;

    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }

    public static Vec128 Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<float>.Zero);
    }

    public static Vec128 IndicesInt
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector128<int>.Indices.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 LoadPartial(float* source, int count)
    {
        if (Avx.IsSupported)
            return new(Avx.MaskLoad(source, Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle()));
        var value = Vector128<float>.Zero;
        if ((count & 4) != 0)
            return Load(source);
        if ((count & 1) != 0)
            value = Vector128.CreateScalar(source[count - 1]);
        if ((count & 2) != 0)
            value = Vector128.Create(Vector64.Load(source), value.GetLower());
        return new(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 BroadcastInt(int value) => new(Vector128.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator +(Vec128 a, Vec128 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator -(Vec128 a, Vec128 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator -(Vec128 a) => new(-a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator *(Vec128 a, Vec128 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator /(Vec128 a, Vec128 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator &(Vec128 a, Vec128 b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator |(Vec128 a, Vec128 b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 operator ^(Vec128 a, Vec128 b) => new(a.Value ^ b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 FusedMultiplyAdd(Vec128 a, Vec128 b, Vec128 c)
        => new(Vector128.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddProduct(ref Vec128 sum, Vec128 a, Vec128 b)
        => sum.Value = Vector128.FusedMultiplyAdd(a.Value, b.Value, sum.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Max(Vec128 a, Vec128 b) => new(Vector128.MaxNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Min(Vec128 a, Vec128 b) => new(Vector128.MinNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Abs(Vec128 a) => new(Vector128.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Sqrt(Vec128 a) => new(Vector128.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Round(Vec128 a) => new(Vector128.Round(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Floor(Vec128 a) => new(Vector128.Floor(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Equal(Vec128 a, Vec128 b) => new(Vector128.Equals(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Less(Vec128 a, Vec128 b) => new(Vector128.LessThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 LessOrEqual(Vec128 a, Vec128 b) => new(Vector128.LessThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Greater(Vec128 a, Vec128 b) => new(Vector128.GreaterThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 GreaterOrEqual(Vec128 a, Vec128 b) => new(Vector128.GreaterThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 Select(Vec128 mask, Vec128 a, Vec128 b)
        => new(Vector128.ConditionalSelect(mask.Value, a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 AndNot(Vec128 a, Vec128 b) => new(Vector128.AndNot(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Vec128 mask) => mask.Value.AsUInt32() != Vector128<uint>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 AddInt(Vec128 a, Vec128 b) => new((a.Value.AsInt32() + b.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 SubInt(Vec128 a, Vec128 b) => new((a.Value.AsInt32() - b.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 MulInt(Vec128 a, Vec128 b) => new((a.Value.AsInt32() * b.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 MulHighUInt(Vec128 a, Vec128 b)
    {
        // Products of the even and of the odd lanes, 64 bits each.
        Vector128<ulong> even, odd;
        if (Sse2.IsSupported)
        {
            even = Sse2.Multiply(a.Value.AsUInt32(), b.Value.AsUInt32());
            odd = Sse2.Multiply((a.Value.AsUInt64() >>> 32).AsUInt32(), (b.Value.AsUInt64() >>> 32).AsUInt32());
        }
        else
        {
            var low = Vector128.Create((ulong)uint.MaxValue);
            even = (a.Value.AsUInt64() & low) * (b.Value.AsUInt64() & low);
            odd = (a.Value.AsUInt64() >>> 32) * (b.Value.AsUInt64() >>> 32);
        }

        return new(((even >>> 32) | (odd & Vector128.Create(0xFFFFFFFF00000000ul))).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 ShiftLeftInt(Vec128 a, int bits) => new((a.Value.AsInt32() << bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 ShiftRightInt(Vec128 a, int bits) => new((a.Value.AsInt32() >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 ShiftRightUInt(Vec128 a, int bits) => new((a.Value.AsInt32() >>> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 EqualInt(Vec128 a, Vec128 b)
        => new(Vector128.Equals(a.Value.AsInt32(), b.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 LessInt(Vec128 a, Vec128 b)
        => new(Vector128.LessThan(a.Value.AsInt32(), b.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 ToInt(Vec128 a) => new(Vector128.ConvertToInt32Native(a.Value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128 FromInt(Vec128 a) => new(Vector128.ConvertToSingle(a.Value.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vec128 a)
    {
        return Vector128.Sum(a.Value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float HorizontalMax(Vec128 a)
    {
        // In registers: halves taken out as Vector64 go through memory.
        var two = Vector128.MaxNative(a.Value, Vector128.Shuffle(a.Value, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target) => Value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StorePartial(float* target, int count)
    {
        if (Avx.IsSupported)
        {
            var mask = Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();
            Avx.MaskStore(target, mask, Value);
            return;
        }

        if ((count & 4) != 0)
        {
            Store(target);
            return;
        }

        var rest = Value.GetLower();
        if ((count & 2) != 0)
        {
            rest.Store(target);
            target += 2;
            rest = Value.GetUpper();
        }

        if ((count & 1) != 0)
            *target = rest.ToScalar();
    }
}
