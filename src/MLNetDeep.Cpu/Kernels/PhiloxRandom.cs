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
    /// <summary>Floats that <see cref="DropoutMaskRange"/> may need beyond those asked for.</summary>
    public const int RangeMargin = 2 * Group;

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

    /// <summary>
    /// The elements from <paramref name="begin"/> up to <paramref name="end"/> of what <see cref="DropoutMask"/> gives, made by the calling thread for its own use.
    /// </summary>
    /// <param name="room">Room for as many and <see cref="RangeMargin"/> more.</param>
    /// <param name="begin">The first element.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="rate">The share of zeros.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="step">Step.</param>
    /// <returns>Where in the room the first element stands.</returns>
    public static float* DropoutMaskRange<TVec>(float* room, long begin, long end, float rate, ulong seed, int step)
        where TVec : struct, IVec<TVec>
    {
        long first = begin / Group, last = (end + Group - 1) / Group;
        var body = new Body { Kind = Kind.Mask, Output = room - (first * Group), Count = last * Group, Seed = seed, Step = step, Rate = rate, Scale = 1 / (1 - rate) };
        body.Run<TVec>((int)first, (int)last, 0);
        return room + (begin - (first * Group));
    }

    private static void Run(WorkerPool pool, Kind kind, float* output, int count, ulong seed, int step, float rate, float scale)
    {
        var body = new Body { Kind = kind, Output = output, Count = count, Seed = seed, Step = step, Rate = rate, Scale = scale };
        pool.ForRows((int)(((long)count + Group - 1) / Group), Group * 16, ref body);
    }

    private struct Body : IVecRangeBody
    {
        public Kind Kind;
        public float* Output;
        public long Count;
        public int Step;
        public ulong Seed;
        public float Rate, Scale;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            float* last = stackalloc float[Group];
            for (int group = begin; group < end; group++)
            {
                long first = (long)group * Group;
                int rest = (int)Math.Min(Group, Count - first);
                float* to = rest == Group ? Output + first : last;

                // Two vectors of blocks at a time hide the latency of the multiplications.
                if (TVec.Count == 16)
                {
                    Blocks<TVec>(group * 16, to);
                }
                else
                {
                    for (int lane = 0; lane < 16; lane += 2 * TVec.Count)
                        TwiceBlocks<TVec>((group * 16) + lane, to + lane);
                }

                Finish<TVec>(to);
                if (rest < Group)
                    new ReadOnlySpan<float>(last, rest).CopyTo(new Span<float>(Output + first, rest));
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Blocks<TVec>(int block, float* to)
            where TVec : struct, IVec<TVec>
        {
            var w0 = TVec.AddInt(TVec.BroadcastInt(block), TVec.IndicesInt);
            TVec w1 = TVec.Zero, w2 = TVec.BroadcastInt(Step), w3 = TVec.Zero;
            uint key0 = (uint)Seed, key1 = (uint)(Seed >> 32);
            for (int round = 0; round < 10; round++)
                Round(ref w0, ref w1, ref w2, ref w3, ref key0, ref key1);
            Put(w0, w1, w2, w3, to);
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void TwiceBlocks<TVec>(int block, float* to)
            where TVec : struct, IVec<TVec>
        {
            var v0 = TVec.AddInt(TVec.BroadcastInt(block), TVec.IndicesInt);
            var w0 = TVec.AddInt(TVec.BroadcastInt(block + TVec.Count), TVec.IndicesInt);
            TVec v1 = TVec.Zero, v2 = TVec.BroadcastInt(Step), v3 = TVec.Zero;
            TVec w1 = TVec.Zero, w2 = v2, w3 = TVec.Zero;
            uint key0 = (uint)Seed, key1 = (uint)(Seed >> 32);
            for (int round = 0; round < 10; round++)
            {
                uint same0 = key0, same1 = key1;
                Round(ref v0, ref v1, ref v2, ref v3, ref same0, ref same1);
                Round(ref w0, ref w1, ref w2, ref w3, ref key0, ref key1);
            }

            Put(v0, v1, v2, v3, to);
            Put(w0, w1, w2, w3, to + TVec.Count);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Round<TVec>(ref TVec w0, ref TVec w1, ref TVec w2, ref TVec w3, ref uint key0, ref uint key1)
            where TVec : struct, IVec<TVec>
        {
            var factor0 = TVec.BroadcastInt(unchecked((int)0xD2511F53));
            var factor1 = TVec.BroadcastInt(unchecked((int)0xCD9E8D57));
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

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Put<TVec>(TVec w0, TVec w1, TVec w2, TVec w3, float* to)
            where TVec : struct, IVec<TVec>
        {
            w0.Store(to);
            w1.Store(to + 16);
            w2.Store(to + 32);
            w3.Store(to + 48);
        }

        /// <summary>
        /// Turns a group's words into what is asked for. A method for each kind: the JIT inlines only so much into one.
        /// </summary>
        private readonly void Finish<TVec>(float* words)
            where TVec : struct, IVec<TVec>
        {
            switch (Kind)
            {
                case Kind.Normal:
                    Normals<TVec>(words);
                    break;
                case Kind.Mask:
                    Masks<TVec>(words, Rate, Scale);
                    break;
                default:
                    Uniforms<TVec>(words);
                    break;
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static void Uniforms<TVec>(float* words)
            where TVec : struct, IVec<TVec>
        {
            for (int i = 0; i < Group; i += TVec.Count)
                ToUniform(TVec.Load(words + i)).Store(words + i);
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static void Masks<TVec>(float* words, float rate, float scale)
            where TVec : struct, IVec<TVec>
        {
            TVec least = TVec.Broadcast(rate), kept = TVec.Broadcast(scale);
            for (int i = 0; i < Group; i += TVec.Count)
                (TVec.GreaterOrEqual(ToUniform(TVec.Load(words + i)), least) & kept).Store(words + i);
        }

        /// <summary>Box and Muller: the first and second words of a block make two values, and the third and fourth.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static void Normals<TVec>(float* words)
            where TVec : struct, IVec<TVec>
        {
            for (int half = 0; half < Group; half += 32)
            {
                for (int i = half; i < half + 16; i += TVec.Count)
                {
                    // The logarithm's argument is in (0, 1].
                    var u = ToUniform(TVec.Load(words + i)) + TVec.Broadcast(1f / (1 << 24));
                    var radius = TVec.Sqrt(VecMath.Log(u) * TVec.Broadcast(-2f));
                    var angle = ToUniform(TVec.Load(words + i + 16)) * TVec.Broadcast(2 * MathF.PI);
                    (radius * VecMath.Cos(angle)).Store(words + i);
                    (radius * VecMath.Sin(angle)).Store(words + i + 16);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVec ToUniform<TVec>(TVec word)
            where TVec : struct, IVec<TVec>
            => TVec.FromInt(TVec.ShiftRightUInt(word, 8)) * TVec.Broadcast(1f / (1 << 24));
    }
}
