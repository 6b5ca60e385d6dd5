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

    /// <summary>Floats before a copied band.</summary>
    private const int HeadSize = 16;

    /// <summary>An estimate of processor cycles for an image, in vectors of 8; see <see cref="ConvWinograd.Cost"/>.</summary>
    public static double Cost(in ConvShape s) => s.OutPixels * (double)s.Depth * ((s.Filters + 15) / 16) * 1.15;

    /// <summary>Floats of the packed weights.</summary>
    public static long WeightsSize(in ConvPlan plan) => plan.PackedSize;

    /// <summary>Floats of workspace that <see cref="Pack"/> needs.</summary>
    public static long PackWorkspaceSize(in ConvPlan plan) => plan.TableSize;

    /// <summary>Floats of workspace beside the packed weights.</summary>
    public static long WorkspaceSize(in ConvPlan plan, int threads) => plan.TableSize + (threads * ScratchSize(plan));

    /// <summary>Weights in the order in which <see cref="Run"/> reads them.</summary>
    public static void Pack(WorkerPool pool, ConvPlan plan, float* w, float* packed, float* workspace)
    {
        int width = 2 * (int)CpuFeatures.Width;
        plan.FillTables(workspace, width);
        var packing = new PackBody { Plan = plan, W = w, Packed = packed, Panels = (plan.GroupColumns + width - 1) / width };
        long panelSize = (long)plan.Shape.Taps * plan.GroupDepth * width;
        int all = plan.Shape.IsDepthwise ? 1 : plan.Shape.Groups * packing.Panels;
        pool.ForVec(all, (int)Math.Clamp(16384 / Math.Max(panelSize, 1), 1, all), ref packing);
    }

    public static void Run(WorkerPool pool, ConvPlan plan, float* source, float* packed, float* target, float* bias, bool relu, float* workspace)
    {
        ref readonly var s = ref plan.Shape;
        if (s.Batch == 0 || plan.PhaseRows <= 0 || plan.PhaseColumns <= 0)
            return;
        int width = 2 * (int)CpuFeatures.Width;
        plan.FillTables(workspace, width);

        // Some items for every thread; what is in one changes no bit.
        long perImage = s.Work / s.Batch;
        bool serial = s.Work <= SerialWork || pool.Threads == 1;
        int images = (int)Math.Clamp(serial ? s.Batch : s.Batch / (4L * pool.Threads), 1, plan.ImagesMost);
        int blocks = (s.Batch + images - 1) / images, bands = (plan.PhaseRows + plan.BandRowsMost - 1) / plan.BandRowsMost, shares = 1;
        if (!serial && blocks * bands < 4 * pool.Threads)
        {
            // Threads share what is larger: the panels of weights, or the rows of the image.
            long wanted = Math.Min(((4L * pool.Threads) + s.Batch - 1) / s.Batch, 1 + (perImage / (SerialWork / 4)));
            if (!s.IsDepthwise && (long)s.Depth * s.Filters > (long)plan.Frame.Height * plan.Frame.Width * plan.Frame.Channels)
                shares = (int)Math.Clamp(wanted / bands, 1, plan.Panels(width));
            bands = (int)Math.Clamp(wanted / shares, bands, plan.PhaseRows);
        }

        var body = new Body
        {
            Plan = plan,
            Source = source,
            Packed = packed,
            Target = target,
            Bias = bias,
            LastFlags = relu ? GemmTile.Relu : 0,
            Images = images,
            Bands = bands,
            Shares = shares,
            Scratch = workspace + plan.TableSize,
            ScratchSize = ScratchSize(plan),
        };
        for (int i = 0; i < pool.Threads; i++)
            *(long*)(body.Scratch + (i * body.ScratchSize)) = -1;
        int items = blocks * bands * shares;
        long perItem = perImage * images / ((long)bands * shares);
        pool.ForVec(items, serial ? items : (int)Math.Clamp(SerialWork / 4 / Math.Max(perItem, 1), 1, items), ref body);
    }

    // The number of the band that the copy is of, copies, offsets.
    private static long ScratchSize(in ConvPlan plan) => HeadSize + (plan.ImagesMost * plan.BandSize) + plan.PixelsSize;

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

    /// <summary>An item is a band of rows of some images and a share of the panels of weights.</summary>
    private struct Body : IVecRangeBody
    {
        public ConvPlan Plan;
        public float* Source, Packed, Target, Bias, Scratch;
        public long ScratchSize;
        public int LastFlags, Images, Bands, Shares;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int i = begin; i < end; i++)
                Band<TVec>(i / Shares, i % Shares, Scratch + (worker * ScratchSize));
        }

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Band<TVec>(int number, int share, float* scratch)
            where TVec : struct, IVec<TVec>
        {
            int rows = Plan.PhaseRows, band = number % Bands, image = number / Bands * Images;
            int images = Math.Min(Images, Plan.Shape.Batch - image);
            int begin = (int)((long)rows * band / Bands), end = (int)((long)rows * (band + 1) / Bands);
            float* source = Source + (image * Plan.Frame.SourceSize);
            float* target = Target + ((long)image * Plan.Height * Plan.Width * Plan.Channels);
            long imageStride = Plan.Frame.SourceSize;
            if (Plan.Frame.Copy)
            {
                int first = (begin * Plan.StepY) + Plan.FirstY;
                float* copy = scratch + HeadSize;
                if (*(long*)scratch != number)
                {
                    for (int i = 0; i < images; i++)
                        Plan.Frame.CopyRows(source + (i * Plan.Frame.SourceSize), first, first + (int)Plan.FrameRows(end - begin), copy + (i * Plan.BandSize));
                    *(long*)scratch = number;
                }

                source = copy - (first * Plan.Frame.RowStride);
                imageStride = Plan.BandSize;
            }

            long* at = (long*)(scratch + HeadSize + (Plan.ImagesMost * Plan.BandSize));
            long* to = at + (Plan.PixelsSize / 4);
            int panels = Plan.Panels(ConvTile.Columns<TVec>()), phasePanels = panels / (Plan.PhasesY * Plan.PhasesX);
            int firstPanel = (int)((long)panels * share / Shares), limit = (int)((long)panels * (share + 1) / Shares);
            for (int i = firstPanel / phasePanels; i * phasePanels < limit; i++)
            {
                ref var phase = ref Plan.Phases[i];
                int count = Plan.FillPixels(phase, begin, Math.Min(end, phase.Rows), images, imageStride, at, to);
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
                    int panelBegin = Math.Max(0, firstPanel - (i * phasePanels)), panelEnd = Math.Min(phasePanels, limit - (i * phasePanels));
                    Phase<TVec>(phase, panelBegin, panelEnd, count, source, target, at, to);
                }
            }
        }

        /// <summary>Some panels of a phase, which are counted through all groups.</summary>
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private readonly void Phase<TVec>(in ConvPhase phase, int panelBegin, int panelEnd, int count, float* source, float* target, long* at, long* to)
            where TVec : struct, IVec<TVec>
        {
            int width = ConvTile.Columns<TVec>();
            int panels = (Plan.GroupColumns + width - 1) / width;
            int atOnce = ConvPlan.RunsAtOnce(phase);
            long panelSize = (long)phase.Taps * Plan.GroupDepth * width;
            int run = 0;
            do
            {
                int runs = Math.Min(atOnce, phase.Runs - run);
                int flags = run > 0 ? GemmTile.Add : 0;
                bool last = run + runs == phase.Runs;
                if (last)
                    flags |= LastFlags;
                for (int panel = panelBegin; panel < panelEnd; panel++)
                {
                    int group = panel / panels, first = panel % panels * width;
                    int column = (group * Plan.GroupColumns) + first;
                    float* b = Packed + phase.Packed + (panel * panelSize) + ((long)run * phase.RunLength * width);
                    float* bias = last && Bias != null ? Bias + column : null;
                    ConvTile.Run<TVec>(
                        source + (group * Plan.GroupDepth), at, Plan.Runs + phase.FirstRun + run, runs, phase.RunLength, 1, b, width,
                        target + column, to, count, Math.Min(width, Plan.GroupColumns - first), bias, flags);
                }

                run += runs;
            }
            while (run < phase.Runs);
        }
    }
}
