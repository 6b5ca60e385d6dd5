using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class ConvolutionTests
{
    /// <summary>Shapes that each take some way of their own.</summary>
    private static readonly ConvShape[] Shapes =
    [
        Make(1, 1, 1, 1, 1, 1),
        Make(2, 5, 7, 3, 5, 3, pad: 1),
        Make(1, 9, 9, 16, 16, 3, pad: 1),
        Make(2, 8, 8, 17, 17, 3, pad: 1),
        Make(2, 9, 7, 5, 8, 3, stride: 2, pad: 1),
        Make(2, 10, 10, 8, 5, 3, stride: 2, pad: 1),
        Make(1, 11, 10, 3, 64, 3, stride: 3, pad: 1),
        Make(1, 7, 7, 64, 16, 3),
        Make(1, 6, 6, 120, 33, 3, pad: 1),
        Make(1, 4, 5, 330, 20, 2),
        Make(1, 3, 3, 331, 18, 2, pad: 1),
        Make(2, 12, 11, 1, 16, 5, pad: 2),
        Make(2, 12, 12, 1, 3, 5),
        Make(2, 12, 12, 16, 1, 5, pad: 2),
        Make(1, 12, 12, 16, 3, 4, stride: 2, pad: 1),
        Make(2, 14, 14, 1, 32, 4, stride: 2, pad: 1),
        Make(3, 14, 14, 12, 17, 4, stride: 2, pad: 1),
        Make(2, 16, 16, 17, 12, 4, stride: 2, pad: 1),
        Make(1, 9, 12, 16, 33, 4, stride: 2),
        Make(1, 10, 7, 5, 16, 4, stride: 2, pad: 3),
        Make(1, 14, 14, 64, 128, 4, stride: 2, pad: 1),
        Make(2, 13, 10, 16, 20, 5, stride: 2, pad: 2),
        Make(1, 16, 11, 9, 16, 5, stride: 2, pad: 1),
        Make(1, 12, 15, 16, 16, 6, stride: 2, pad: 2),
        Make(1, 8, 8, 96, 96, 3, pad: 1),
        Make(40, 4, 4, 96, 80, 3, pad: 1),
        Make(1, 8, 8, 6, 10, 1),
        Make(2, 9, 9, 16, 17, 1, stride: 2),
        Make(2, 9, 9, 6, 17, 1, pad: 1),
        Make(1, 9, 9, 5, 17, 2, stride: 3),
        Make(1, 11, 11, 5, 6, 3, pad: 2, dilation: 2),
        Make(1, 12, 11, 16, 16, 3, stride: 2, pad: 2, dilation: 3),
        Make(1, 9, 9, 8, 8, 3, stride: 3, pad: 3, dilation: 2),
        Make(2, 7, 7, 6, 10, 3, pad: 1, groups: 2),
        Make(1, 7, 7, 64, 96, 3, pad: 1, groups: 4),
        Make(1, 7, 8, 15, 5, 3, stride: 2, pad: 1, groups: 5),
        Make(2, 9, 8, 16, 16, 3, pad: 1, groups: 16),
        Make(2, 9, 8, 37, 37, 3, stride: 2, pad: 1, groups: 37),
        Make(1, 9, 8, 64, 64, 5, pad: 2, groups: 64),
        Make(2, 9, 8, 5, 5, 3, pad: 2, dilation: 2, groups: 5),
        Make(1, 9, 8, 5, 15, 3, pad: 1, groups: 5),
        Make(1, 9, 8, 12, 24, 3, stride: 2, pad: 1, groups: 12),
        Make(1, 5, 5, 3, 4, 5, pad: 4),
        Make(1, 3, 3, 3, 4, 1, pad: 2),
        Make(1, 40, 1, 3, 20, 3, pad: 1),
        Make(1, 1, 60, 16, 20, 3, pad: 1),
        Make(3, 34, 34, 4, 8, 3, pad: 1),
        Make(9, 8, 8, 12, 16, 3, pad: 1),
        Make(1, 13, 17, 16, 32, 3, pad: 1),

        // Padding above and left, and below and right, that differ; windows that leave some of x out.
        new(2, 8, 8, 5, 4, 4, 6, 3, 3, 2, 2, 1, 1, 0, 0, 1),
        new(2, 8, 9, 5, 9, 8, 16, 3, 4, 1, 1, 1, 1, 2, 0, 1),
        new(1, 8, 9, 16, 8, 9, 16, 4, 2, 1, 1, 1, 1, 1, 1, 1),
        new(1, 9, 9, 3, 3, 4, 6, 3, 1, 3, 2, 1, 1, 0, 0, 1),
        new(1, 9, 9, 3, 2, 2, 6, 2, 2, 3, 4, 1, 1, 0, 0, 1),
        new(1, 4, 6, 3, 5, 3, 6, 1, 3, 2, 3, 1, 2, 3, 1, 1),
        new(2, 9, 11, 16, 8, 12, 17, 3, 3, 1, 1, 1, 1, 0, 2, 1),
        new(1, 10, 10, 12, 5, 13, 20, 3, 3, 1, 1, 1, 1, 2, 1, 1),
        new(30, 4, 4, 33, 4, 4, 13, 3, 3, 1, 1, 1, 1, 1, 1, 1),
        new(1, 6, 4, 8, 2, 2, 8, 3, 3, 1, 1, 1, 1, 0, 0, 8),
        new(2, 9, 12, 12, 5, 4, 13, 4, 4, 2, 2, 1, 1, 0, 3, 1),
        new(1, 1, 3, 12, 2, 3, 13, 4, 4, 2, 2, 1, 1, 2, 1, 1),
        new(1, 17, 8, 16, 3, 6, 12, 4, 4, 2, 2, 1, 1, 1, 2, 1),
        new(2, 12, 11, 13, 6, 6, 12, 5, 5, 2, 2, 1, 1, 1, 2, 1),
        new(1, 11, 14, 12, 6, 5, 13, 6, 6, 2, 2, 1, 1, 3, 0, 1),
    ];

    public static TheoryData<int> Indices => new(Enumerable.Range(0, Shapes.Length));

    [Theory]
    [MemberData(nameof(Indices))]
    public void Forward_and_both_gradients(int index) => Check(Shapes[index]);

    [Fact]
    public void Any_combination_of_sizes()
    {
        var random = new Random(7);
        int[] channels = [1, 3, 5, 8, 16, 17];
        for (int i = 0; i < 60; i++)
        {
            int groups = random.Next(3) == 0 ? random.Next(1, 4) : 1;
            var s = new ConvShape(
                random.Next(1, 4),
                random.Next(3, 12),
                random.Next(3, 12),
                channels[random.Next(channels.Length)] * groups,
                0,
                0,
                channels[random.Next(channels.Length)] * groups,
                random.Next(1, 5),
                random.Next(1, 5),
                random.Next(1, 4),
                random.Next(1, 4),
                random.Next(1, 3),
                random.Next(1, 3),
                random.Next(0, 4),
                random.Next(0, 4),
                groups);

            // Any size of y is allowed: taps outside x see zeros.
            Check(s with { OutHeight = random.Next(1, 9), OutWidth = random.Next(1, 9) });
        }
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void An_image_has_the_same_results_in_any_batch_and_with_weights_made_ready(int index)
    {
        ConvShape all = Shapes[index] with { Batch = 7 }, one = all with { Batch = 1 };
        using Buffer x = Buffer.Random(XSize(all), 1), w = Buffer.Random(WSize(all), 2), dy = Buffer.Random(YSize(all), 3), bias = Buffer.Random(all.Filters, 4);
        foreach (VectorWidth width in Pools.Widths.Where(v => v <= CpuFeatures.Best))
        {
            using var forced = CpuFeatures.Force(width);
            foreach (ConvAlgorithm way in Convolution.Ways(all, ConvPass.Forward))
            {
                float[] expected = Forward(Pools.Two, all, x, w, bias, true, way);
                if (way != ConvAlgorithm.Product)
                    Pools.Same([.. expected.Take((int)YSize(one))], Forward(Pools.Five, one, x, w, bias, true, way));
                Pools.Same(expected, Forward(Pools.Two, all, x, w, bias, true, way, packed: true));
            }

            foreach (ConvAlgorithm way in Convolution.Ways(all, ConvPass.BackwardInput))
            {
                float[] expected = BackwardInput(Pools.Two, all, w, dy, way);
                if (way != ConvAlgorithm.Product)
                    Pools.Same([.. expected.Take((int)XSize(one))], BackwardInput(Pools.Five, one, w, dy, way));
                Pools.Same(expected, BackwardInput(Pools.Two, all, w, dy, way, packed: true));
            }
        }
    }

    [Theory]
    [InlineData(64, 16)]
    [InlineData(16, 64)]
    [InlineData(33, 18)]
    public void Gradients_are_those_of_the_forward_pass(int channels, int filters)
    {
        var s = Make(8, 16, 16, channels, filters, 3, pad: 1);
        using Buffer x = Buffer.Random(XSize(s), 1), w = Buffer.Random(WSize(s), 2), dy = Buffer.Random(YSize(s), 3);
        float[] y = Forward(Pools.Two, s, x, w, null, false), dx = BackwardInput(Pools.Two, s, w, dy), dw = BackwardFilter(Pools.Two, s, x, dy);
        double byY = Dot(y, dy), byX = Dot(dx, x), byW = Dot(dw, w);
        double size = Math.Sqrt(Dot(y, y) * Dot(dy.Span, dy));
        Assert.InRange((byY - byX) / size, -1e-6, 1e-6);
        Assert.InRange((byY - byW) / size, -1e-6, 1e-6);
    }

    [Theory]
    [InlineData(16, 16, 0)]
    [InlineData(96, 32, 0)]
    [InlineData(256, 16, 0.5f)]
    [InlineData(512, 16, -0.5f)]
    public void Winograd_is_as_accurate_as_networks_need(int channels, int filters, float mean)
    {
        WinogradIsAccurate(Make(2, 8, 8, channels, filters, 3, pad: 1), mean);
        WinogradIsAccurate(Make(2, 16, 16, channels / 2, filters, 4, stride: 2, pad: 1), mean);
        WinogradIsAccurate(Make(2, 16, 16, channels / 2, filters, 5, stride: 2, pad: 2), mean);
    }

    private static void WinogradIsAccurate(ConvShape s, float mean)
    {
        using Buffer x = Buffer.Random(XSize(s), 1), w = Buffer.Random(WSize(s), 2), dy = Buffer.Random(YSize(s), 3);
        foreach (ref float value in x.Span)
            value += mean;
        Near(ConvReference.Forward(s, x, w, null, false), Forward(Pools.One, s, x, w, null, false, ConvAlgorithm.Winograd4), 1e-5, "y", 0);
        Near(ConvReference.BackwardInput(s, w, dy), BackwardInput(Pools.One, s, w, dy, ConvAlgorithm.Winograd4), 1e-5, "dx", 0);
        Near(ConvReference.BackwardFilter(s, x, dy), BackwardFilter(Pools.One, s, x, dy, ConvAlgorithm.Winograd4), 1e-5, "dw", 0);
    }

    [Fact]
    public void Each_way_is_chosen_where_it_belongs()
    {
        Assert.Equal(ConvAlgorithm.Product, Convolution.Choose(Make(2, 8, 8, 16, 16, 1)));
        Assert.Equal(ConvAlgorithm.Direct, Convolution.Choose(Make(2, 8, 8, 16, 16, 1, stride: 2)));
        Assert.Equal(ConvAlgorithm.Direct, Convolution.Choose(Make(2, 28, 28, 1, 32, 3)));
        Assert.Equal(ConvAlgorithm.Direct, Convolution.Choose(Make(2, 32, 32, 16, 32, 3, stride: 2, pad: 1)));
        Assert.Equal(ConvAlgorithm.Depthwise, Convolution.Choose(Make(2, 8, 8, 16, 16, 3, pad: 1, groups: 16)));
        Assert.Equal(ConvAlgorithm.Winograd4, Convolution.Choose(Make(2, 32, 32, 16, 16, 3, pad: 1)));
        Assert.Equal(ConvAlgorithm.Winograd2, Convolution.Choose(Make(2, 2, 2, 256, 256, 3, pad: 1)));
        Assert.Equal(ConvAlgorithm.Winograd4, Convolution.Choose(Make(64, 14, 14, 64, 128, 4, stride: 2, pad: 1)));
        Assert.Equal(ConvAlgorithm.Direct, Convolution.Choose(Make(64, 14, 14, 64, 128, 4, stride: 2, pad: 1), ConvPass.BackwardInput, single: true));
        Assert.Equal(ConvAlgorithm.Winograd4, Convolution.Choose(Make(2, 32, 32, 16, 16, 3, pad: 1), single: true));
        Assert.Equal(ConvAlgorithm.Scatter, Convolution.Choose(Make(2, 28, 28, 1, 64, 4, stride: 2, pad: 1), ConvPass.BackwardInput));
    }

    [Fact]
    public void The_fastest_way_is_found_by_trying_and_stays()
    {
        ConvShape s = Make(3, 12, 12, 16, 16, 3, pad: 1);
        foreach (ConvPass pass in Enum.GetValues<ConvPass>())
        {
            ConvAlgorithm way = ConvTuning.Fastest(Pools.Two, s, pass);
            Assert.Contains(way, Convolution.Ways(s, pass));
            for (int i = 0; i < 3; i++)
                Assert.Equal(way, ConvTuning.Fastest(Pools.Two, s with { Batch = i + 1 }, pass));
        }
    }

    [Fact]
    public void Workspace_grows_with_the_batch_and_the_threads()
    {
        foreach (var shape in Shapes)
        {
            for (int batch = 1; batch < 40; batch++)
            {
                ConvShape s = shape with { Batch = batch }, more = shape with { Batch = batch + 1 };
                foreach (ConvPass pass in Enum.GetValues<ConvPass>())
                {
                    foreach (ConvAlgorithm way in Convolution.Ways(shape, pass))
                    {
                        Assert.True(Convolution.WorkspaceSize(s, pass, way, 3) <= Convolution.WorkspaceSize(more, pass, way, 3));
                        Assert.True(Convolution.WorkspaceSize(s, pass, way, 3) <= Convolution.WorkspaceSize(s, pass, way, 4));
                        Assert.True(Convolution.WorkspaceSize(s, pass, way, 3, packed: true) <= Convolution.WorkspaceSize(more, pass, way, 3, packed: true));
                        Assert.Equal(Convolution.PackedSize(s, pass, way), Convolution.PackedSize(more, pass, way));
                    }
                }
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        using Buffer x = Buffer.Random(1 << 14, 1), w = Buffer.Random(1 << 14, 2), dy = Buffer.Random(1 << 14, 3), target = new(1 << 14), workspace = new(1 << 20);
        void All()
        {
            foreach (var s in Shapes)
            {
                if (Math.Max(XSize(s), Math.Max(WSize(s), YSize(s))) > 1 << 14)
                    continue;
                Convolution.Forward(Pools.Two, s, Convolution.Choose(s), x, w, target, dy, true, workspace);
                Convolution.BackwardInput(Pools.Two, s, Convolution.Choose(s, ConvPass.BackwardInput), w, dy, target, workspace);
                Convolution.BackwardFilter(Pools.Two, s, Convolution.Choose(s, ConvPass.BackwardFilter), x, dy, target, workspace);
            }
        }

        All();
        long before = GC.GetAllocatedBytesForCurrentThread();
        All();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static ConvShape Make(
        int batch, int height, int width, int channels, int filters, int kernel, int stride = 1, int pad = 0, int dilation = 1, int groups = 1)
    {
        int span = ((kernel - 1) * dilation) + 1;
        int tall = Math.Min(span, height + (2 * pad)), wide = Math.Min(span, width + (2 * pad));
        int outHeight = ((height + (2 * pad) - tall) / stride) + 1, outWidth = ((width + (2 * pad) - wide) / stride) + 1;
        return new(
            batch, height, width, channels, outHeight, outWidth, filters, kernel, kernel, stride, stride, dilation, dilation, pad, pad, groups);
    }

    private static long XSize(ConvShape s) => (long)s.Batch * s.Height * s.Width * s.Channels;

    private static long YSize(ConvShape s) => (long)s.Batch * s.OutPixels * s.Filters;

    private static long WSize(ConvShape s) => (long)s.Depth * s.Filters;

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    private static double Dot(ReadOnlySpan<float> a, Buffer b) => Dot(a, b.Span);

    private static void Check(ConvShape s)
    {
        using Buffer x = Buffer.Random(XSize(s), 1), w = Buffer.Random(WSize(s), 2), dy = Buffer.Random(YSize(s), 3), bias = Buffer.Random(s.Filters, 4);
        foreach (ConvAlgorithm way in Convolution.Ways(s, ConvPass.Forward))
        {
            Everywhere(s, way, pool => Forward(pool, s, x, w, null, false, way), ConvReference.Forward(s, x, w, null, false), s.Depth, "y");
            Everywhere(s, way, pool => Forward(pool, s, x, w, bias, true, way), ConvReference.Forward(s, x, w, bias, true), s.Depth, "relu");
        }

        foreach (ConvAlgorithm way in Convolution.Ways(s, ConvPass.BackwardInput))
            Everywhere(s, way, pool => BackwardInput(pool, s, w, dy, way), ConvReference.BackwardInput(s, w, dy), s.Taps * s.GroupFilters, "dx");
        foreach (ConvAlgorithm way in Convolution.Ways(s, ConvPass.BackwardFilter))
            Everywhere(s, way, pool => BackwardFilter(pool, s, x, dy, way), ConvReference.BackwardFilter(s, x, dy), s.Batch * s.OutPixels, "dw");
    }

    private static void Everywhere(ConvShape s, ConvAlgorithm way, Func<WorkerPool, float[]> kernel, double[] expected, long depth, string what)
    {
        void Compare(float[] result) => Near(expected, result, 4e-6 * Math.Sqrt(depth + 10), $"{what} of {s} {way} ");

        // Large ones only in a width that the machine has: others are slow.
        if (s.Work < 300_000)
        {
            Pools.Everywhere(kernel, Compare);
            return;
        }

        foreach (var width in Pools.Widths)
        {
            if (width > CpuFeatures.Best)
                continue;
            using var forced = CpuFeatures.Force(width);
            var result = kernel(Pools.One);
            Compare(result);
            Pools.Same(result, kernel(Pools.Two));
            Pools.Same(result, kernel(Pools.Five));
        }
    }

    /// <summary>Within a tolerance relative to the greatest value.</summary>
    private static void Near(double[] expected, float[] actual, double tolerance, string what, double least = 1)
    {
        double greatest = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(greatest, least)))
                Assert.Fail($"{what}[{i}] is {actual[i]:R}, expected {expected[i]:R}");
        }
    }

    private static float[] Forward(WorkerPool pool, ConvShape s, Buffer x, Buffer w, Buffer? bias, bool relu, ConvAlgorithm? given = null, bool packed = false)
    {
        ConvAlgorithm way = given ?? Convolution.Choose(s);
        using Buffer ready = Pack(pool, s, ConvPass.Forward, way, w, ref packed);
        using Buffer y = new(YSize(s)), workspace = new(Convolution.WorkspaceSize(s, ConvPass.Forward, way, pool.Threads, packed));
        Convolution.Forward(pool, s, way, x, w, y, bias == null ? null : bias.Pointer, relu, workspace, packed ? ready.Pointer : null);
        return y.Span.ToArray();
    }

    // With room for one image's batch only: any may use it.
    private static Buffer Pack(WorkerPool pool, ConvShape s, ConvPass pass, ConvAlgorithm way, Buffer w, ref bool packed)
    {
        ConvShape one = s with { Batch = 1 };
        packed &= Convolution.PackedSize(one, pass, way) > 0;
        Buffer ready = new(packed ? Convolution.PackedSize(one, pass, way) : 1);
        using Buffer workspace = new(Math.Max(1, Convolution.PackWorkspaceSize(one, pass, way)));
        if (packed)
            Convolution.Pack(pool, one, pass, way, w, ready, workspace);
        return ready;
    }

    private static float[] BackwardInput(WorkerPool pool, ConvShape s, Buffer w, Buffer dy, ConvAlgorithm? given = null, bool packed = false)
    {
        ConvAlgorithm way = given ?? Convolution.Choose(s, ConvPass.BackwardInput);
        using Buffer ready = Pack(pool, s, ConvPass.BackwardInput, way, w, ref packed);
        using Buffer dx = new(XSize(s)), workspace = new(Convolution.WorkspaceSize(s, ConvPass.BackwardInput, way, pool.Threads, packed));
        Convolution.BackwardInput(pool, s, way, w, dy, dx, workspace, packed ? ready.Pointer : null);
        return dx.Span.ToArray();
    }

    private static float[] BackwardFilter(WorkerPool pool, ConvShape s, Buffer x, Buffer dy, ConvAlgorithm? given = null)
    {
        ConvAlgorithm way = given ?? Convolution.Choose(s, ConvPass.BackwardFilter);
        using Buffer dw = new(WSize(s)), workspace = new(Convolution.WorkspaceSize(s, ConvPass.BackwardFilter, way, pool.Threads));
        Convolution.BackwardFilter(pool, s, way, x, dy, dw, workspace);
        return dw.Span.ToArray();
    }
}
