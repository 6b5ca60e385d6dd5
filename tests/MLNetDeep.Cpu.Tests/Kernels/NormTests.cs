using MLNetDeep.Cpu.Kernels;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class NormTests
{
    private const float Epsilon = 1e-3f;

    public static TheoryData<int, int> Sizes => new()
    {
        { 1, 1 }, { 2, 3 }, { 128, 256 }, { 37, 10 }, { 5, 67 }, { 1000, 33 }, { 20_011, 3 }, { 3, 1000 }, { 1, 64 }, { 9, 8 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Batch_norm(int rows, int columns)
    {
        using Buffer x = Buffer.Random(rows * columns, 1, 3), dy = Buffer.Random(rows * columns, 4);
        for (int i = 0; i < x.Count; i++)
            x[i] += (i % columns % 20) - 2;
        double[] mean = new double[columns], variance = new double[columns], dgamma = new double[columns], dbeta = new double[columns];
        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < rows; r++)
                mean[c] += x[(r * columns) + c] / (double)rows;
            for (int r = 0; r < rows; r++)
                variance[c] += Math.Pow(x[(r * columns) + c] - mean[c], 2) / rows;
            double inverse = 1 / Math.Sqrt(variance[c] + Epsilon);
            for (int r = 0; r < rows; r++)
            {
                int i = (r * columns) + c;
                double normal = (x[i] - mean[c]) * inverse;
                dgamma[c] += normal * dy[i];
                dbeta[c] += dy[i];
            }
        }

        long workspaceSize = BatchNorm.WorkspaceSize(rows, columns);
        Pools.Everywhere(
            pool =>
            {
                using Buffer m = new(columns), v = new(columns), workspace = new(workspaceSize);
                BatchNorm.Statistics(pool, x, m, v, rows, columns, workspace);
                return [.. m.Span, .. v.Span];
            },
            result => Pools.Near([.. mean, .. variance], result, 1e-5));

        using Buffer means = new(Array.ConvertAll(mean, d => (float)d)), variances = new(Array.ConvertAll(variance, d => (float)d));
        Pools.Everywhere(
            pool =>
            {
                using Buffer g = new(columns), b = new(columns), workspace = new(workspaceSize);
                BatchNorm.Sums(pool, dy, x, means, variances, Epsilon, g, b, rows, columns, workspace);
                return [.. g.Span, .. b.Span];
            },
            result => Pools.Near([.. dgamma, .. dbeta], result, rows < 8 ? 1e-4 : 1e-5 * Math.Max(1, Math.Sqrt(rows) / 10)));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Layer_norm(int rows, int columns)
    {
        using Buffer x = Buffer.Random(rows * columns, 1, 3), gamma = Buffer.Random(columns, 2), beta = Buffer.Random(columns, 3), dy = Buffer.Random(rows * columns, 4);
        double[] mean = new double[rows], rstd = new double[rows], dgamma = new double[columns], dbeta = new double[columns];
        double[] y = new double[rows * columns], dx = new double[rows * columns];
        for (int r = 0; r < rows; r++)
        {
            double variance = 0, sum = 0, product = 0;
            for (int c = 0; c < columns; c++)
                mean[r] += x[(r * columns) + c] / (double)columns;
            for (int c = 0; c < columns; c++)
                variance += Math.Pow(x[(r * columns) + c] - mean[r], 2) / columns;
            rstd[r] = 1 / Math.Sqrt(variance + Epsilon);
            for (int c = 0; c < columns; c++)
            {
                int i = (r * columns) + c;
                double normal = (x[i] - mean[r]) * rstd[r];
                y[i] = (normal * gamma[c]) + beta[c];
                dgamma[c] += normal * dy[i];
                dbeta[c] += dy[i];
                sum += dy[i] * gamma[c] / columns;
                product += dy[i] * gamma[c] * normal / columns;
            }

            for (int c = 0; c < columns; c++)
            {
                int i = (r * columns) + c;
                dx[i] = rstd[r] * ((dy[i] * gamma[c]) - sum - ((x[i] - mean[r]) * rstd[r] * product));
            }
        }

        Pools.Everywhere(
            pool =>
            {
                using Buffer to = new(x.Count), m = new(rows), s = new(rows);
                LayerNorm.Forward(pool, x, gamma, beta, Epsilon, to, m, s, rows, columns);
                return [.. m.Span, .. s.Span, .. to.Span];
            },
            result => Pools.Near([.. mean, .. rstd, .. y], result, 2e-5));

        using Buffer means = new(Array.ConvertAll(mean, d => (float)d)), rstds = new(Array.ConvertAll(rstd, d => (float)d));
        Pools.Everywhere(
            pool =>
            {
                using Buffer to = new(x.Count), g = new(columns), b = new(columns), workspace = new(LayerNorm.BackwardWorkspaceSize(rows, columns));
                LayerNorm.Backward(pool, dy, x, gamma, means, rstds, to, g, b, rows, columns, workspace);
                return [.. g.Span, .. b.Span, .. to.Span];
            },
            result => Pools.Near([.. dgamma, .. dbeta, .. dx], result, 1e-5 * Math.Max(2, Math.Sqrt(rows) / 10)));
    }

    [Fact]
    public void Variance_far_from_zero_does_not_cancel()
    {
        const int Rows = 5000, Columns = 9;
        using Buffer x = Buffer.Random(Rows * Columns, 1), mean = new(Columns), variance = new(Columns);
        for (int i = 0; i < x.Count; i++)
            x[i] += 10_000;
        using var workspace = new Buffer(BatchNorm.WorkspaceSize(Rows, Columns));
        BatchNorm.Statistics(Pools.Two, x, mean, variance, Rows, Columns, workspace);
        Assert.All(variance.Span.ToArray(), v => Assert.InRange(v, 0.31f, 0.355f));
    }

    [Fact]
    public void Workspace_grows_with_the_rows()
    {
        for (int columns = 1; columns < 700; columns += 37)
        {
            for (int rows = 1; rows < 9000; rows += 13)
            {
                Assert.True(BatchNorm.WorkspaceSize(rows, columns) <= BatchNorm.WorkspaceSize(rows + 13, columns));
                Assert.True(2L * new RowParts(rows, columns, RowParts.Small).Count * columns <= LayerNorm.BackwardWorkspaceSize(rows, columns));
                Assert.True(2L * new RowParts(rows, columns, RowParts.Large).Count * columns <= BatchNorm.WorkspaceSize(rows, columns));
            }
        }
    }
}
