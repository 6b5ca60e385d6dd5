using System.Numerics;
using Microsoft.ML.Data;
using MLNetDeep.Cpu.Neighbors;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Imbalance.Core;

/// <summary>The features of all rows: one long array, or, where most of them are zero, what is not zero.</summary>
internal sealed class FeatureMatrix
{
    // Above this share of numbers that are not zero, the long array is smaller and faster.
    private const double SparseMost = 0.25;

    // Exactly one of the two.
    private readonly float[]? _dense;
    private readonly SparseRow[]? _sparse;

    private FeatureMatrix(int count, int dimensions, float[]? dense, SparseRow[]? sparse)
    {
        Count = count;
        Dimensions = dimensions;
        _dense = dense;
        _sparse = sparse;
    }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Numbers in a row.</summary>
    public int Dimensions { get; }

    public bool IsSparse => _sparse is not null;

    /// <summary>A matrix of dense rows.</summary>
    public static FeatureMatrix Of(float[] values, int dimensions) => new(values.Length / dimensions, dimensions, values, null);

    /// <summary>This matrix with more rows.</summary>
    public FeatureMatrix With(IReadOnlyList<VBuffer<float>> rows)
    {
        if (_sparse is not null)
            return new(Count + rows.Count, Dimensions, null, [.. _sparse, .. rows.Select(SparseRow.Of)]);
        float[] values = new float[checked((Count + rows.Count) * Dimensions)];
        _dense!.CopyTo(values, 0);
        for (int i = 0; i < rows.Count; i++)
            rows[i].CopyTo(values.AsSpan((Count + i) * Dimensions, Dimensions));
        return Of(values, Dimensions);
    }

    /// <summary>Puts a row's numbers into a span.</summary>
    public void CopyRow(int row, Span<float> target)
    {
        if (_sparse is not null)
            _sparse[row].CopyTo(target);
        else
            _dense.AsSpan(row * Dimensions, Dimensions).CopyTo(target);
    }

    /// <summary>The point that lies between two rows: a + gap · (b - a).</summary>
    public VBuffer<float> Between(int a, int b, double gap)
    {
        if (_sparse is null)
        {
            float[] values = new float[Dimensions];
            ReadOnlySpan<float> from = _dense.AsSpan(a * Dimensions, Dimensions), to = _dense.AsSpan(b * Dimensions, Dimensions);
            for (int i = 0; i < values.Length; i++)
                values[i] = Mix(from[i], to[i], gap);
            return new(Dimensions, values);
        }

        (int[] first, float[] firstValues) = _sparse[a];
        (int[] second, float[] secondValues) = _sparse[b];
        List<int> indices = [];
        List<float> mixed = [];
        for (int i = 0, j = 0; i < first.Length || j < second.Length;)
        {
            int left = i < first.Length ? first[i] : int.MaxValue, right = j < second.Length ? second[j] : int.MaxValue;
            indices.Add(Math.Min(left, right));
            mixed.Add(Mix(left <= right ? firstValues[i] : 0, right <= left ? secondValues[j] : 0, gap));
            i += left <= right ? 1 : 0;
            j += right <= left ? 1 : 0;
        }

        return new(Dimensions, indices.Count, [.. mixed], [.. indices]);
    }

    /// <summary>The nearest (or farthest) of some rows to each of some rows, none of them itself.</summary>
    /// <returns>For each query in order <paramref name="count"/> rows, the nearest (farthest) first, of equals the lower number; and their squared distances.</returns>
    public (int[] Indices, double[] Squares) Nearest(int[] queries, int[] references, int count, CancellationToken cancellation, bool farthest = false) => _sparse is null
        ? NearestNeighbors.Find(WorkerPool.Shared, _dense!, Dimensions, queries, references, count, farthest, cancellation)
        : NearestSparse(_sparse, queries, references, count, farthest, cancellation);

    private static float Mix(float a, float b, double gap) => (float)(a + gap * ((double)b - a));

    // Products come slot by slot from lists of the rows that have something there: what is zero costs nothing. What is left for every pair of rows is one sum.
    private (int[] Indices, double[] Squares) NearestSparse(SparseRow[] rows, int[] queries, int[] references, int count, bool farthest, CancellationToken cancellation)
    {
        int[] indices = new int[checked(queries.Length * count)];
        double[] squares = new double[indices.Length];
        double[] norms = [.. references.Select(r => Product(rows[r]))];
        SlotLists lists = new(rows, references, Dimensions);
        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        Parallel.For(0, queries.Length, options, () => (Products: new double[references.Length], Best: new BestRows(count, farthest)), (i, _, room) =>
        {
            SparseRow query = rows[queries[i]];
            Array.Clear(room.Products);
            lists.AddProducts(query, room.Products);
            room.Best.Find(queries[i], Product(query), norms, room.Products, references);
            for (int j = 0; j < count; j++)
                (squares[i * count + j], indices[i * count + j]) = room.Best[j];
            return room;
        }, _ => { });
        return (indices, squares);
    }

    private static double Product(SparseRow row)
    {
        double sum = 0;
        foreach (float value in row.Values)
            sum += (double)value * value;
        return sum;
    }

    /// <summary>For each slot the references that are not zero there, by their place among the references.</summary>
    private sealed class SlotLists
    {
        private readonly int[] _starts;
        private readonly int[] _references;
        private readonly float[] _values;

        public SlotLists(SparseRow[] rows, int[] references, int dimensions)
        {
            _starts = new int[dimensions + 1];
            foreach (int row in references)
            {
                foreach (int slot in rows[row].Indices)
                    _starts[slot + 1]++;
            }

            for (int i = 0; i < dimensions; i++)
                _starts[i + 1] = checked(_starts[i + 1] + _starts[i]);
            _references = new int[_starts[^1]];
            _values = new float[_starts[^1]];
            int[] next = _starts[..^1];
            for (int reference = 0; reference < references.Length; reference++)
            {
                (int[] slots, float[] values) = rows[references[reference]];
                for (int j = 0; j < slots.Length; j++)
                {
                    int at = next[slots[j]]++;
                    _references[at] = reference;
                    _values[at] = values[j];
                }
            }
        }

        /// <summary>Adds the products of a row with all references.</summary>
        public void AddProducts(SparseRow row, double[] products)
        {
            for (int j = 0; j < row.Indices.Length; j++)
            {
                int start = _starts[row.Indices[j]], length = _starts[row.Indices[j] + 1] - start;
                ReadOnlySpan<int> list = _references.AsSpan(start, length);
                ReadOnlySpan<float> values = _values.AsSpan(start, length);
                double factor = row.Values[j];
                for (int i = 0; i < list.Length; i++)
                    products[list[i]] += values[i] * factor;
            }
        }
    }

    /// <summary>The rows nearest to (farthest from) a row, the best first; of equals the lower number first.</summary>
    private sealed class BestRows(int count, bool farthest)
    {
        private readonly (double Square, int Row)[] _best = new (double, int)[count];
        private int _found;

        public (double Square, int Row) this[int place] => _best[place];

        public void Find(int self, double norm, double[] norms, double[] products, int[] references)
        {
            _found = 0;
            int width = Vector<double>.Count, r = 0;
            for (; r + width <= references.Length; r += width)
            {
                Vector<double> square = new Vector<double>(norm) + new Vector<double>(norms, r) - new Vector<double>(2.0) * new Vector<double>(products, r);
                Vector<double> worst = new(_best[^1].Square);

                // Nearly always none of them is better than what is there.
                if (_found == _best.Length && !(farthest ? Vector.GreaterThanOrEqualAny(square, worst) : Vector.LessThanOrEqualAny(square, worst)))
                    continue;
                for (int k = 0; k < width; k++)
                    Offer(square[k], references[r + k], self);
            }

            for (; r < references.Length; r++)
                Offer(norm + norms[r] - 2.0 * products[r], references[r], self);
        }

        private void Offer(double square, int row, int self)
        {
            (double Square, int Row) offered = (Math.Max(0, square), row);
            if (row == self || _found == _best.Length && !IsBefore(offered, _best[^1]))
                return;
            int at = _found < _best.Length ? _found++ : _found - 1;
            for (; at > 0 && IsBefore(offered, _best[at - 1]); at--)
                _best[at] = _best[at - 1];
            _best[at] = offered;
        }

        private bool IsBefore((double Square, int Row) a, (double Square, int Row) b) =>
            a.Square == b.Square ? a.Row < b.Row : farthest ? a.Square > b.Square : a.Square < b.Square;
    }

    /// <summary>What is not zero in a row: slots, rising, and their values.</summary>
    private sealed record SparseRow(int[] Indices, float[] Values)
    {
        public static SparseRow Of(VBuffer<float> row)
        {
            ReadOnlySpan<float> values = row.GetValues();
            ReadOnlySpan<int> slots = row.GetIndices();
            int used = values.Length - values.Count(0f), at = 0;
            SparseRow sparse = new(new int[used], new float[used]);
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] != 0)
                    (sparse.Indices[at], sparse.Values[at++]) = (row.IsDense ? i : slots[i], values[i]);
            }

            return sparse;
        }

        public void CopyTo(Span<float> target)
        {
            target.Clear();
            for (int i = 0; i < Indices.Length; i++)
                target[Indices[i]] = Values[i];
        }
    }

    /// <summary>Collects rows.</summary>
    public sealed class Builder(int dimensions)
    {
        // Each row in one of the two.
        private readonly List<SparseRow> _sparse = [];
        private readonly List<float[]?> _dense = [];
        private long _used;

        /// <summary>Adds a row.</summary>
        /// <returns>The first slot that is not a finite number; null if all are.</returns>
        public int? Add(in VBuffer<float> row)
        {
            ReadOnlySpan<float> values = row.GetValues();
            for (int i = 0; i < values.Length; i++)
            {
                if (!float.IsFinite(values[i]))
                    return row.IsDense ? i : row.GetIndices()[i];
            }

            int used = values.Length - values.Count(0f);
            _used += used;
            bool isFull = row.IsDense && used >= SparseMost * dimensions;
            _dense.Add(isFull ? values.ToArray() : null);
            _sparse.Add(isFull ? Nothing : SparseRow.Of(row));
            return null;
        }

        public FeatureMatrix Build()
        {
            long size = (long)_dense.Count * dimensions;
            if (_used < SparseMost * size || size > Array.MaxLength)
                return new(_dense.Count, dimensions, null, [.. _sparse.Select((s, i) => _dense[i] is { } full ? SparseRow.Of(new(dimensions, full)) : s)]);
            float[] values = new float[size];
            for (int i = 0; i < _dense.Count; i++)
            {
                if (_dense[i] is { } full)
                    full.CopyTo(values, i * dimensions);
                else
                    _sparse[i].CopyTo(values.AsSpan(i * dimensions, dimensions));
            }

            return Of(values, dimensions);
        }

        private static readonly SparseRow Nothing = new([], []);
    }
}
