using System.Runtime.InteropServices;
using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Layers;

/// <summary>Windows over sequences, images and volumes, all by the operations on images.</summary>
internal static class Windows
{
    // Each cell of depth is a convolution of its own.
    private const int DeepestKernel = 256;

    private const long MostWeights = 1 << 22;

    /// <summary>How a window moves along each axis between batch and channels.</summary>
    /// <exception cref="ArgumentException">A size is less than 1, or the window does not fit.</exception>
    public static WindowAxis[] Over(Tensor x, int[] kernel, int[] strides, int[]? dilations, Padding padding, string what)
    {
        WindowAxis[] axes = new WindowAxis[kernel.Length];
        dilations ??= [.. kernel.Select(_ => 1)];
        for (int i = 0; i < axes.Length; i++)
        {
            if (kernel[i] < 1 || strides[i] < 1 || dilations[i] < 1)
                throw new ArgumentException($"the {what} is {Text(kernel)}, strides {Text(strides)} and dilation {Text(dilations)}; expected each at least 1.");
            WindowAxis axis = new(kernel[i], strides[i], dilations[i], 0, 0);
            (int before, int after) = padding.For(i, axes.Length, x.Shape[i + 1], axis.Reach, strides[i]);
            axes[i] = axis with { Before = before, After = after };
            if (axes[i].Positions(x.Shape[i + 1]) < 1)
            {
                string reach = dilations[i] == 1 ? "" : $" (over {axis.Reach} cells)";
                throw new ArgumentException($"a {what} of {Text(kernel)}{reach} does not fit, with padding {padding}. Padding 'same' lets it stand over the edge; an earlier layer may shrink the input too much.");
            }
        }

        return axes;
    }

    /// <summary>A convolution along the axes of a tensor; the kernel has the same axes, then channels / groups, then filters.</summary>
    public static Tensor Convolve(Tensor x, Tensor kernel, ReadOnlySpan<WindowAxis> axes, int groups)
    {
        if (axes.Length < 3)
            return FromImages(Convolve2D(ToImages(x), KernelToImages(kernel, axes.Length), Image(axes), groups), axes.Length);

        // Depth by depth of the window: convolved images, added up.
        WindowAxis depth = axes[0];
        if (depth.Kernel > DeepestKernel)
            throw new ArgumentException($"a kernel {depth.Kernel} cells deep is more than the {DeepestKernel} there may be.");
        int positions = depth.Positions(x.Shape[1]);
        int length = x.Shape[1] + depth.Before + depth.After;
        int more = Math.Max((int)depth.Reach - 1 + (positions * depth.Stride) - length, 0);
        Tensor padded = Ops.Pad(x, 1, depth.Before, depth.After + more);
        Tensor? sum = null;
        for (int k = 0; k < depth.Kernel; k++)
        {
            Tensor slices = Every(padded, k * depth.Dilation, positions, depth.Stride);
            Tensor images = Ops.Reshape(slices, new Shape([x.Shape[0] * positions, .. x.Shape.Dims[2..]]));
            Tensor plane = Ops.Reshape(Range(kernel, 0, k, 1), new Shape(kernel.Shape.Dims[1..]));
            Tensor part = Convolve2D(images, plane, axes[1..], groups);
            sum = sum is null ? part : sum + part;
        }

        return Ops.Reshape(sum!, x.Shape.WithRows([positions, .. sum!.Shape.Dims[1..]]));
    }

    /// <summary>The largest element or the mean of each window.</summary>
    public static Tensor Pool(Tensor x, ReadOnlySpan<WindowAxis> axes, bool isMax)
    {
        foreach (WindowAxis axis in axes)
        {
            if (axis.Before >= axis.Kernel || axis.After >= axis.Kernel)
                throw new ArgumentException($"padding of {axis.Before} and {axis.After} leaves nothing but padding in a window of {axis.Kernel}.");
        }

        if (axes.Length < 3)
            return FromImages(Pool2D(ToImages(x), Image(axes), isMax), axes.Length);

        // Height and width first, then depth: the largest of the largest, the mean of means (real cells form a box).
        Shape shape = x.Shape;
        Tensor y = Pool2D(Ops.Reshape(x, new Shape(shape[0] * shape[1], shape[2], shape[3], shape[4])), axes[1..], isMax);
        (int height, int width) = (y.Shape[1], y.Shape[2]);
        y = Pool2D(Ops.Reshape(y, shape.WithRows(shape[1], height * width, shape[4])), [axes[0], new(1, 1, 1, 0, 0)], isMax);
        return Ops.Reshape(y, shape.WithRows(y.Shape[1], height, width, shape[4]));
    }

    /// <summary>Each cell repeated along every axis between batch and channels.</summary>
    public static Tensor Repeat(Tensor x, ReadOnlySpan<int> factors)
    {
        foreach (int factor in factors)
        {
            if (factor < 1)
                throw new ArgumentException($"size is {Text(factors)}, expected each at least 1.");
        }

        if (factors.Length == 1)
            return FromImages(Repeat2D(ToImages(x), 1, factors[0]), 1);
        if (factors.Length == 2)
            return Repeat2D(x, factors[0], factors[1]);
        Shape shape = x.Shape;
        Tensor y = Repeat2D(Ops.Reshape(x, new Shape(shape[0] * shape[1], shape[2], shape[3], shape[4])), factors[1], factors[2]);
        (int height, int width) = (y.Shape[1], y.Shape[2]);
        y = Repeat2D(Ops.Reshape(y, shape.WithRows(shape[1], height * width, shape[4])), factors[0], 1);
        return Ops.Reshape(y, shape.WithRows(y.Shape[1], height, width, shape[4]));
    }

    /// <summary>Room for the weights by which an axis is resized.</summary>
    public static float[,] ResizeWeights(int newSize, int size) => (long)newSize * size <= MostWeights
        ? new float[newSize, size]
        : throw new ArgumentException($"resizing {size} cells to {newSize} would take more than {MostWeights} weights.");

    /// <summary>Images resized by matrices: every line of the result is a mixture of lines, every column one of columns.</summary>
    /// <param name="x">(batch, height, width, channels).</param>
    /// <param name="lines">Weights (new height, height).</param>
    /// <param name="columns">Weights (new width, width).</param>
    public static Tensor Resize(Tensor x, float[,] lines, float[,] columns)
    {
        int height = x.Shape[1], width = x.Shape[2], channels = x.Shape[3], newHeight = lines.GetLength(0), newWidth = columns.GetLength(0);
        Tensor y = Ops.BatchMatMul(Matrix(x.Graph, lines), Ops.Reshape(x, x.Shape.WithRows(height, width * channels)));
        y = Ops.BatchMatMul(Matrix(x.Graph, columns), Ops.Reshape(y, new Shape(x.Shape[0] * newHeight, width, channels)));
        return Ops.Reshape(y, x.Shape.WithRows(newHeight, newWidth, channels));
    }

    /// <summary>A sequence as images of one line; images as they are.</summary>
    public static Tensor ToImages(Tensor x) => x.Shape.Rank == 3 ? Ops.Reshape(x, x.Shape.WithRows(1, x.Shape[1], x.Shape[2])) : x;

    /// <summary>The reverse of <see cref="ToImages"/>.</summary>
    public static Tensor FromImages(Tensor x, int axes) => axes == 1 ? Ops.Reshape(x, x.Shape.WithRows(x.Shape[2], x.Shape[3])) : x;

    /// <summary>A kernel for sequences as one for images of one line.</summary>
    public static Tensor KernelToImages(Tensor kernel, int axes) => axes == 1 ? Ops.Reshape(kernel, new Shape([1, .. kernel.Shape.Dims])) : kernel;

    /// <summary>Windows over sequences as windows over images of one line.</summary>
    public static ReadOnlySpan<WindowAxis> Image(ReadOnlySpan<WindowAxis> axes) => axes.Length == 1 ? new WindowAxis[] { new(1, 1, 1, 0, 0), axes[0] } : axes;

    public static int[] Strides(ReadOnlySpan<WindowAxis> axes) => [axes[0].Stride, axes[1].Stride];

    public static int[] Dilations(ReadOnlySpan<WindowAxis> axes) => [axes[0].Dilation, axes[1].Dilation];

    public static int[] Pads(ReadOnlySpan<WindowAxis> axes) => [axes[0].Before, axes[0].After, axes[1].Before, axes[1].After];

    /// <summary>The part of an axis from begin on; the tensor itself where that is all of it.</summary>
    public static Tensor Range(Tensor x, int axis, int begin, int size) => begin == 0 && size == x.Shape[axis] ? x : Ops.Slice(x, axis, begin, size);

    private static Tensor Convolve2D(Tensor x, Tensor kernel, ReadOnlySpan<WindowAxis> axes, int groups) =>
        Ops.Conv2D(x, kernel, Strides(axes), Pads(axes), Dilations(axes), groups);

    private static Tensor Pool2D(Tensor x, ReadOnlySpan<WindowAxis> axes, bool isMax)
    {
        int[] size = [axes[0].Kernel, axes[1].Kernel];
        return isMax ? Ops.MaxPool(x, size, Strides(axes), Pads(axes)) : Ops.AvgPool(x, size, Strides(axes), Pads(axes));
    }

    // The gradient of an average shares each cell out over its window; as many times as that has cells it is repetition.
    private static Tensor Repeat2D(Tensor x, int height, int width) => height * width == 1
        ? x
        : Ops.AvgPoolGrad(x, x.Shape[1] * height, x.Shape[2] * width, [height, width], [height, width]) * (height * width);

    // So many cells of the first axis after the batch, from begin on, each a stride after the one before.
    private static Tensor Every(Tensor x, int begin, int count, int stride)
    {
        Tensor part = Range(x, 1, begin, count * stride);
        if (stride == 1)
            return part;
        Tensor split = Ops.Reshape(part, x.Shape.WithRows([count, stride, .. x.Shape.Dims[2..]]));
        return Ops.Reshape(Ops.Slice(split, 2, 0, 1), x.Shape.WithRows([count, .. x.Shape.Dims[2..]]));
    }

    private static Tensor Matrix(Graph graph, float[,] values) =>
        Ops.Constant(graph, MemoryMarshal.CreateReadOnlySpan(ref values[0, 0], values.Length), new Shape(values.GetLength(0), values.GetLength(1)));

    private static string Text(ReadOnlySpan<int> sizes) => sizes.Length == 1 ? $"{sizes[0]}" : $"({string.Join(", ", sizes.ToArray())})";
}
