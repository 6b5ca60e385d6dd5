using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Convolutions, and gradients for their input, from tiles of pixels and channels. A thread takes a band of rows of an
/// image, copies it with its zeros if it has any, and sums straight from there.
/// </summary>
internal static unsafe class ConvDirect
{
    /// <summary>Multiply-adds that are not worth another thread.</summary>
    private const long SerialWork = 200_000;

    /// <summary>An estimate of processor cycles for an image, in vectors of 8; see <see cref="ConvWinograd.Cost"/>.</summary>
    public static double Cost(in ConvShape s) => s.OutPixels * (double)s.Depth * ((s.Filters + 15) / 16) * 1.15;

    public static long WorkspaceSize(in ConvPlan plan, int threads)
        => plan.TableSize + plan.PackedSize + (threads * (plan.BandSize + plan.PixelsSize));

    public static void Run(WorkerPool pool, ConvPlan plan, float* source, float* w, float* target, float* bias, bool relu, float* workspace)
    {
        ref readonly var s = ref plan.Shape;
        if (s.Batch == 0 || plan.PhaseRows <= 0 || plan.PhaseColumns <= 0)
            return;
        int width = 2 * (int)CpuFeatures.Width;
        plan.FillTables(workspace, width);
        workspace += plan.TableSize;
        var packing = new PackBody { Plan = plan, W = w, Packed = workspace, Panels = (plan.GroupColumns + width - 1) / width };
        long panelSize = (long)s.Taps * plan.GroupDepth * width;
        int all = s.IsDepthwise ? 1 : s.Groups * packing.Panels;
        pool.ForVec(all, (int)Math.Clamp(16384 / Math.Max(panelSize, 1), 1, all), ref packing);

        // Some bands for every thread; where they end changes no bit.
        int bands = (plan.PhaseRows + plan.BandRowsMost - 1) / plan.BandRowsMost;
        long perImage = s.Work / s.Batch;
        bool serial = s.Work <= SerialWork || pool.Threads == 1;
        if (!serial && s.Batch * bands < 4 * pool.Threads)
        {
            long wanted = Math.Min(((4L * pool.Threads) + s.Batch - 1) / s.Batch, 1 + (perImage / (SerialWork / 4)));
            bands = (int)Math.Clamp(wanted, bands, plan.PhaseRows);
        }

        var body = new Body
        {
            Plan = plan,
            Source = source,
            Packed = workspace,
            Target = target,
            Bias = bias,
            LastFlags = relu ? GemmTile.Relu : 0,
            Bands = bands,
            Scratch = workspace + plan.PackedSize,
            ScratchSize = plan.BandSize + plan.PixelsSize,
        };
        int items = s.Batch * bands;
        pool.ForVec(items, serial ? items : (int)Math.Clamp(SerialWork / 4 * bands / Math.Max(perImage, 1), 1, items), ref body);
    }

    private struct PackBody : IVecRangeBody
    {
        public ConvPlan Plan;
        public float* W, Packed;
        public int Panels;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
                Plan.Pack<TVec>(W, Packed, i / Panels, i % Panels);
        }
    }

    private struct Body : IVecRangeBody
    {
        public ConvPlan Plan;
        public float* Source, Packed, Target, Bias, Scratch;
        public long ScratchSize;
        public int LastFlags, Bands;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
                Band<TVec>(i / Bands, i % Bands, Scratch + (worker * ScratchSize));
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Band<TVec>(int image, int band, float* scratch)
            where TVec : struct, IVec<TVec>
        {
            int rows = Plan.PhaseRows;
            int begin = (int)((long)rows * band / Bands), end = (int)((long)rows * (band + 1) / Bands);
            float* source = Source + (image * Plan.Frame.SourceSize);
            float* target = Target + ((long)image * Plan.Height * Plan.Width * Plan.Channels);
            if (Plan.Frame.Copy)
            {
                int first = (begin * Plan.StepY) + Plan.FirstY;
                Plan.Frame.CopyRows(source, first, first + (int)Plan.FrameRows(end - begin), scratch);
                source = scratch - (first * Plan.Frame.RowStride);
            }

            long* at = (long*)(scratch + Plan.BandSize);
            long* to = at + (Plan.PixelsSize / 4);
            for (int i = 0; i < Plan.PhasesY * Plan.PhasesX; i++)
            {
                ref var phase = ref Plan.Phases[i];
                int count = Plan.FillPixels(phase, begin, Math.Min(end, phase.Rows), at, to);
                if (count == 0)
                    continue;
                if (Plan.Shape.IsDepthwise)
                {
                    DepthwiseTile.Run<TVec>(
                        source, at, count, Plan.Runs + phase.FirstRun, phase.Taps, Packed + ((long)phase.FirstTap * Plan.Channels),
                        Plan.Channels, target, to, Bias, LastFlags);
                }
                else
                {
                    Phase<TVec>(phase, count, source, target, at, to);
                }
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Phase<TVec>(in ConvPhase phase, int count, float* source, float* target, long* at, long* to)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>();
            int panels = (Plan.GroupColumns + width - 1) / width;
            int atOnce = ConvPlan.RunsAtOnce(phase);
            long panelSize = (long)phase.Taps * Plan.GroupDepth * width;
            for (int group = 0; group < Plan.Shape.Groups; group++)
            {
                int run = 0;
                do
                {
                    int runs = Math.Min(atOnce, phase.Runs - run);
                    int flags = run > 0 ? GemmTile.Add : 0;
                    bool last = run + runs == phase.Runs;
                    if (last)
                        flags |= LastFlags;
                    for (int panel = 0; panel < panels; panel++)
                    {
                        int column = (group * Plan.GroupColumns) + (panel * width);
                        int columns = Math.Min(width, Plan.GroupColumns - (panel * width));
                        float* b = Packed + phase.Packed + (((group * panels) + panel) * panelSize) + ((long)run * phase.RunLength * width);
                        float* bias = last && Bias != null ? Bias + column : null;
                        float* a = source + (group * Plan.GroupDepth);
                        ConvTile.Run<TVec>(
                            a, at, Plan.Runs + phase.FirstRun + run, runs, phase.RunLength, 1, b, width,
                            target + column, to, count, columns, bias, flags);
                    }

                    run += runs;
                }
                while (run < phase.Runs);
            }
        }
    }
}
