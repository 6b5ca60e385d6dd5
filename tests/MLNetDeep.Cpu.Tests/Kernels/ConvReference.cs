using MLNetDeep.Cpu.Kernels;

namespace MLNetDeep.Cpu.Tests.Kernels;

/// <summary>Convolutions as plain loops over doubles.</summary>
internal static unsafe class ConvReference
{
    public static double[] Forward(ConvShape s, float* x, float* w, float* bias, bool relu)
    {
        var y = new double[(long)s.Batch * s.OutPixels * s.Filters];
        Visit(s, (atX, atW, atY) => y[atY] += (double)x[atX] * w[atW]);
        for (int i = 0; i < y.Length; i++)
        {
            if (bias != null)
                y[i] += bias[i % s.Filters];
            if (relu)
                y[i] = Math.Max(0, y[i]);
        }

        return y;
    }

    public static double[] BackwardInput(ConvShape s, float* w, float* dy)
    {
        var dx = new double[(long)s.Batch * s.Height * s.Width * s.Channels];
        Visit(s, (atX, atW, atY) => dx[atX] += (double)dy[atY] * w[atW]);
        return dx;
    }

    public static double[] BackwardFilter(ConvShape s, float* x, float* dy)
    {
        var dw = new double[(long)s.Depth * s.Filters];
        Visit(s, (atX, atW, atY) => dw[atW] += (double)dy[atY] * x[atX]);
        return dw;
    }

    /// <summary>Calls for every product with its places in x, w and y.</summary>
    private static void Visit(ConvShape s, Action<long, long, long> product)
    {
        for (int b = 0; b < s.Batch; b++)
        {
            for (int oy = 0; oy < s.OutHeight; oy++)
            {
                for (int ox = 0; ox < s.OutWidth; ox++)
                {
                    for (int ky = 0; ky < s.KernelHeight; ky++)
                    {
                        for (int kx = 0; kx < s.KernelWidth; kx++)
                        {
                            int iy = (oy * s.StrideH) + (ky * s.DilationH) - s.PadTop;
                            int ix = (ox * s.StrideW) + (kx * s.DilationW) - s.PadLeft;
                            if (iy < 0 || iy >= s.Height || ix < 0 || ix >= s.Width)
                                continue;
                            long pixel = ((((long)b * s.Height) + iy) * s.Width) + ix;
                            long result = ((((long)b * s.OutHeight) + oy) * s.OutWidth) + ox;
                            for (int c = 0; c < s.GroupChannels; c++)
                            {
                                long row = (((ky * s.KernelWidth) + kx) * s.GroupChannels) + c;
                                for (int f = 0; f < s.Filters; f++)
                                {
                                    int channel = (f / s.GroupFilters * s.GroupChannels) + c;
                                    product((pixel * s.Channels) + channel, (row * s.Filters) + f, (result * s.Filters) + f);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
