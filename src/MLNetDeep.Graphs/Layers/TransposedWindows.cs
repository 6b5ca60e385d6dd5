using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Layers;

/// <summary>Transposed convolutions: the gradient of the convolution whose output the input could be.</summary>
internal static class TransposedWindows
{
    /// <summary>The convolution that leads from the output back to <paramref name="x"/>, and the output's sizes, by Keras's rules.</summary>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static (WindowAxis[] Axes, int[] Sizes) Over(Tensor x, int[] kernel, int[] strides, int[] dilations, Padding padding, int[]? outputPadding)
    {
        WindowAxis[] axes = new WindowAxis[kernel.Length];
        int[] sizes = new int[kernel.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            if (kernel[i] < 1 || strides[i] < 1 || dilations[i] < 1)
                throw new ArgumentException($"kernel, strides and dilation along axis {i + 1} are {kernel[i]}, {strides[i]} and {dilations[i]}; expected each at least 1.");
            if (outputPadding?[i] is { } cells && (cells < 0 || cells >= strides[i]))
                throw new ArgumentException($"output padding along axis {i + 1} is {cells}, expected at least 0 and less than the stride of {strides[i]}.");
            int? extra = outputPadding?[i];
            WindowAxis axis = new(kernel[i], strides[i], dilations[i], 0, 0);
            int reach = checked((int)axis.Reach), apart = checked((x.Shape[i + 1] - 1) * strides[i]);
            int before = 0, after = 0;
            if (padding.IsSame)
            {
                sizes[i] = extra is { } added ? apart + (reach % 2) + added : apart + strides[i];
                int total = Math.Max(apart + reach - sizes[i], 0);
                (before, after) = (total / 2, total - (total / 2));
            }
            else if (padding.IsExplicit)
            {
                (before, after) = padding.For(i, axes.Length, x.Shape[i + 1], reach, strides[i]);
                sizes[i] = apart + reach - before - after + (extra ?? 0);
            }
            else
            {
                _ = padding.For(i, 0, x.Shape[i + 1], reach, strides[i]);
                sizes[i] = apart + reach + (extra ?? Math.Max(strides[i] - reach, 0));
            }

            axes[i] = axis with { Before = before, After = after };
            if (sizes[i] < 1 || axes[i].Positions(sizes[i]) != x.Shape[i + 1])
                throw new ArgumentException($"along axis {i + 1} no output fits a kernel of {kernel[i]}, stride {strides[i]}, padding {padding} and output padding {extra ?? 0}.");
        }

        return (axes, sizes);
    }

    /// <summary>Spreads <paramref name="x"/> by a kernel (window, filters, channels).</summary>
    public static Tensor Convolve(Tensor x, Tensor kernel, WindowAxis[] axes, int[] sizes)
    {
        ReadOnlySpan<WindowAxis> image = Windows.Image(axes);
        Tensor y = Ops.Conv2DBackpropInput(
            Windows.KernelToImages(kernel, axes.Length),
            Windows.ToImages(x),
            axes.Length == 1 ? 1 : sizes[0],
            sizes[^1],
            Windows.Strides(image),
            Windows.Pads(image),
            Windows.Dilations(image));
        return Windows.FromImages(y, axes.Length);
    }
}
