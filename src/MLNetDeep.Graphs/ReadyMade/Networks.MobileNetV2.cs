using MLNetDeep.Initializers;

namespace MLNetDeep;

public static partial class Networks
{
    // Below this a total stride of 32 leaves too little of an image.
    private const int SmallImage = 96;

    /// <summary>
    /// MobileNetV2 (Sandler et al. 2018): blocks that widen the channels by 1 x 1 convolutions, convolve each channel on its own and narrow them again.
    /// Few weights and few operations for what it can do.
    /// </summary>
    /// <remarks>
    /// Images are made smaller by 32; those that are known to have a side of less than 96 by 8: the first two steps have stride 1 then. The ends of stages are called <c>stage1</c> to
    /// <c>stage7</c>, the vector that the output sees <c>features</c>. Batch normalisation with momentum 0.9 and epsilon 1e-5; convolutions pad both sides alike, as PyTorch.
    /// </remarks>
    /// <param name="width">What the numbers of filters are multiplied by (then rounded to multiples of 8): 0.35, 0.5, 0.75, 1, 1.4 are usual. Default 1.</param>
    /// <param name="size">Height and width of the images. Default: those of the data, whose column must then say so itself.</param>
    /// <param name="channels">Channels. Default 3. Without a size the data's.</param>
    /// <param name="dropout">Share dropped before the output while training. Default 0.2.</param>
    /// <exception cref="ArgumentException">A size or the width is out of range.</exception>
    /// <example><c>Networks.MobileNetV2(0.5, (96, 96))</c></example>
    public static Network MobileNetV2(double width = 1, Size2D? size = null, int channels = 3, double dropout = 0.2)
    {
        if (width is not (> 0 and <= 8) || dropout is not (>= 0 and < 1))
            throw new ArgumentException($"MobileNetV2: width is {width}, expected more than 0 and up to 8; dropout is {dropout}, expected at least 0 and less than 1.");
        bool isSmall = size is { } s && Math.Min(s.Height, s.Width) < SmallImage;
        int filters = Rounded(32 * width);
        Network network = Normalized(Images("MobileNetV2", size, channels), filters, 3, isSmall ? 1 : 2).Relu(6);
        (int Widening, int Filters, int Blocks, int Stride)[] stages =
        [
            (1, 16, 1, 1), (6, 24, 2, isSmall ? 1 : 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
        ];
        for (int stage = 0; stage < stages.Length; stage++)
        {
            for (int block = 0; block < stages[stage].Blocks; block++)
            {
                int stride = block == 0 ? stages[stage].Stride : 1, outputs = Rounded(stages[stage].Filters * width);
                string? name = block == stages[stage].Blocks - 1 ? $"stage{stage + 1}" : null;
                bool isResidual = stride == 1 && filters == outputs;
                Network changed = stages[stage].Widening == 1 ? network : Normalized(network, filters * stages[stage].Widening, 1).Relu(6);
                changed = changed.DepthwiseConv2D(3, stride, 1, useBias: false, kernelInitializer: new HeNormal()).BatchNormalization(momentum: 0.9, epsilon: 1e-5).Relu(6);
                changed = changed.Conv2D(outputs, 1, useBias: false, kernelInitializer: new HeNormal()).BatchNormalization(momentum: 0.9, epsilon: 1e-5, name: isResidual ? null : name);
                network = isResidual ? Network.Combine(new Layers.Add { Name = name }, changed, network) : changed;
                filters = outputs;
            }
        }

        network = Normalized(network, Rounded(1280 * Math.Max(width, 1)), 1).Relu(6).GlobalAveragePool2D(name: "features");
        return WithDropout(network, dropout).TaskOutput();

        // To a multiple of 8 that is at most a tenth less.
        static int Rounded(double number)
        {
            int rounded = Math.Max(8, (int)(number + 4) / 8 * 8);
            return rounded < 0.9 * number ? rounded + 8 : rounded;
        }
    }
}
