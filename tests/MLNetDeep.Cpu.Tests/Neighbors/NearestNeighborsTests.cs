using MLNetDeep.Cpu.Neighbors;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Tests.Neighbors;

public class NearestNeighborsTests
{
    // Measured one by one, sorted by distance and number.
    private static int[] Slowly(float[] points, int dimensions, int[] queries, int[] references, int count, bool farthest) =>
        [.. queries.SelectMany(q => references.Where(r => r != q)
            .Select(r => (Square: Enumerable.Range(0, dimensions).Sum(d => Math.Pow((double)points[q * dimensions + d] - points[r * dimensions + d], 2)), r))
            .OrderBy(p => farthest ? -p.Square : p.Square).ThenBy(p => p.r).Take(count).Select(p => p.r))];

    private static float[] Points(int count, int dimensions, bool grid, float offset = 0)
    {
        Random random = new(count * 31 + dimensions);
        return [.. Enumerable.Range(0, count * dimensions).Select(_ => offset + (grid ? random.Next(3) : random.NextSingle() * 4 - 2))];
    }

    [Theory]
    [InlineData(300, 7, 5, false, 0f, false)]
    [InlineData(700, 50, 10, false, 0f, false)]
    [InlineData(700, 50, 10, false, 0f, true)]
    [InlineData(5000, 3, 4, false, 0f, false)] // several blocks of references
    [InlineData(400, 4, 6, true, 0f, false)] // many points at one distance: the lower numbers are wanted
    [InlineData(400, 4, 6, true, 0f, true)]
    [InlineData(300, 5, 3, false, 1000f, false)] // far from the origin, where products of matrices round
    [InlineData(9, 2, 8, false, 0f, false)] // all there are
    public void Neighbours_are_those_of_double_precision(int count, int dimensions, int wanted, bool grid, float offset, bool farthest)
    {
        float[] points = Points(count, dimensions, grid, offset);
        int[] all = [.. Enumerable.Range(0, count)], queries = [.. all.Where(i => i % 3 != 1 || count < 10)];
        (int[] indices, double[] squares) = NearestNeighbors.Find(WorkerPool.Shared, points, dimensions, queries, all, wanted, farthest);
        Assert.Equal(Slowly(points, dimensions, queries, all, wanted, farthest), indices);
        Assert.All(Enumerable.Range(0, indices.Length), i => Assert.Equal(
            Enumerable.Range(0, dimensions).Sum(d => Math.Pow((double)points[queries[i / wanted] * dimensions + d] - points[indices[i] * dimensions + d], 2)), squares[i], 1e-9 * (1 + squares[i])));
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        float[] points = Points(2000, 20, grid: false);
        int[] all = [.. Enumerable.Range(0, 2000)];
        (int[] expected, double[] squares) = NearestNeighbors.Find(new WorkerPool(1), points, 20, all, all, 7);
        foreach (int threads in new[] { 2, 3, 5 })
        {
            using WorkerPool pool = new(threads);
            (int[] indices, double[] found) = NearestNeighbors.Find(pool, points, 20, all, all, 7);
            Assert.Equal(expected, indices);
            Assert.Equal(squares, found);
        }
    }

    [Fact]
    public void References_may_be_a_part()
    {
        float[] points = Points(500, 6, grid: true);
        int[] references = [.. Enumerable.Range(0, 500).Where(i => i % 7 == 2)], queries = [3, 9, 16, 499];
        Assert.Equal(Slowly(points, 6, queries, references, 5, false), NearestNeighbors.Find(WorkerPool.Shared, points, 6, queries, references, 5).Indices);
    }

    [Fact]
    public void A_token_ends_the_search()
    {
        float[] points = Points(500, 6, grid: false);
        int[] all = [.. Enumerable.Range(0, 500)];
        Assert.Throws<OperationCanceledException>(() => NearestNeighbors.Find(WorkerPool.Shared, points, 6, all, all, 3, cancellation: new CancellationToken(canceled: true)));
    }
}
