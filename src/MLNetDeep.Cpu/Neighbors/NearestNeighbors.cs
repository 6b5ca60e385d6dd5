using System.Numerics;
using System.Runtime.InteropServices;
using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Neighbors;

/// <summary>The nearest (or farthest) points of each of many points, by Euclidean distance.</summary>
/// <remarks>
/// <para>
/// Squared distances come from matrix products of blocks, |y|² - 2xy, which round; of each point a few more candidates than asked for are kept, measured
/// again in double precision one by one and sorted. Where rounding may have shut out a candidate (many points at nearly one distance), the point is measured
/// against all others. So the answer is that of double precision, ties by the lower number, on every machine and at any number of threads.
/// </para>
/// </remarks>
internal static unsafe class NearestNeighbors
{
    private const int QueryBlock = 128;

    // Floats of references that are looked at together: half a second-level cache.
    private const int ReferenceFloats = 1 << 17;

    private const int Spare = 8;

    /// <summary>Finds neighbours.</summary>
    /// <param name="pool">Threads to use.</param>
    /// <param name="points">All points, one after the other.</param>
    /// <param name="dimensions">Numbers of a point.</param>
    /// <param name="queries">Numbers of the points whose neighbours are wanted.</param>
    /// <param name="references">Numbers of the points that may be neighbours, rising. A point is no neighbour of itself.</param>
    /// <param name="count">Neighbours wanted of each; at most the references that are not the point itself.</param>
    /// <param name="farthest">Whether those at the greatest distances are wanted instead.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>For each query in order <paramref name="count"/> numbers of points, the nearest (farthest) first; and their squared distances.</returns>
    public static (int[] Indices, double[] Squares) Find(
        WorkerPool pool, float[] points, int dimensions, int[] queries, int[] references, int count, bool farthest = false, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int[] indices = new int[checked(queries.Length * count)];
        double[] squares = new double[indices.Length];
        if (queries.Length == 0)
            return (indices, squares);

        // Distances do not change when all points move, and round less near the origin.
        float[] center = Center(points, dimensions, references);
        float[] moved = new float[checked(references.Length * dimensions)];
        float[] norms = new float[references.Length];
        double most = 0;
        for (int i = 0; i < references.Length; i++)
        {
            Span<float> row = moved.AsSpan(i * dimensions, dimensions);
            double norm = Move(points.AsSpan(references[i] * dimensions, dimensions), center, row);
            norms[i] = (float)(farthest ? -norm : norm);
            most = Math.Max(most, norm);
        }

        int block = Math.Clamp(ReferenceFloats / Math.Max(dimensions, 1) / 64 * 64, 64, 4096);
        GemmShape shape = new(QueryBlock, Math.Min(block, references.Length), dimensions, TransposeA: false, TransposeB: true);
        Body body = new()
        {
            Pool = pool,
            Points = points,
            Dimensions = dimensions,
            Queries = queries,
            References = references,
            Count = count,
            Farthest = farthest,
            Cancellation = cancellation,
            Indices = indices,
            Squares = squares,
            Center = center,
            Moved = moved,
            Norms = norms,
            MostNorm = most,
            Block = block,
            WorkspaceSize = Gemm.WorkspaceSize(shape, 1),
        };
        pool.For((queries.Length + QueryBlock - 1) / QueryBlock, 1, ref body);
        return (indices, squares);
    }

    /// <summary>The squared distance of two points, in an order of sums that is always the same.</summary>
    public static double Square(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        int i = 0;
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (; i + 4 <= a.Length; i += 4)
        {
            double d0 = (double)a[i] - b[i], d1 = (double)a[i + 1] - b[i + 1], d2 = (double)a[i + 2] - b[i + 2], d3 = (double)a[i + 3] - b[i + 3];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }

        for (; i < a.Length; i++)
        {
            double d = (double)a[i] - b[i];
            s0 += d * d;
        }

        return s0 + s1 + (s2 + s3);
    }

    private static float[] Center(float[] points, int dimensions, int[] references)
    {
        double[] sums = new double[dimensions];
        foreach (int reference in references)
        {
            ReadOnlySpan<float> row = points.AsSpan(reference * dimensions, dimensions);
            for (int i = 0; i < row.Length; i++)
                sums[i] += row[i];
        }

        return [.. sums.Select(s => (float)(s / Math.Max(references.Length, 1)))];
    }

    // Returns the square of the moved point's length.
    private static double Move(ReadOnlySpan<float> point, float[] center, Span<float> target)
    {
        double norm = 0;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = point[i] - center[i];
            norm += (double)target[i] * target[i];
        }

        return norm;
    }

    private struct Body : IRangeBody
    {
        public WorkerPool Pool;
        public float[] Points, Center, Moved, Norms;
        public int Dimensions, Count, Block;
        public int[] Queries, References, Indices;
        public bool Farthest;
        public double[] Squares;
        public double MostNorm;
        public long WorkspaceSize;
        public CancellationToken Cancellation;

        public void Run(int begin, int end, int worker)
        {
            int kept = (int)Math.Min(References.Length, (long)Count + 1 + Spare);
            float[] queries = new float[QueryBlock * Dimensions], products = new float[QueryBlock * Math.Min(Block, References.Length)];
            double[] norms = new double[QueryBlock];
            Candidates[] candidates = [.. Enumerable.Range(0, QueryBlock).Select(_ => new Candidates(kept))];
            float* workspace = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(WorkspaceSize, 1) * sizeof(float), 64);
            try
            {
                for (int block = begin; block < end; block++)
                {
                    Cancellation.ThrowIfCancellationRequested();
                    int first = block * QueryBlock, rows = Math.Min(QueryBlock, Queries.Length - first);
                    for (int row = 0; row < rows; row++)
                    {
                        Span<float> query = queries.AsSpan(row * Dimensions, Dimensions);
                        norms[row] = Move(Points.AsSpan(Queries[first + row] * Dimensions, Dimensions), Center, query);
                        float factor = Farthest ? 2 : -2;
                        foreach (ref float value in query)
                            value *= factor;
                        candidates[row].Clear();
                    }

                    for (int reference = 0; reference < References.Length; reference += Block)
                    {
                        int columns = Math.Min(Block, References.Length - reference);
                        fixed (float* a = queries, b = &Moved[(long)reference * Dimensions], c = products, bias = &Norms[reference])
                            Gemm.Run(Pool, new(rows, columns, Dimensions, false, true), a, b, c, bias, workspace);
                        for (int row = 0; row < rows; row++)
                            candidates[row].Take(products.AsSpan(row * columns, columns), reference);
                    }

                    for (int row = 0; row < rows; row++)
                        Finish(candidates[row], first + row, norms[row]);
                }
            }
            finally
            {
                NativeMemory.AlignedFree(workspace);
            }
        }

        private readonly void Finish(Candidates candidates, int query, double norm)
        {
            int self = Queries[query];
            (double Distance, int Index)[] found = Measure(candidates.Positions, self);

            // How far a rounded distance may be off: sums of as many terms as there are dimensions, in single precision.
            double error = (Dimensions + 8) * 1.2e-7 * (MostNorm + norm + 2 * Math.Sqrt(MostNorm * norm));
            bool isSure = candidates.Positions.Length == References.Length
                || found.Length >= Count && candidates.Worst - error > found[Count - 1].Distance - (Farthest ? -norm : norm);
            if (!isSure)
                found = Measure([.. Enumerable.Range(0, References.Length)], self);
            for (int i = 0; i < Count; i++)
            {
                Indices[query * Count + i] = found[i].Index;
                Squares[query * Count + i] = Farthest ? -found[i].Distance : found[i].Distance;
            }
        }

        private readonly (double Distance, int Index)[] Measure(ReadOnlySpan<int> positions, int self)
        {
            (double Distance, int Index)[] found = new (double, int)[positions.Length];
            ReadOnlySpan<float> query = Points.AsSpan(self * Dimensions, Dimensions);
            int length = 0;
            foreach (int position in positions)
            {
                int index = References[position];
                if (index == self)
                    continue;
                double square = Square(query, Points.AsSpan(index * Dimensions, Dimensions));
                found[length++] = (Farthest ? -square : square, index);
            }

            Array.Resize(ref found, length);
            Array.Sort(found);
            return found;
        }
    }

    /// <summary>The positions of the least values seen.</summary>
    private sealed class Candidates(int capacity)
    {
        // A heap with the greatest on top.
        private readonly float[] _values = new float[capacity];
        private readonly int[] _positions = new int[capacity];
        private int _count;

        public ReadOnlySpan<int> Positions => _positions.AsSpan(0, _count);

        public double Worst => _values[0];

        public void Clear() => _count = 0;

        public void Take(ReadOnlySpan<float> values, int offset)
        {
            int i = 0;
            for (; i < values.Length && _count < capacity; i++)
                Add(values[i], offset + i);
            float limit = _values[0];
            for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
            {
                if (!Vector.LessThanAny(new Vector<float>(values[i..]), new Vector<float>(limit)))
                    continue;
                for (int j = i; j < i + Vector<float>.Count; j++)
                {
                    if (values[j] < _values[0])
                        Replace(values[j], offset + j);
                }

                limit = _values[0];
            }

            for (; i < values.Length; i++)
            {
                if (values[i] < _values[0])
                    Replace(values[i], offset + i);
            }
        }

        private void Add(float value, int position)
        {
            int at = _count++;
            while (at > 0 && _values[(at - 1) / 2] < value)
            {
                (_values[at], _positions[at]) = (_values[(at - 1) / 2], _positions[(at - 1) / 2]);
                at = (at - 1) / 2;
            }

            (_values[at], _positions[at]) = (value, position);
        }

        private void Replace(float value, int position)
        {
            int at = 0;
            while (true)
            {
                int child = 2 * at + 1;
                if (child >= _count)
                    break;
                if (child + 1 < _count && _values[child + 1] > _values[child])
                    child++;
                if (_values[child] <= value)
                    break;
                (_values[at], _positions[at]) = (_values[child], _positions[child]);
                at = child;
            }

            (_values[at], _positions[at]) = (value, position);
        }
    }
}
