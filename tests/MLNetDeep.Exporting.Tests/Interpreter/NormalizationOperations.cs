namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>TensorFlow's batch normalisation in one op.</summary>
internal static class NormalizationOperations
{
    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = [];

    public static Dictionary<string, Func<OpCall, Value[]>> Several { get; } = new()
    {
        ["FusedBatchNormV3"] = Forward,
        ["FusedBatchNormGradV3"] = Backward,
    };

    // (x, scale, offset, mean, variance) to y, the batch's mean, its variance corrected by n / (n - 1), and what the gradient wants: mean and biased variance on CPUs.
    private static Value[] Forward(OpCall call)
    {
        call.RequireCount(5);
        call.RequireType("T", 0);
        call.RequireType("U", 1, 2, 3, 4);
        Value x = call[0];
        int channels = x.Dims[^1], rows = x.Length / channels;
        if (x.Rank != 4 || call.Text("data_format", "NHWC") != "NHWC")
            throw call.Error($"takes images with the channels last, received {x}");
        bool training = call.Flag("is_training", true);
        double epsilon = call.Real("epsilon", 0.0001f);
        if (training && call.Real("exponential_avg_factor", 1) != 1)
            throw call.Error("keeps running statistics, which is not known to the interpreter");
        (double[] mean, double[] variance) = training ? Statistics(x, channels) : (call[3].Reals, call[4].Reals);
        double[] y = [.. x.Reals.Select((v, i) => ((v - mean[i % channels]) / Math.Sqrt(variance[i % channels] + epsilon) * call[1].Reals[i % channels]) + call[2].Reals[i % channels])];
        double[] corrected = training ? [.. variance.Select(v => v * rows / Math.Max(rows - 1, 1))] : variance;
        return
        [
            Value.Of(x.Type, x.Dims, y), Value.Of(x.Type, [channels], [.. mean]), Value.Of(x.Type, [channels], [.. corrected]),
            Value.Of(x.Type, [channels], [.. mean]), Value.Of(x.Type, [channels], [.. variance]), Value.Of(x.Type, [0], (double[])[]),
        ];
    }

    // (dy, x, scale, mean, variance, nothing) to dx, dscale, doffset and two that mean nothing.
    private static Value[] Backward(OpCall call)
    {
        call.RequireCount(6);
        call.RequireType("T", 0, 1);
        call.RequireSameShape(0, 1);
        if (!call.Flag("is_training", true))
            throw call.Error("out of training is not known to the interpreter");
        Value dy = call[0], x = call[1];
        int channels = x.Dims[^1], rows = x.Length / channels;
        double epsilon = call.Real("epsilon", 0.0001f);
        double[] mean = call[3].Reals, scale = [.. call[4].Reals.Select(v => 1 / Math.Sqrt(v + epsilon))], sum = new double[channels], product = new double[channels];
        for (int i = 0; i < x.Length; i++)
        {
            sum[i % channels] += dy.Reals[i];
            product[i % channels] += dy.Reals[i] * (x.Reals[i] - mean[i % channels]) * scale[i % channels];
        }

        double[] dx = new double[x.Length];
        for (int i = 0; i < dx.Length; i++)
        {
            int c = i % channels;
            dx[i] = call[2].Reals[c] * scale[c] * (dy.Reals[i] - (sum[c] / rows) - ((x.Reals[i] - mean[c]) * scale[c] * product[c] / rows));
        }

        return
        [
            Value.Of(x.Type, x.Dims, dx), Value.Of(x.Type, [channels], product), Value.Of(x.Type, [channels], sum),
            Value.Of(x.Type, [0], (double[])[]), Value.Of(x.Type, [0], (double[])[]),
        ];
    }

    private static (double[] Mean, double[] Variance) Statistics(Value x, int channels)
    {
        int rows = x.Length / channels;
        double[] mean = new double[channels], variance = new double[channels];
        for (int i = 0; i < x.Length; i++)
            mean[i % channels] += x.Reals[i] / rows;
        for (int i = 0; i < x.Length; i++)
            variance[i % channels] += (x.Reals[i] - mean[i % channels]) * (x.Reals[i] - mean[i % channels]) / rows;
        return (mean, variance);
    }
}
