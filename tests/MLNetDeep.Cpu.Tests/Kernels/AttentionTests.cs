using MLNetDeep.Cpu.Kernels;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class AttentionTests
{
    // Batch, heads, steps, sources, size, value size; steps in one block and several, sizes of whole tiles and not.
    public static TheoryData<int, int, int, int, int, int, bool, bool, float> Sizes => new()
    {
        { 1, 1, 1, 1, 1, 1, false, false, 0 },
        { 2, 3, 5, 7, 3, 2, false, true, 0 },
        { 2, 2, 64, 64, 32, 32, false, false, 0.1f },
        { 1, 2, 33, 33, 16, 16, true, false, 0 },
        { 3, 1, 7, 2, 5, 33, true, true, 0.5f },
        { 1, 1, 130, 40, 4, 8, false, true, 0.2f },
        { 1, 2, 200, 201, 17, 20, true, true, 0 },
        { 1, 1, 3, 300, 2, 2, false, true, 0.3f },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_and_backward(int batch, int heads, int steps, int sources, int size, int valueSize, bool causal, bool masked, float rate)
    {
        AttentionShape s = new(batch, heads, steps, sources, size, valueSize, 0.5f, causal, rate, 11);
        using Buffer q = Buffer.Random((long)batch * steps * heads * size, 1, 2), k = Buffer.Random((long)batch * sources * heads * size, 2, 2);
        using Buffer v = Buffer.Random((long)batch * sources * heads * valueSize, 3), dy = Buffer.Random((long)batch * steps * heads * valueSize, 4);
        using Buffer queryMask = new(batch * steps, 1), keyMask = new(batch * sources, 1), kept = new(batch * heads * steps * sources, 1);
        for (int i = 0; i < keyMask.Count; i++)
            keyMask[i] = i % 3 == 2 ? 0 : 1;
        queryMask[0] = 0;
        if (rate > 0)
            PhiloxRandom.DropoutMask(Pools.One, kept, kept.Count, rate, 11, 7);
        float* steppedMask = masked ? queryMask.Pointer : null, sourceMask = masked ? keyMask.Pointer : null;

        double[] y = new double[dy.Count], dq = new double[q.Count], dk = new double[k.Count], dv = new double[v.Count];
        for (int b = 0; b < batch; b++)
        {
            for (int h = 0; h < heads; h++)
            {
                for (int i = 0; i < steps; i++)
                {
                    int Q(int c) => (((((b * steps) + i) * heads) + h) * size) + c;
                    int K(int j, int c) => (((((b * sources) + j) * heads) + h) * size) + c;
                    int V(int j, int c) => (((((b * sources) + j) * heads) + h) * valueSize) + c;
                    int Y(int c) => (((((b * steps) + i) * heads) + h) * valueSize) + c;
                    int[] seen = [.. Enumerable.Range(0, sources).Where(j => (!causal || j <= i) && (!masked || (queryMask[(b * steps) + i] != 0 && keyMask[(b * sources) + j] != 0)))];
                    double[] powers = [.. seen.Select(j => Math.Exp(0.5 * Enumerable.Range(0, size).Sum(c => (double)q[Q(c)] * k[K(j, c)])))];
                    double[] weights = [.. powers.Select(p => p / powers.Sum())];
                    double[] drop = [.. seen.Select(j => (double)kept[((((b * heads) + h) * steps) + i) * (long)sources + j])];
                    double[] slopes = [.. seen.Select((j, at) => drop[at] * Enumerable.Range(0, valueSize).Sum(c => (double)dy[Y(c)] * v[V(j, c)]))];
                    double mean = slopes.Zip(weights, (a, w) => a * w).Sum();
                    for (int at = 0; at < seen.Length; at++)
                    {
                        for (int c = 0; c < valueSize; c++)
                        {
                            y[Y(c)] += weights[at] * drop[at] * v[V(seen[at], c)];
                            dv[V(seen[at], c)] += weights[at] * drop[at] * dy[Y(c)];
                        }

                        for (int c = 0; c < size; c++)
                        {
                            double slope = weights[at] * (slopes[at] - mean) * 0.5;
                            dq[Q(c)] += slope * k[K(seen[at], c)];
                            dk[K(seen[at], c)] += slope * q[Q(c)];
                        }
                    }
                }
            }
        }

        Pools.Everywhere(
            pool =>
            {
                using Buffer to = new(y.Length), workspace = new(Attention.ForwardWorkspaceSize(s, pool.Threads));
                Attention.Forward(pool, s, q, k, v, steppedMask, sourceMask, 7, to, workspace);
                return to.Span.ToArray();
            },
            result => Pools.Near(y, result, 5e-6));
        Pools.Everywhere(
            pool =>
            {
                using Buffer toQ = new(q.Count), toK = new(k.Count), toV = new(v.Count), workspace = new(Attention.BackwardWorkspaceSize(s, pool.Threads));
                Attention.Backward(pool, s, dy, q, k, v, steppedMask, sourceMask, 7, toQ, toK, toV, workspace);
                return [.. toQ.Span, .. toK.Span, .. toV.Span];
            },
            result => Pools.Near([.. dq, .. dk, .. dv], result, 2e-5));
    }

    [Fact]
    public void A_NaN_is_not_taken_for_a_masked_step()
    {
        AttentionShape s = new(1, 1, 2, 3, 1, 1, 1, false, 0, 0);
        using Buffer q = new([float.NaN, 1]), k = new([1f, 2, 3]), v = new([1f, 1, 1]), mask = new([1f, 1, 0]), y = new(2), workspace = new(Attention.ForwardWorkspaceSize(s, 1));
        Attention.Forward(Pools.One, s, q, k, v, null, mask, 0, y, workspace);
        Assert.Equal([float.NaN, 1], y.Span.ToArray());
    }

    // With dropout too: the fused kernel draws what the separate operation would.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fused_equals_what_it_stands_for(bool causal)
    {
        Graph graph = new();
        Tensor Input(string name, int steps, int size) => graph.Placeholder(name, DType.Float32, Shape.Batched(steps, 2, size));
        Tensor q = Input("q", 21, 8), k = Input("k", 19, 8), v = Input("v", 19, 5), step = graph.Placeholder("step", DType.Int32, Shape.Scalar);
        Tensor real = graph.Placeholder("real", DType.Float32, Shape.Batched(19)), mask = Ops.Greater(real, Ops.Like(real, 0));
        Tensor fused = Ops.ScaledDotProductAttention(q, k, v, 0.3f, causal, null, mask, 0.25f, step, 99);
        Tensor simple = fused.Node.Op.Expand(fused.Node)![0];
        Tensor[] Fetches(Tensor y) => [y, .. Gradients.Compute([Ops.Sum(Ops.Square(y))], [q, k, v]).Select(g => g!)];
        Tensor[] fetches = [.. Fetches(fused), .. Fetches(simple)];
        using ISession session = new CpuEngine().CreateSession(graph, 1);
        using IExecutable executable = session.Compile(fetches);
        Random random = new(5);
        foreach (Tensor feed in executable.Feeds.Where(f => f.DType == DType.Float32))
        {
            foreach (ref float value in executable.Feed<float>(feed, 3))
                value = feed == real ? random.Next(4) == 0 ? 0 : 1 : (random.NextSingle() * 4) - 2;
        }

        executable.Feed<int>(step, 1)[0] = 6;
        executable.Run(3);
        for (int i = 0; i < 4; i++)
            Pools.Near([.. executable.Fetch<float>(fetches[i + 4]).ToArray().Select(x => (double)x)], executable.Fetch<float>(fetches[i]), 1e-5, fetches[i].Name);
    }
}
