using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Random numbers by counting (Philox4x32-10, Salmon et al. 2011): a number follows from the seed, the step and its
/// place alone, so the bits are the same at any vector width and on any number of threads.
/// </summary>
/// <remarks>
/// The key is the seed, the counter the number of a block of four words and the step. Sixteen blocks make a group of 64
/// values: the first words of all, then the second words and so on, so that whole vectors are stored.
/// </remarks>
internal static unsafe class PhiloxRandom
{
    private const int Group = 64;

    private enum Kind
    {
        Uniform,
        Normal,
        Mask,
    }

    /// <summary>Uniform in [0, 1), multiples of 2^-24.</summary>
    public static void Uniform(WorkerPool pool, float* output, int count, ulong seed, int step)
        => Run(pool, Kind.Uniform, output, count, seed, step, 0, 0);

    /// <summary>Standard normal, by Box and Muller's transformation.</summary>
    public static void Normal(WorkerPool pool, float* output, int count, ulong seed, int step)
        => Run(pool, Kind.Normal, output, count, seed, step, 0, 0);

    /// <summary>0 with probability <paramref name="rate"/>, else 1 / (1 - rate).</summary>
    public static void DropoutMask(WorkerPool pool, float* output, int count, float rate, ulong seed, int step)
        => Run(pool, Kind.Mask, output, count, seed, step, rate, rate < 1 ? 1 / (1 - rate) : 0);

    private static void Run(WorkerPool pool, Kind kind, float* output, int count, ulong seed, int step, float rate, float scale)
    {
        var body = new Body { Kind = kind, Output = output, Count = count, Seed = seed, Step = step, Rate = rate, Scale = scale };
        pool.ForRows((int)(((long)count + Group - 1) / Group), Group * 16, ref body);
    }

    private struct Body : IVecRangeBody
    {
        public Kind Kind;
        public float* Output;
        public int Count, Step;
        public ulong Seed;
        public float Rate, Scale;

        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            float* last = stackalloc float[Group];
            for (int group = begin; group < end; group++)
            {
                long first = (long)group * Group;
                int rest = (int)Math.Min(Group, Count - first);
                float* to = rest == Group ? Output + first : last;
                for (int lane = 0; lane < 16; lane += TVec.Count)
                    Blocks<TVec>((group * 16) + lane, to + lane);
                if (rest < Group)
                    new ReadOnlySpan<float>(last, rest).CopyTo(new Span<float>(Output + first, rest));
            }
        }

        private readonly void Blocks<TVec>(int block, float* to)
            where TVec : struct, IVec<TVec>
        {
            var w0 = TVec.AddInt(TVec.BroadcastInt(block), TVec.IndicesInt);
            TVec w1 = TVec.Zero, w2 = TVec.BroadcastInt(Step), w3 = TVec.Zero;
            uint key0 = (uint)Seed, key1 = (uint)(Seed >> 32);
            var factor0 = TVec.BroadcastInt(unchecked((int)0xD2511F53));
            var factor1 = TVec.BroadcastInt(unchecked((int)0xCD9E8D57));
            for (int round = 0; round < 10; round++)
            {
                var high0 = TVec.MulHighUInt(factor0, w0);
                var low0 = TVec.MulInt(factor0, w0);
                var high1 = TVec.MulHighUInt(factor1, w2);
                var low1 = TVec.MulInt(factor1, w2);
                w0 = high1 ^ w1 ^ TVec.BroadcastInt((int)key0);
                w1 = low1;
                w2 = high0 ^ w3 ^ TVec.BroadcastInt((int)key1);
                w3 = low0;
                unchecked
                {
                    key0 += 0x9E3779B9;
                    key1 += 0xBB67AE85;
                }
            }

            if (Kind == Kind.Normal)
            {
                Pair(w0, w1, out w0, out w1);
                Pair(w2, w3, out w2, out w3);
            }
            else
            {
                w0 = ToUniform(w0);
                w1 = ToUniform(w1);
                w2 = ToUniform(w2);
                w3 = ToUniform(w3);
                if (Kind == Kind.Mask)
                {
                    TVec rate = TVec.Broadcast(Rate), scale = TVec.Broadcast(Scale);
                    w0 = TVec.GreaterOrEqual(w0, rate) & scale;
                    w1 = TVec.GreaterOrEqual(w1, rate) & scale;
                    w2 = TVec.GreaterOrEqual(w2, rate) & scale;
                    w3 = TVec.GreaterOrEqual(w3, rate) & scale;
                }
            }

            w0.Store(to);
            w1.Store(to + 16);
            w2.Store(to + 32);
            w3.Store(to + 48);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVec ToUniform<TVec>(TVec word)
            where TVec : struct, IVec<TVec>
            => TVec.FromInt(TVec.ShiftRightUInt(word, 8)) * TVec.Broadcast(1f / (1 << 24));

        /// <summary>Two words to two normal values.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Pair<TVec>(TVec a, TVec b, out TVec first, out TVec second)
            where TVec : struct, IVec<TVec>
        {
            // The logarithm's argument is in (0, 1].
            var u = ToUniform(a) + TVec.Broadcast(1f / (1 << 24));
            var radius = TVec.Sqrt(VecMath.Log(u) * TVec.Broadcast(-2f));
            var angle = ToUniform(b) * TVec.Broadcast(2 * MathF.PI);
            first = radius * VecMath.Cos(angle);
            second = radius * VecMath.Sin(angle);
        }
    }
}
