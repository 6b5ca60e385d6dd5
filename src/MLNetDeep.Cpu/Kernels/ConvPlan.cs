using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// How a target image is computed from a source image and weights: y from x, or x's gradient from y's, which is a
/// convolution too (for each phase of the strides one without strides, with some of the taps in reverse order).
/// </summary>
internal unsafe struct ConvPlan
{
    /// <summary>Most products in a row of weights that is worked on at a time: its panel stays in the first-level cache.</summary>
    private const int DepthMost = 320;

    /// <summary>Floats of the source that are worked on at a time, about; they stay in the second-level cache.</summary>
    private const int BandMost = 1 << 15;

    /// <summary>Pixels that are worked on at a time, about.</summary>
    private const int PixelsMost = 1024;

    /// <summary>Packed weights of more floats than this are worth reading for several images at a time.</summary>
    private const int WeightsLeast = 1 << 14;

    public ConvShape Shape;

    /// <summary>Whether x's gradient is computed.</summary>
    public bool Backward;

    public ConvFrame Frame;

    /// <summary>Sizes of the target.</summary>
    public int Height, Width, Channels;

    /// <summary>Rows and columns of the source from one pixel of a phase to the next.</summary>
    public int StepY, StepX;

    /// <summary>Rows and columns of the target from one pixel of a phase to the next: the number of phases.</summary>
    public int PhasesY, PhasesX;

    /// <summary>Channels of the source and of the target in a group.</summary>
    public int GroupDepth, GroupColumns;

    /// <summary>First and last row of the frame, from a pixel's own row on, that a tap reaches.</summary>
    public int FirstY, LastY;

    /// <summary>Most rows of a phase that are worked on at a time.</summary>
    public int BandRowsMost;

    /// <summary>Most images that are worked on at a time; more than one only if all their rows are.</summary>
    public int ImagesMost;

    // Tables, in the workspace.
    public ConvPhase* Phases;
    public long* Runs;
    public int* Taps;

    public static ConvPlan Forward(in ConvShape s)
    {
        var plan = new ConvPlan
        {
            Shape = s,
            Height = s.OutHeight,
            Width = s.OutWidth,
            Channels = s.Filters,
            StepY = s.StrideH,
            StepX = s.StrideW,
            PhasesY = 1,
            PhasesX = 1,
            GroupDepth = s.GroupChannels,
            GroupColumns = s.GroupFilters,
            LastY = (s.KernelHeight - 1) * s.DilationH,
            Frame = new ConvFrame
            {
                SourceHeight = s.Height,
                SourceWidth = s.Width,
                Channels = s.Channels,
                PadY = s.PadTop,
                PadX = s.PadLeft,
                Height = ((s.OutHeight - 1) * s.StrideH) + ((s.KernelHeight - 1) * s.DilationH) + 1,
                Width = ((s.OutWidth - 1) * s.StrideW) + ((s.KernelWidth - 1) * s.DilationW) + 1,
            },
        };
        plan.SetBand();
        return plan;
    }

    public static ConvPlan BackwardInput(in ConvShape s)
    {
        int padY = Math.Max(0, FloorDiv(((s.KernelHeight - 1) * s.DilationH) - s.PadTop, s.StrideH));
        int padX = Math.Max(0, FloorDiv(((s.KernelWidth - 1) * s.DilationW) - s.PadLeft, s.StrideW));
        var plan = new ConvPlan
        {
            Shape = s,
            Backward = true,
            Height = s.Height,
            Width = s.Width,
            Channels = s.Channels,
            StepY = 1,
            StepX = 1,
            PhasesY = s.StrideH,
            PhasesX = s.StrideW,
            GroupDepth = s.GroupFilters,
            GroupColumns = s.GroupChannels,
            FirstY = int.MaxValue,
            LastY = 0,
            Frame = new ConvFrame
            {
                SourceHeight = s.OutHeight,
                SourceWidth = s.OutWidth,
                Channels = s.Filters,
                PadY = padY,
                PadX = padX,
                Height = ((s.Height - 1 + s.PadTop) / s.StrideH) + padY + 1,
                Width = ((s.Width - 1 + s.PadLeft) / s.StrideW) + padX + 1,
            },
        };
        for (int phase = 0; phase < s.StrideH; phase++)
        {
            for (int k = 0; k < s.KernelHeight; k++)
            {
                if (plan.TapY(phase, k, out int y))
                {
                    plan.FirstY = Math.Min(plan.FirstY, y);
                    plan.LastY = Math.Max(plan.LastY, y);
                }
            }
        }

        plan.SetBand();
        return plan;
    }

    /// <summary>Rows of the largest phase.</summary>
    public readonly int PhaseRows => (Height + PhasesY - 1) / PhasesY;

    /// <summary>Columns of the largest phase.</summary>
    public readonly int PhaseColumns => (Width + PhasesX - 1) / PhasesX;

    /// <summary>Floats that the tables need.</summary>
    public readonly long TableSize
        => Up((long)PhasesY * PhasesX * sizeof(ConvPhase) / sizeof(float)) + Up((long)Shape.Taps * 2 * Pieces) + Up(Shape.Taps);

    /// <summary>Floats that packed weights need, in the widest vectors.</summary>
    public readonly long PackedSize => Shape.IsDepthwise ? Up((long)Shape.Taps * Channels) : (long)Shape.Groups * ((GroupColumns + 31) / 32) * 32 * Shape.Taps * GroupDepth;

    /// <summary>Panels of weights for vectors of so many columns: of all phases and groups.</summary>
    public readonly int Panels(int width) => PhasesY * PhasesX * Shape.Groups * ((GroupColumns + width - 1) / width);

    /// <summary>Floats of a copied band of one image.</summary>
    public readonly long BandSize => Frame.Copy ? Up(FrameRows(BandRowsMost) * Frame.RowStride) + 16 : 0;

    /// <summary>Floats that the offsets of a band's pixels, in all images at a time, need.</summary>
    public readonly long PixelsSize => Up(((long)ImagesMost * BandRowsMost * PhaseColumns) + ConvTile.Spare) * 4;

    /// <summary>Parts that the channels of one tap are cut into.</summary>
    private readonly int Pieces
    {
        get
        {
            int pieces = (GroupDepth + DepthMost - 1) / DepthMost;
            return GroupDepth % pieces == 0 ? pieces : 1;
        }
    }

    /// <summary>Rows of the frame that so many rows of a phase need.</summary>
    public readonly long FrameRows(int rows) => ((rows - 1L) * StepY) + LastY - FirstY + 1;

    /// <summary>Runs that are worked on at a time.</summary>
    public static int RunsAtOnce(in ConvPhase phase) => Math.Max(1, DepthMost / Math.Max(1, phase.RunLength));

    /// <summary>Makes the tables.</summary>
    /// <param name="target"><see cref="TableSize"/> floats.</param>
    /// <param name="width">Columns of a panel.</param>
    public void FillTables(float* target, int width)
    {
        int phases = PhasesY * PhasesX;
        Phases = (ConvPhase*)target;
        target += Up((long)phases * sizeof(ConvPhase) / sizeof(float));
        Runs = (long*)target;
        target += Up((long)Shape.Taps * 2 * Pieces);
        Taps = (int*)target;

        int taps = 0, runs = 0;
        long packed = 0, panelsWidth = (long)Shape.Groups * ((GroupColumns + width - 1) / width) * width;
        for (int i = 0; i < phases; i++)
        {
            int y = i / PhasesX, x = i % PhasesX;
            ref var phase = ref Phases[i];
            phase = new ConvPhase
            {
                OutY = y,
                OutX = x,
                Rows = Math.Max(0, (Height - y + PhasesY - 1) / PhasesY),
                Columns = Math.Max(0, (Width - x + PhasesX - 1) / PhasesX),
                FirstRun = runs,
                FirstTap = taps,
                Packed = packed,
            };

            // Taps in the order of the source, so that neighbours can make one run.
            int across = 0, last = 0;
            bool adjacent = Shape.Groups == 1;
            for (int kx = 0; kx < Shape.KernelWidth; kx++)
            {
                if (TapX(x, InOrder(kx, Shape.KernelWidth), out int at))
                {
                    adjacent &= across == 0 || at == last + 1;
                    last = at;
                    across++;
                }
            }

            bool merge = adjacent && across > 0 && across * GroupDepth <= DepthMost;
            int pieces = merge ? 1 : Pieces;
            phase.RunLength = merge ? across * GroupDepth : GroupDepth / pieces;
            for (int ky = 0; ky < Shape.KernelHeight; ky++)
            {
                int tapY = InOrder(ky, Shape.KernelHeight);
                if (!TapY(y, tapY, out int atY))
                    continue;
                bool first = true;
                for (int kx = 0; kx < Shape.KernelWidth; kx++)
                {
                    int tapX = InOrder(kx, Shape.KernelWidth);
                    if (!TapX(x, tapX, out int atX))
                        continue;
                    Taps[taps++] = (tapY * Shape.KernelWidth) + tapX;
                    if (merge && !first)
                        continue;
                    first = false;
                    for (int piece = 0; piece < pieces; piece++)
                        Runs[runs++] = (atY * Frame.RowStride) + ((long)atX * Frame.Channels) + ((long)piece * phase.RunLength);
                }
            }

            phase.Runs = runs - phase.FirstRun;
            phase.Taps = taps - phase.FirstTap;
            packed += panelsWidth * phase.Taps * GroupDepth;
        }
    }

    /// <summary>Packs one panel of one group, for all phases; everything if the shape is depthwise.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public readonly void Pack<TVec>(float* w, float* packed, int group, int panel)
        where TVec : struct, IVec<TVec>
    {
        if (Shape.IsDepthwise)
        {
            // The taps in the order of the phases.
            for (int i = 0; i < Shape.Taps; i++, packed += Channels)
                new Span<float>(w + ((long)Taps[i] * Channels), Channels).CopyTo(new Span<float>(packed, Channels));
            return;
        }

        int width = ConvTile.Columns<TVec>();
        int panels = (GroupColumns + width - 1) / width;
        int column = panel * width, valid = Math.Min(width, GroupColumns - column);
        for (int i = 0; i < PhasesY * PhasesX; i++)
        {
            ref var phase = ref Phases[i];
            float* to = packed + phase.Packed + ((long)((group * panels) + panel) * width * phase.Taps * GroupDepth);
            for (int tap = 0; tap < phase.Taps; tap++, to += (long)width * GroupDepth)
            {
                float* from = w + ((long)Taps[phase.FirstTap + tap] * Shape.GroupChannels * Shape.Filters) + (group * Shape.GroupFilters);
                if (Backward)
                    GemmPacking.Transposed(from + ((long)column * Shape.Filters), Shape.Filters, GroupDepth, valid, width, to);
                else
                    GemmPacking.Straight<TVec>(from + column, Shape.Filters, GroupDepth, valid, width, to);
            }
        }
    }

    /// <summary>Writes the offsets of the pixels in some rows of a phase of some images, in source and target; returns their number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public readonly int FillPixels(in ConvPhase phase, int begin, int end, int images, long imageStride, long* at, long* to)
    {
        int count = 0;
        long stepX = (long)StepX * Frame.Channels, stepTo = (long)PhasesX * Channels;
        for (int image = 0; image < images; image++)
        {
            for (int y = begin; y < end; y++)
            {
                long source = (image * imageStride) + (y * StepY * Frame.RowStride);
                long target = (((((long)image * Height) + ((long)y * PhasesY) + phase.OutY) * Width) + phase.OutX) * Channels;
                for (int x = 0; x < phase.Columns; x++, source += stepX, target += stepTo)
                {
                    at[count] = source;
                    to[count++] = target;
                }
            }
        }

        // The last tile reads whole; what it has too much is not stored.
        for (int i = 0; i < ConvTile.Spare && count > 0; i++)
        {
            at[count + i] = at[count - 1];
            to[count + i] = to[count - 1];
        }

        return count;
    }

    /// <summary>Where in the frame, from the pixel's own row on, the pixels of a phase see tap <paramref name="k"/>, if they do.</summary>
    private readonly bool TapY(int phase, int k, out int at)
        => Tap(phase, k, Shape.PadTop, Shape.DilationH, Shape.StrideH, Frame.PadY, out at);

    private readonly bool TapX(int phase, int k, out int at)
        => Tap(phase, k, Shape.PadLeft, Shape.DilationW, Shape.StrideW, Frame.PadX, out at);

    private readonly bool Tap(int phase, int k, int pad, int dilation, int stride, int framePad, out int at)
    {
        at = k * dilation;
        if (!Backward)
            return true;
        int way = phase + pad - at;
        at = (way / stride) + framePad;
        return way % stride == 0;
    }

    private readonly int InOrder(int k, int count) => Backward ? count - 1 - k : k;

    private void SetBand()
    {
        // No tap at all reaches the image.
        if (FirstY > LastY)
            FirstY = LastY;
        int rows = 1;
        while (rows < PhaseRows && FrameRows(rows + 1) * Frame.Width * Frame.Channels <= BandMost
            && (long)(rows + 1) * PhaseColumns <= PixelsMost)
            rows++;
        BandRowsMost = rows;
        ImagesMost = 1;
        if (rows == PhaseRows && !Shape.IsDepthwise && (long)Shape.Depth * Shape.Filters > WeightsLeast)
        {
            long images = Math.Min(BandMost / Math.Max(1, FrameRows(rows) * Frame.Width * Frame.Channels), PixelsMost / Math.Max(1, (long)rows * PhaseColumns));
            ImagesMost = (int)Math.Clamp(images, 1, Math.Max(1, Shape.Batch));
        }
    }

    private static int FloorDiv(int a, int b) => (a / b) - (a % b < 0 ? 1 : 0);

    private static long Up(long value) => (value + 15) / 16 * 16;
}
