using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>Small networks of all families, each learning in its own way.</summary>
/// <remarks>
/// Where a gradient is 0 but for rounding (a bias before batch normalisation, the bias of attention's keys), Adam divides noise by noise, and two engines that round
/// differently part ways. So there are no such biases here, or epsilon is well above the noise.
/// </remarks>
internal static class TrainingGraphs
{
    private static readonly SparseCategoricalCrossentropy Classes = new();

    private static readonly Adam Slow = new() { Beta1 = 0.5f, Epsilon = 1e-4f };

    /// <summary>Those of many layers, which take the interpreter seconds.</summary>
    public static readonly string[] Large = ["resnet20"];

    public static readonly Dictionary<string, Func<TrainingGraph>> All = new()
    {
        ["dense_adam"] = () => Mlp(new Adam { LearningRate = 0.01f }),
        ["dense_amsgrad"] = () => Mlp(new Adam { LearningRate = 0.01f, AmsGrad = true, ClipValue = 0.05f }),
        ["dense_adamw"] = () => Mlp(new AdamW { LearningRate = 0.01f, WeightDecay = 0.1f, ExcludeFromWeightDecay = ["/bias"] }),
        ["dense_nadam"] = () => Mlp(new Nadam { LearningRate = 0.01f, ClipNorm = 0.5f }),
        ["dense_sgd"] = () => Mlp(new Sgd { LearningRate = 0.05f }),
        ["dense_momentum"] = () => Mlp(new Sgd { LearningRate = 0.05f, Momentum = 0.9f }),
        ["dense_nesterov"] = () => Mlp(new Sgd { LearningRate = 0.05f, Momentum = 0.9f, Nesterov = true, GlobalClipNorm = 0.5f }),
        ["dense_rmsprop"] = () => Mlp(new RMSprop()),
        ["dense_rmsprop_centered"] = () => Mlp(new RMSprop { Centered = true, Momentum = 0.5f }),
        ["dense_adagrad"] = () => Mlp(new AdaGrad { LearningRate = 0.05f }),
        ["cnn_batch_norm"] = () => TrainingGraph.Of(
            Network.Input(8, 7, 2).Conv2D(4, 3, padding: Padding.Same, useBias: false).BatchNormalization().Relu().MaxPool2D(2).Conv2D(4, 3, strides: 2, padding: 1).LeakyRelu().GlobalAveragePool2D().TaskOutput(),
            Classes, new Adam { LearningRate = 0.01f }, 3, new Softmax()),
        ["resnet20"] = () => TrainingGraph.Of(Networks.ResNet(20, 8, 3), Classes, new Sgd { LearningRate = 1e-3f, Momentum = 0.9f, WeightDecay = 1e-3f }, 3, new Softmax()),
        ["separable"] = () => TrainingGraph.Of(
            Network.Input(9, 8, 3).DepthwiseConv2D(3, strides: 2, depthMultiplier: 2, padding: Padding.Explicit((1, 0), (0, 2)), useBias: false).BatchNormalization().Relu(6)
                .SeparableConv2D(4, 3, padding: Padding.Same).Tanh().Conv2D(4, 2, dilationRate: 2, groups: 2).AveragePool2D(2, strides: 1, padding: 1).Flatten().TaskOutput(),
            Classes, new RMSprop(), 3, new Softmax()),
        ["lstm"] = () => TrainingGraph.Of(Networks.Lstm(9, 7, units: [4, 3], embedding: 5), Classes, new Adam { LearningRate = 0.01f, GlobalClipNorm = 1 }, 3, new Softmax()),
        ["gru"] = () => TrainingGraph.Of(Networks.Gru(steps: 6, features: 2, units: [4]), new MeanSquaredError(), new Adam { LearningRate = 0.01f, GlobalClipNorm = 1 }, 2),
        ["bilstm"] = () => TrainingGraph.Of(Networks.BiLstm(9, 5, units: [3], embedding: 4), new BinaryCrossentropy(), new RMSprop(), 1, new Sigmoid()),
        ["textcnn"] = () => TrainingGraph.Of(Networks.TextCnn(9, 7, 5, [2, 3], 4), Classes, new AdaGrad(), 3, new Softmax()),
        ["tcn"] = () => TrainingGraph.Of(Networks.Tcn(8, 2, 4, 2), new Huber(), new Adam(), 2),
        ["transformer"] = () => TrainingGraph.Of(Networks.Transformer(9, 7, 8, 2, 2), Classes, new AdamW { LearningRate = 0.01f, Epsilon = 1e-4f }, 3, new Softmax()),
        ["dcgan"] = () => TrainingGraph.Of(Networks.DcGanGenerator(8, 1, 4, filters: 4), Networks.DcGanDiscriminator(8, 1, filters: 4), new() { InstanceNoise = 0.1f, AverageDecay = 0.9f, GeneratorOptimizer = Slow, DiscriminatorOptimizer = Slow }),
        ["wgan_gp"] = () => TrainingGraph.Of(
            Networks.DcGanGenerator(8, 1, 4, filters: 4), Networks.DcGanDiscriminator(8, 1, filters: 4, batchNormalization: false), new() { Loss = new WassersteinLoss(), Penalty = new InterpolationPenalty(), GeneratorOptimizer = Slow, DiscriminatorOptimizer = Slow }),
    };

    // Dropout, batch normalisation and a penalty are in it.
    private static TrainingGraph Mlp(Optimizer optimizer) => TrainingGraph.Of(
        Network.Input(5).Dense(6, useBias: false, kernelRegularizer: new Regularizers.L2(0.01f)).BatchNormalization().Elu().Dropout(0.25).Dense(4).Gelu().TaskOutput(), Classes, optimizer, 3, new Softmax());
}
