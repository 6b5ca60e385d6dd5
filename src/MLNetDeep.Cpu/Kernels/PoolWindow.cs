using System.Runtime.CompilerServices;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>The cells of one window that lie inside the image.</summary>
internal readonly struct PoolWindow
{
    /// <summary>First row and column, and one past the last.</summary>
    public readonly int Top, Bottom, Left, Right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PoolWindow(in PoolShape s, int y, int x)
    {
        int top = (y * s.StrideH) - s.PadTop, left = (x * s.StrideW) - s.PadLeft;
        Top = Math.Max(top, 0);
        Bottom = Math.Min(top + s.WindowHeight, s.Height);
        Left = Math.Max(left, 0);
        Right = Math.Min(left + s.WindowWidth, s.Width);
    }

    /// <summary>The windows of a row that lie inside from left to right, if those of the row do from top to bottom.</summary>
    public static (int First, int Limit) Inside(in PoolShape s, int y)
    {
        int top = (y * s.StrideH) - s.PadTop, spare = s.Width - s.WindowWidth + s.PadLeft;
        if (top < 0 || top + s.WindowHeight > s.Height || spare < 0)
            return (0, 0);
        int first = (s.PadLeft + s.StrideW - 1) / s.StrideW;
        return (Math.Min(first, s.OutWidth), Math.Clamp((spare / s.StrideW) + 1, Math.Min(first, s.OutWidth), s.OutWidth));
    }

    /// <summary>Number of cells, not positive if there are none.</summary>
    public int Cells => Bottom <= Top || Right <= Left ? 0 : (Bottom - Top) * (Right - Left);
}
