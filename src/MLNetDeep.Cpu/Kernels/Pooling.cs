using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Pooling over windows of images, in vectors of channels. A window without cells gives 0.</summary>
internal static unsafe class Pooling
{
    /// <summary>The greatest value of each window.</summary>
    public static void MaxForward(WorkerPool pool, in PoolShape s, float* x, float* y)
    {
        var body = new GatherBody { Shape = s, Kind = Kind.Max, X = x, Y = y };
        Gather(pool, ref body);
    }

    /// <summary>The gradient of <see cref="MaxForward"/>: a window's goes to the first of its greatest cells.</summary>
    public static void MaxBackward(WorkerPool pool, in PoolShape s, float* x, float* y, float* dy, float* dx)
    {
        var body = new ScatterBody { Shape = s, X = x, Y = y, Dy = dy, Dx = dx };
        Scatter(pool, ref body);
    }

    /// <summary>The gradient of <see cref="MaxBackward"/> for dy: of each window the value of g where x is greatest.</summary>
    public static void MaxGradGrad(WorkerPool pool, in PoolShape s, float* x, float* y, float* g, float* target)
    {
        var body = new GatherBody { Shape = s, Kind = Kind.AtMax, X = x, Y = target, Max = y, G = g };
        Gather(pool, ref body);
    }

    /// <summary>The mean of each window.</summary>
    public static void AverageForward(WorkerPool pool, in PoolShape s, float* x, float* y)
    {
        var body = new GatherBody { Shape = s, Kind = Kind.Average, X = x, Y = y };
        Gather(pool, ref body);
    }

    /// <summary>The gradient of <see cref="AverageForward"/>.</summary>
    public static void AverageBackward(WorkerPool pool, in PoolShape s, float* dy, float* dx)
    {
        var body = new ScatterBody { Shape = s, Dy = dy, Dx = dx };
        Scatter(pool, ref body);
    }

    private static void Gather(WorkerPool pool, ref GatherBody body)
    {
        ref readonly var s = ref body.Shape;
        pool.ForRows(s.Batch * s.OutHeight, (long)s.OutWidth * s.WindowHeight * s.WindowWidth * Math.Max(s.Channels, 4), ref body);
    }

    private static void Scatter(WorkerPool pool, ref ScatterBody body)
    {
        // An image's windows may share cells, so one thread does them all; channels can be shared out.
        ref readonly var s = ref body.Shape;
        int parts = s.Batch >= 2 * pool.Threads ? 1 : Math.Clamp(2 * pool.Threads / Math.Max(s.Batch, 1), 1, Math.Max(1, s.Channels / 16));
        body.Parts = parts;
        long cost = (long)s.OutHeight * s.OutWidth * s.WindowHeight * s.WindowWidth * Math.Max(s.Channels, 4);
        pool.ForRows(s.Batch * parts, cost / parts, ref body);
    }

    private static bool IsTwoByTwo(in PoolShape s) => s.WindowHeight == 2 && s.WindowWidth == 2;

    private enum Kind
    {
        Max,
        AtMax,
        Average,
    }

    /// <summary>Values of y from windows of x; an item is a row of y.</summary>
    private struct GatherBody : IVecRangeBody
    {
        public PoolShape Shape;
        public Kind Kind;
        public float* X, Y, Max, G;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
            {
                int image = i / Shape.OutHeight, row = i % Shape.OutHeight;
                long from = (long)image * Shape.Height * Shape.Width * Shape.Channels;
                long to = (long)i * Shape.OutWidth * Shape.Channels;
                var (first, limit) = IsTwoByTwo(Shape) && Kind != Kind.AtMax ? PoolWindow.Inside(Shape, row) : (0, 0);
                for (int column = 0; column < Shape.OutWidth; column++, to += Shape.Channels)
                {
                    if (column == first && first < limit)
                    {
                        long corner = (((((long)row * Shape.StrideH) - Shape.PadTop) * Shape.Width) + ((long)column * Shape.StrideW) - Shape.PadLeft) * Shape.Channels;
                        TwoByTwo<TVec>(X + from + corner, Y + to, limit - first);
                        to += (long)(limit - first - 1) * Shape.Channels;
                        column = limit - 1;
                        continue;
                    }

                    var window = new PoolWindow(Shape, row, column);
                    if (window.Cells == 0)
                        new Span<float>(Y + to, Shape.Channels).Clear();
                    else if (Kind == Kind.Max)
                        Greatest<TVec>(window, X + from, Y + to);
                    else if (Kind == Kind.Average)
                        Mean<TVec>(window, X + from, Y + to);
                    else
                        AtGreatest<TVec>(window, X + from, Max + to, G + from, Y + to);
                }
            }
        }

        /// <summary>Windows of 2x2 cells side by side.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void TwoByTwo<TVec>(float* x, float* y, int count)
            where TVec : struct, IVec<TVec>
        {
            int channels = Shape.Channels;
            bool max = Kind == Kind.Max;
            long stride = (long)Shape.Width * channels, step = (long)Shape.StrideW * channels;
            var quarter = TVec.Broadcast(0.25f);
            for (int i = 0; i < count; i++, x += step, y += channels)
            {
                for (int j = 0; j < channels; j += TVec.Count)
                {
                    int rest = channels - j;
                    float* cell = x + j;
                    TVec a = VecTail.Load<TVec>(cell, rest), b = VecTail.Load<TVec>(cell + channels, rest);
                    TVec c = VecTail.Load<TVec>(cell + stride, rest), d = VecTail.Load<TVec>(cell + stride + channels, rest);
                    VecTail.Store(max ? TVec.Max(TVec.Max(TVec.Max(a, b), c), d) : (a + b + c + d) * quarter, y + j, rest);
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Greatest<TVec>(in PoolWindow window, float* x, float* y)
            where TVec : struct, IVec<TVec>
        {
            int channels = Shape.Channels;
            long stride = (long)Shape.Width * channels;
            float* corner = x + (window.Top * stride) + ((long)window.Left * channels);
            int rows = window.Bottom - window.Top, columns = window.Right - window.Left;
            for (int c = 0; c < channels; c += TVec.Count)
            {
                int rest = channels - c;
                var greatest = VecTail.Load<TVec>(corner + c, rest);
                for (int i = 0; i < rows; i++)
                {
                    float* cell = corner + (i * stride) + c;
                    for (int j = 0; j < columns; j++, cell += channels)
                        greatest = TVec.Max(greatest, VecTail.Load<TVec>(cell, rest));
                }

                VecTail.Store(greatest, y + c, rest);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Mean<TVec>(in PoolWindow window, float* x, float* y)
            where TVec : struct, IVec<TVec>
        {
            int channels = Shape.Channels;
            long stride = (long)Shape.Width * channels;
            float* corner = x + (window.Top * stride) + ((long)window.Left * channels);
            int rows = window.Bottom - window.Top, columns = window.Right - window.Left;
            var scale = TVec.Broadcast(1f / (rows * columns));
            for (int c = 0; c < channels; c += TVec.Count)
            {
                int rest = channels - c;
                var sum = TVec.Zero;
                for (int i = 0; i < rows; i++)
                {
                    float* cell = corner + (i * stride) + c;
                    for (int j = 0; j < columns; j++, cell += channels)
                        sum += VecTail.Load<TVec>(cell, rest);
                }

                VecTail.Store(sum * scale, y + c, rest);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void AtGreatest<TVec>(in PoolWindow window, float* x, float* max, float* g, float* y)
            where TVec : struct, IVec<TVec>
        {
            int channels = Shape.Channels;
            long stride = (long)Shape.Width * channels;
            long corner = (window.Top * stride) + ((long)window.Left * channels);
            int rows = window.Bottom - window.Top, columns = window.Right - window.Left;
            for (int c = 0; c < channels; c += TVec.Count)
            {
                int rest = channels - c;
                var greatest = VecTail.Load<TVec>(max + c, rest);
                var found = TVec.Zero;
                var value = TVec.Zero;
                for (int i = 0; i < rows; i++)
                {
                    long cell = corner + (i * stride) + c;
                    for (int j = 0; j < columns; j++, cell += channels)
                    {
                        var here = TVec.AndNot(TVec.Equal(VecTail.Load<TVec>(x + cell, rest), greatest), found);
                        found |= here;
                        value |= here & VecTail.Load<TVec>(g + cell, rest);
                    }
                }

                VecTail.Store(value, y + c, rest);
            }
        }
    }

    /// <summary>Gradients of windows to the cells of x; an item is a part of an image's channels.</summary>
    private struct ScatterBody : IVecRangeBody
    {
        public PoolShape Shape;
        public float* X, Y, Dy, Dx;
        public int Parts;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            int vectors = (Shape.Channels + 15) / 16;
            for (int i = begin; i < end; i++)
            {
                int image = i / Parts, part = i % Parts;
                int first = (int)((long)vectors * part / Parts) * 16;
                int limit = Math.Min(Shape.Channels, (int)((long)vectors * (part + 1) / Parts) * 16);
                Image<TVec>(image, first, limit);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Image<TVec>(int image, int first, int limit)
            where TVec : struct, IVec<TVec>
        {
            int channels = Shape.Channels;
            long from = (long)image * Shape.Height * Shape.Width * channels;
            long to = (long)image * Shape.OutHeight * Shape.OutWidth * channels;
            bool alone = Shape.StrideH == Shape.WindowHeight && Shape.StrideW == Shape.WindowWidth;
            bool covered = alone && Shape.PadTop == 0 && Shape.PadLeft == 0
                && Shape.OutHeight * Shape.StrideH >= Shape.Height && Shape.OutWidth * Shape.StrideW >= Shape.Width;
            if (!covered)
            {
                for (long pixel = 0; pixel < (long)Shape.Height * Shape.Width; pixel++)
                    new Span<float>(Dx + from + (pixel * channels) + first, limit - first).Clear();
            }

            for (int row = 0; row < Shape.OutHeight; row++)
            {
                var (inside, outside) = IsTwoByTwo(Shape) && alone ? PoolWindow.Inside(Shape, row) : (0, 0);
                for (int column = 0; column < Shape.OutWidth; column++, to += channels)
                {
                    if (column == inside && inside < outside)
                    {
                        long corner = (((((long)row * 2) - Shape.PadTop) * Shape.Width) + ((long)column * 2) - Shape.PadLeft) * channels;
                        TwoByTwo<TVec>(from + corner, to, outside - inside, first, limit);
                        to += (long)(outside - inside - 1) * channels;
                        column = outside - 1;
                        continue;
                    }

                    var window = new PoolWindow(Shape, row, column);
                    if (window.Cells == 0)
                        continue;
                    if (X != null)
                        ToGreatest<TVec>(window, from, to, first, limit, !alone);
                    else
                        ToAll<TVec>(window, from, to, first, limit, !alone);
                }
            }
        }

        /// <summary>Windows of 2x2 cells side by side, each with cells of its own.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void TwoByTwo<TVec>(long from, long to, int count, int first, int limit)
            where TVec : struct, IVec<TVec>
        {
            int channels = Shape.Channels;
            long stride = (long)Shape.Width * channels;
            var quarter = TVec.Broadcast(0.25f);
            for (int i = 0; i < count; i++, from += 2L * channels, to += channels)
            {
                for (int j = first; j < limit; j += TVec.Count)
                {
                    int rest = limit - j;
                    long a = from + j, b = a + channels, c = a + stride, d = c + channels;
                    var gradient = VecTail.Load<TVec>(Dy + to + j, rest);
                    if (X == null)
                    {
                        gradient *= quarter;
                        VecTail.Store(gradient, Dx + a, rest);
                        VecTail.Store(gradient, Dx + b, rest);
                        VecTail.Store(gradient, Dx + c, rest);
                        VecTail.Store(gradient, Dx + d, rest);
                        continue;
                    }

                    var greatest = VecTail.Load<TVec>(Y + to + j, rest);
                    TVec atA = TVec.Equal(VecTail.Load<TVec>(X + a, rest), greatest), atB = TVec.Equal(VecTail.Load<TVec>(X + b, rest), greatest);
                    TVec atC = TVec.Equal(VecTail.Load<TVec>(X + c, rest), greatest), atD = TVec.Equal(VecTail.Load<TVec>(X + d, rest), greatest);
                    TVec above = atA | atB;
                    VecTail.Store(atA & gradient, Dx + a, rest);
                    VecTail.Store(TVec.AndNot(atB, atA) & gradient, Dx + b, rest);
                    VecTail.Store(TVec.AndNot(atC, above) & gradient, Dx + c, rest);
                    VecTail.Store(TVec.AndNot(atD, above | atC) & gradient, Dx + d, rest);
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void ToGreatest<TVec>(in PoolWindow window, long from, long to, int first, int limit, bool add)
            where TVec : struct, IVec<TVec>
        {
            int channels = Shape.Channels;
            long stride = (long)Shape.Width * channels;
            from += (window.Top * stride) + ((long)window.Left * channels);
            int rows = window.Bottom - window.Top, columns = window.Right - window.Left;
            for (int c = first; c < limit; c += TVec.Count)
            {
                int rest = limit - c;
                var greatest = VecTail.Load<TVec>(Y + to + c, rest);
                var gradient = VecTail.Load<TVec>(Dy + to + c, rest);
                var found = TVec.Zero;
                for (int i = 0; i < rows; i++)
                {
                    long cell = from + (i * stride) + c;
                    for (int j = 0; j < columns; j++, cell += channels)
                    {
                        var here = TVec.AndNot(TVec.Equal(VecTail.Load<TVec>(X + cell, rest), greatest), found);
                        found |= here;
                        var value = here & gradient;
                        if (add)
                            value += VecTail.Load<TVec>(Dx + cell, rest);
                        VecTail.Store(value, Dx + cell, rest);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void ToAll<TVec>(in PoolWindow window, long from, long to, int first, int limit, bool add)
            where TVec : struct, IVec<TVec>
        {
            int channels = Shape.Channels;
            long stride = (long)Shape.Width * channels;
            from += (window.Top * stride) + ((long)window.Left * channels);
            int rows = window.Bottom - window.Top, columns = window.Right - window.Left;
            var scale = TVec.Broadcast(1f / (rows * columns));
            for (int c = first; c < limit; c += TVec.Count)
            {
                int rest = limit - c;
                var gradient = VecTail.Load<TVec>(Dy + to + c, rest) * scale;
                for (int i = 0; i < rows; i++)
                {
                    long cell = from + (i * stride) + c;
                    for (int j = 0; j < columns; j++, cell += channels)
                    {
                        var value = gradient;
                        if (add)
                            value += VecTail.Load<TVec>(Dx + cell, rest);
                        VecTail.Store(value, Dx + cell, rest);
                    }
                }
            }
        }
    }
}
