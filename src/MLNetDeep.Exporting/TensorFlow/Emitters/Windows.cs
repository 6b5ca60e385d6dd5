using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;

namespace MLNetDeep.Exporting.TensorFlow.Emitters;

/// <summary>A window that moves over images (batch, height, width, channels), as TensorFlow says it.</summary>
internal readonly record struct Windows(Window Window, int Height, int Width, int Rows, int Columns)
{
    /// <summary>From an operation's attributes, for images and windows of these sizes.</summary>
    public static Windows Of(Attributes attributes, int height, int width, int windowHeight, int windowWidth)
    {
        Window window = Window.Of(attributes, windowHeight, windowWidth);
        return new(window, height, width, window.Height.Positions(height), window.Width.Positions(width));
    }

    public bool IsValid => Window.Height is { Before: 0, After: 0 } && Window.Width is { Before: 0, After: 0 };

    /// <summary>Whether TensorFlow's SAME puts just these cells around.</summary>
    public bool IsSame => Same(Window.Height, Height, Rows) && Same(Window.Width, Width, Columns);

    public int PaddedHeight => Height + Window.Height.Before + Window.Height.After;

    public int PaddedWidth => Width + Window.Width.Before + Window.Width.After;

    public int[] Strides => [1, Window.Height.Stride, Window.Width.Stride, 1];

    public int[] Dilations => [1, Window.Height.Dilation, Window.Width.Dilation, 1];

    public int[] KernelSize => [1, Window.Height.Kernel, Window.Width.Kernel, 1];

    /// <summary>Cells before and after each of the four axes.</summary>
    public int[] Cells => [0, 0, Window.Height.Before, Window.Height.After, Window.Width.Before, Window.Width.After, 0, 0];

    /// <summary>The part of padded images that is not padding.</summary>
    public Value Crop(Emission e, Value padded) =>
        IsValid ? padded : e.Slice(padded, [0, Window.Height.Before, Window.Width.Before, 0], [-1, Height, Width, -1]);

    private static bool Same(WindowAxis axis, int size, int positions)
    {
        int count = (size + axis.Stride - 1) / axis.Stride;
        long total = Math.Max(((long)(count - 1) * axis.Stride) + axis.Reach - size, 0);
        return positions == count && axis.Before == total / 2 && axis.After == total - (total / 2);
    }
}
