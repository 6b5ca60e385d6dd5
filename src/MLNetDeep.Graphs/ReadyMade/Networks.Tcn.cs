namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>
    /// A temporal convolutional network for sequences of numbers (Bai, Kolter and Koltun 2018): residual blocks of causal convolutions whose dilation doubles from block to block,
    /// the last step, and the output the task calls for.
    /// </summary>
    /// <param name="steps">Number of steps in a row. Default: those of the data, whose column must then say so itself; a flat vector does not.</param>
    /// <param name="features">Numbers in a step. Default 1. Without steps the data's.</param>
    /// <param name="filters">Channels. Default 64.</param>
    /// <param name="blocks">Number of blocks. Default: so many that the last step sees all of 64 steps and more, or of <paramref name="steps"/> where they are given.</param>
    /// <param name="kernelSize">Length of the windows, at least 2. Default 3.</param>
    /// <param name="dropout">Share of channels dropped after each convolution while training. Default 0.1.</param>
    /// <exception cref="ArgumentException">A size is too small or the dropout not in [0, 1).</exception>
    /// <example><c>Networks.Tcn(steps: 128, features: 6)</c></example>
    public static Network Tcn(int? steps = null, int features = 1, int filters = 64, int? blocks = null, int kernelSize = 3, double dropout = 0.1)
    {
        if (filters < 1 || blocks is < 1 or > 24 || kernelSize < 2)
            throw new ArgumentException($"Tcn: filters {filters}, blocks {blocks}, kernelSize {kernelSize}; expected filters of at least 1, 1 to 24 blocks and a window of at least 2.");
        if (dropout is not (>= 0 and < 1))
            throw new ArgumentException($"Tcn: dropout is {dropout}, expected at least 0 and less than 1.", nameof(dropout));
        Network network = Series("Tcn", steps, features);
        int count = blocks ?? BlocksToSee(steps ?? 64, kernelSize);
        for (int i = 0; i < count; i++)
            network = network.TcnBlock(filters, kernelSize, 1 << i, dropout, projects: i == 0);
        return network.LastStep(name: "features").TaskOutput();
    }

    // Two convolutions a block: after n blocks a step sees 2 (kernel - 1) (2ⁿ - 1) steps before it.
    private static int BlocksToSee(int steps, int kernelSize)
    {
        int blocks = 1;
        while (blocks < 24 && 1 + (2L * (kernelSize - 1) * ((1L << blocks) - 1)) < steps)
            blocks++;
        return blocks;
    }
}
