using System.Runtime.CompilerServices;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>Images with the zeros around them that taps reach: the zeros are there only in copies of bands of rows.</summary>
internal struct ConvFrame
{
    /// <summary>Sizes of the image itself.</summary>
    public int SourceHeight, SourceWidth, Channels;

    /// <summary>Rows of zeros above and columns of zeros left of the image.</summary>
    public int PadY, PadX;

    /// <summary>Sizes with the zeros; not more than taps reach, so some of the image may be outside.</summary>
    public int Height, Width;

    /// <summary>Whether there are zeros, so that it must be copied.</summary>
    public readonly bool Copy => PadY > 0 || PadX > 0 || Height > SourceHeight || Width > SourceWidth;

    /// <summary>Floats from a row to the next, in the copy if there is one.</summary>
    public readonly long RowStride => (long)(Copy ? Width : SourceWidth) * Channels;

    public readonly long SourceSize => (long)SourceHeight * SourceWidth * Channels;

    /// <summary>Copies the rows [begin, end) of the frame.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public readonly unsafe void CopyRows(float* image, int begin, int end, float* target)
    {
        long row = (long)Width * Channels;
        int columns = Math.Max(0, Math.Min(SourceWidth, Width - PadX));
        long left = Math.Min(row, (long)PadX * Channels), middle = (long)columns * Channels, right = row - left - middle;
        for (int y = begin; y < end; y++, target += row)
        {
            int from = y - PadY;
            if ((uint)from >= (uint)SourceHeight || middle == 0)
            {
                Clear(target, row);
                continue;
            }

            Clear(target, left);
            float* source = image + ((long)from * SourceWidth * Channels);
            Unsafe.CopyBlockUnaligned(target + left, source, (uint)(middle * sizeof(float)));
            Clear(target + left + middle, right);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Clear(float* target, long count)
    {
        if (count > 0)
            Unsafe.InitBlockUnaligned(target, 0, (uint)(count * sizeof(float)));
    }
}
