using MLNetDeep.Graphs;

namespace MLNetDeep.Layers;

/// <summary>Rows of a table as numbers: so many plain ones, then for each choice among several a block of as many.</summary>
internal static class MixedBlocks
{
    /// <exception cref="ArgumentException">The numbers and blocks do not fill the last axis.</exception>
    public static void Check(Tensor x, int numbers, IReadOnlyList<int> blocks)
    {
        if (numbers < 0 || blocks.Any(b => b < 2))
            throw new ArgumentException($"there are {numbers} numbers and blocks of {string.Join(", ", blocks)}; expected no less than 0 numbers, and 2 or more in each block.");
        long size = numbers + blocks.Sum(b => (long)b);
        if (x.DType != DType.Float32 || x.Shape.Rank < 2 || !x.Shape.IsBatched || x.Shape[^1] != size || size == 0)
            throw new ArgumentException($"expected numbers of shape (batch, ..., {size}): {numbers} numbers and blocks of {string.Join(", ", blocks)}.");
    }

    /// <summary>A part of the last axis.</summary>
    public static Tensor Part(Tensor x, int start, int size) => start == 0 && size == x.Shape[^1] ? x : Ops.Slice(x, x.Shape.Rank - 1, start, size);

    /// <summary>The blocks, in order.</summary>
    public static IEnumerable<Tensor> Split(Tensor x, int numbers, IReadOnlyList<int> blocks)
    {
        int at = numbers;
        foreach (int block in blocks)
        {
            yield return Part(x, at, block);
            at += block;
        }
    }

    public static Tensor Join(IReadOnlyList<Tensor> parts) => parts.Count == 1 ? parts[0] : Ops.Concatenate(parts, parts[0].Shape.Rank - 1);
}
