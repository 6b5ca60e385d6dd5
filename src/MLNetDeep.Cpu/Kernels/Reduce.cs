using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Reductions of the middle axis: <c>x[outer, axis, inner]</c> to <c>y[outer, inner]</c>.</summary>
/// <remarks>A long axis is cut into parts of a length that follows from the shape; their results are put together in order.</remarks>
internal static unsafe class Reduce
{
    /// <summary>Values in a part of a long axis.</summary>
    private const int PartSize = 1 << 15;

    /// <summary>Values that are not worth another thread.</summary>
    private const int SerialSize = 1 << 15;

    /// <summary>Columns in a unit of work.</summary>
    private const int ColumnUnit = 64;

    private interface IOperation
    {
        static abstract float Start { get; }

        static abstract TVec Join<TVec>(TVec sum, TVec x)
            where TVec : struct, IVec<TVec>;
    }

    /// <summary>Floats of workspace that <see cref="Run"/> needs; grows with each size.</summary>
    public static long WorkspaceSize(int outer, int axis, int inner)
    {
        long parts = Parts(outer, axis, inner);
        return parts == 1 ? 0 : ((outer * inner * parts) + 15) / 16 * 16;
    }

    /// <param name="pool">Threads to use.</param>
    /// <param name="kind">What to make of the values.</param>
    /// <param name="x">Array [outer, axis, inner].</param>
    /// <param name="y">Result, array [outer, inner].</param>
    /// <param name="outer">Size of the axes before.</param>
    /// <param name="axis">Size of the axis that goes.</param>
    /// <param name="inner">Size of the axes behind.</param>
    /// <param name="workspace"><see cref="WorkspaceSize"/> floats.</param>
    public static void Run(WorkerPool pool, ReduceKind kind, float* x, float* y, int outer, int axis, int inner, float* workspace)
    {
        switch (kind)
        {
            case ReduceKind.Sum:
                Run<Sum>(pool, x, y, outer, axis, inner, workspace);
                break;
            case ReduceKind.Mean:
                Run<Sum>(pool, x, y, outer, axis, inner, workspace);
                for (long i = 0; i < (long)outer * inner; i++)
                    y[i] /= axis;
                break;
            case ReduceKind.Max:
                Run<Max>(pool, x, y, outer, axis, inner, workspace);
                break;
            case ReduceKind.Min:
                Run<Min>(pool, x, y, outer, axis, inner, workspace);
                break;
            case ReduceKind.Prod:
                Run<Prod>(pool, x, y, outer, axis, inner, workspace);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    /// <summary>Sums of columns of a matrix that has few rows: not cut into parts, and so without a workspace.</summary>
    public static void SumOfRows(WorkerPool pool, float* x, float* y, int rows, int columns)
    {
        var body = new Body<Sum>
        {
            X = x,
            Y = y,
            Axis = rows,
            Inner = columns,
            Parts = 1,
            PartLength = rows,
            Blocks = (columns + ColumnUnit - 1) / ColumnUnit,
        };
        For(pool, ref body, 1, 1, rows);
    }

    /// <summary>Places of the axis in a part.</summary>
    private static int PartLength(int inner) => Math.Max(16, PartSize / Math.Max(1, inner));

    // The last part is the longest, so that there is no tiny one.
    private static int Parts(int outer, int axis, int inner)
        => (long)outer * inner * axis <= PartSize ? 1 : Math.Max(1, axis / PartLength(inner));

    private static void Run<TOperation>(WorkerPool pool, float* x, float* y, int outer, int axis, int inner, float* workspace)
        where TOperation : struct, IOperation
    {
        if (outer <= 0 || inner <= 0)
            return;
        int length = PartLength(inner);
        int parts = Parts(outer, axis, inner);
        var body = new Body<TOperation>
        {
            X = x,
            Y = parts == 1 ? y : workspace,
            Axis = axis,
            Inner = inner,
            Parts = parts,
            PartLength = length,
            Blocks = inner == 1 ? 1 : (inner + ColumnUnit - 1) / ColumnUnit,
        };
        For(pool, ref body, outer, parts, axis);
        if (parts == 1)
            return;

        // The results of the parts are an array [outer, parts, inner] to be reduced alike.
        body.X = workspace;
        body.Y = y;
        body.Axis = parts;
        body.Parts = 1;
        body.PartLength = parts;
        For(pool, ref body, outer, 1, parts);
    }

    private static void For<TOperation>(WorkerPool pool, ref Body<TOperation> body, int outer, int parts, int axis)
        where TOperation : struct, IOperation
    {
        int units = checked(outer * parts * body.Blocks);
        long each = Math.Max(1, (long)axis * body.Inner / ((long)parts * body.Blocks));
        int grain = (int)Math.Clamp(SerialSize / 2 / each, 1, units);
        pool.ForVec(units, each * units <= SerialSize ? units : grain, ref body);
    }

    private struct Body<TOperation> : IVecRangeBody
        where TOperation : struct, IOperation
    {
        public float* X, Y;
        public int Axis, Inner, Parts, PartLength, Blocks;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
            {
                int block = i % Blocks, rest = i / Blocks;
                int part = rest % Parts, outer = rest / Parts;
                int first = part * PartLength;
                int length = part == Parts - 1 ? Axis - first : PartLength;
                float* from = X + ((((long)outer * Axis) + first) * Inner);
                float* to = Y + ((((long)outer * Parts) + part) * Inner);
                if (Inner == 1)
                {
                    *to = Row<TVec, TOperation>(from, length);
                    continue;
                }

                int j = block * ColumnUnit, last = Math.Min(Inner, j + ColumnUnit);
                for (; j + (4 * TVec.Count) <= last; j += 4 * TVec.Count)
                    Columns4<TVec, TOperation>(from + j, length, Inner, to + j);
                for (; j < last; j += TVec.Count)
                    Columns1<TVec, TOperation>(from + j, length, Inner, to + j, last - j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Row<TVec, TOperation>(float* x, int count)
        where TVec : struct, IVec<TVec>
        where TOperation : struct, IOperation
    {
        var start = TVec.Broadcast(TOperation.Start);
        TVec s0 = start, s1 = start, s2 = start, s3 = start;
        int i = 0;
        for (; i + (4 * TVec.Count) <= count; i += 4 * TVec.Count)
        {
            s0 = TOperation.Join(s0, TVec.Load(x + i));
            s1 = TOperation.Join(s1, TVec.Load(x + i + TVec.Count));
            s2 = TOperation.Join(s2, TVec.Load(x + i + (2 * TVec.Count)));
            s3 = TOperation.Join(s3, TVec.Load(x + i + (3 * TVec.Count)));
        }

        for (; i < count; i += TVec.Count)
            s0 = TOperation.Join(s0, VecTail.Load(x + i, count - i, start));
        s0 = TOperation.Join(TOperation.Join(s0, s1), TOperation.Join(s2, s3));

        float* lanes = stackalloc float[TVec.Count];
        s0.Store(lanes);
        var sum = Vec128.Load(lanes);
        for (int lane = 4; lane < TVec.Count; lane += 4)
            sum = TOperation.Join(sum, Vec128.Load(lanes + lane));
        sum.Store(lanes);
        var pair = TOperation.Join(
            TOperation.Join(Vec128.Broadcast(lanes[0]), Vec128.Broadcast(lanes[1])),
            TOperation.Join(Vec128.Broadcast(lanes[2]), Vec128.Broadcast(lanes[3])));
        return pair.Value[0];
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Columns4<TVec, TOperation>(float* x, int count, long stride, float* y)
        where TVec : struct, IVec<TVec>
        where TOperation : struct, IOperation
    {
        var start = TVec.Broadcast(TOperation.Start);
        TVec s0 = start, s1 = start, s2 = start, s3 = start;
        for (int i = 0; i < count; i++, x += stride)
        {
            s0 = TOperation.Join(s0, TVec.Load(x));
            s1 = TOperation.Join(s1, TVec.Load(x + TVec.Count));
            s2 = TOperation.Join(s2, TVec.Load(x + (2 * TVec.Count)));
            s3 = TOperation.Join(s3, TVec.Load(x + (3 * TVec.Count)));
        }

        s0.Store(y);
        s1.Store(y + TVec.Count);
        s2.Store(y + (2 * TVec.Count));
        s3.Store(y + (3 * TVec.Count));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Columns1<TVec, TOperation>(float* x, int count, long stride, float* y, int width)
        where TVec : struct, IVec<TVec>
        where TOperation : struct, IOperation
    {
        var start = TVec.Broadcast(TOperation.Start);
        TVec s0 = start, s1 = start;
        int i = 0;
        for (; i + 2 <= count; i += 2, x += 2 * stride)
        {
            s0 = TOperation.Join(s0, VecTail.Load<TVec>(x, width));
            s1 = TOperation.Join(s1, VecTail.Load<TVec>(x + stride, width));
        }

        if (i < count)
            s0 = TOperation.Join(s0, VecTail.Load<TVec>(x, width));
        VecTail.Store(TOperation.Join(s0, s1), y, width);
    }

    private readonly struct Sum : IOperation
    {
        public static float Start => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Join<TVec>(TVec sum, TVec x)
            where TVec : struct, IVec<TVec> => sum + x;
    }

    private readonly struct Prod : IOperation
    {
        public static float Start => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Join<TVec>(TVec sum, TVec x)
            where TVec : struct, IVec<TVec> => sum * x;
    }

    private readonly struct Max : IOperation
    {
        public static float Start => float.NegativeInfinity;

        // A NaN on either side stays.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Join<TVec>(TVec sum, TVec x)
            where TVec : struct, IVec<TVec> => TVec.Select(TVec.Equal(x, x), TVec.Max(x, sum), x);
    }

    private readonly struct Min : IOperation
    {
        public static float Start => float.PositiveInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Join<TVec>(TVec sum, TVec x)
            where TVec : struct, IVec<TVec> => TVec.Select(TVec.Equal(x, x), TVec.Min(x, sum), x);
    }
}
