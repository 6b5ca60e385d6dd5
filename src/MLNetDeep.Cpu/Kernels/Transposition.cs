using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Small blocks transposed in registers.</summary>
internal static unsafe class Transposition
{
    /// <summary><c>target[c, r] = source[r, c]</c> for 8 rows and columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block8(float* source, long sourceStride, float* target, long targetStride)
    {
        if (!Avx.IsSupported)
        {
            Block4(source, sourceStride, target, targetStride);
            Block4(source + 4, sourceStride, target + (4 * targetStride), targetStride);
            Block4(source + (4 * sourceStride), sourceStride, target + 4, targetStride);
            Block4(source + (4 * sourceStride) + 4, sourceStride, target + (4 * targetStride) + 4, targetStride);
            return;
        }

        // The halves of rows r and r + 4 side by side, so that only shuffles within halves are left.
        float* lower = source + (4 * sourceStride);
        var r0 = Halves(source, lower);
        var r1 = Halves(source + sourceStride, lower + sourceStride);
        var r2 = Halves(source + (2 * sourceStride), lower + (2 * sourceStride));
        var r3 = Halves(source + (3 * sourceStride), lower + (3 * sourceStride));
        Columns4(r0, r1, r2, r3, target, targetStride);
        r0 = Halves(source + 4, lower + 4);
        r1 = Halves(source + sourceStride + 4, lower + sourceStride + 4);
        r2 = Halves(source + (2 * sourceStride) + 4, lower + (2 * sourceStride) + 4);
        r3 = Halves(source + (3 * sourceStride) + 4, lower + (3 * sourceStride) + 4);
        Columns4(r0, r1, r2, r3, target + (4 * targetStride), targetStride);
    }

    /// <summary><c>target[c, r] = source[r, c]</c> for 4 rows and columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block4(float* source, long sourceStride, float* target, long targetStride)
    {
        var r0 = Vector128.Load(source);
        var r1 = Vector128.Load(source + sourceStride);
        var r2 = Vector128.Load(source + (2 * sourceStride));
        var r3 = Vector128.Load(source + (3 * sourceStride));
        if (Sse.IsSupported)
        {
            var t0 = Sse.UnpackLow(r0, r1);
            var t1 = Sse.UnpackLow(r2, r3);
            var t2 = Sse.UnpackHigh(r0, r1);
            var t3 = Sse.UnpackHigh(r2, r3);
            Sse.MoveLowToHigh(t0, t1).Store(target);
            Sse.MoveHighToLow(t1, t0).Store(target + targetStride);
            Sse.MoveLowToHigh(t2, t3).Store(target + (2 * targetStride));
            Sse.MoveHighToLow(t3, t2).Store(target + (3 * targetStride));
        }
        else if (AdvSimd.Arm64.IsSupported)
        {
            var t0 = AdvSimd.Arm64.ZipLow(r0, r2);
            var t1 = AdvSimd.Arm64.ZipLow(r1, r3);
            var t2 = AdvSimd.Arm64.ZipHigh(r0, r2);
            var t3 = AdvSimd.Arm64.ZipHigh(r1, r3);
            AdvSimd.Arm64.ZipLow(t0, t1).Store(target);
            AdvSimd.Arm64.ZipHigh(t0, t1).Store(target + targetStride);
            AdvSimd.Arm64.ZipLow(t2, t3).Store(target + (2 * targetStride));
            AdvSimd.Arm64.ZipHigh(t2, t3).Store(target + (3 * targetStride));
        }
        else
        {
            for (int i = 0; i < 4; i++)
            {
                float* column = target + (i * targetStride);
                column[0] = r0.GetElement(i);
                column[1] = r1.GetElement(i);
                column[2] = r2.GetElement(i);
                column[3] = r3.GetElement(i);
            }
        }
    }

    /// <summary><c>target[c, r] = source[r, c]</c> for any size.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Any(float* source, long sourceStride, float* target, long targetStride, int rows, int columns)
    {
        int r = 0;
        for (; r + 8 <= rows; r += 8)
        {
            float* from = source + (r * sourceStride);
            float* to = target + r;
            int c = 0;
            for (; c + 8 <= columns; c += 8)
                Block8(from + c, sourceStride, to + (c * targetStride), targetStride);
            for (; c < columns; c++)
            {
                for (int i = 0; i < 8; i++)
                    to[(c * targetStride) + i] = from[(i * sourceStride) + c];
            }
        }

        for (; r + 4 <= rows; r += 4)
        {
            float* from = source + (r * sourceStride);
            float* to = target + r;
            int c = 0;
            for (; c + 4 <= columns; c += 4)
                Block4(from + c, sourceStride, to + (c * targetStride), targetStride);
            for (; c < columns; c++)
            {
                for (int i = 0; i < 4; i++)
                    to[(c * targetStride) + i] = from[(i * sourceStride) + c];
            }
        }

        for (; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                target[(c * targetStride) + r] = source[(r * sourceStride) + c];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(float* low, float* high)
        => Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Columns4(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, float* target, long stride)
    {
        var t0 = Avx.UnpackLow(r0, r1);
        var t1 = Avx.UnpackLow(r2, r3);
        var t2 = Avx.UnpackHigh(r0, r1);
        var t3 = Avx.UnpackHigh(r2, r3);
        Avx.Shuffle(t0, t1, 0x44).Store(target);
        Avx.Shuffle(t0, t1, 0xEE).Store(target + stride);
        Avx.Shuffle(t2, t3, 0x44).Store(target + (2 * stride));
        Avx.Shuffle(t2, t3, 0xEE).Store(target + (3 * stride));
    }
}
