using Microsoft.ML;
using MLNetDeep;
using MLNetDeep.Engines;

namespace TensorFlowSample;

/// <summary>With us: a small convolutional network, which leaves as a SavedModel.</summary>
internal static class Training
{
    public static ITransformer Run(MLContext ml, IDataView train, string folder, IEngine engine)
    {
        Network network = Network.Input(Picture.Side, Picture.Side, 1)
            .Conv2D(16, 3, padding: Padding.Same).BatchNormalization().Relu().MaxPool2D(2)
            .Conv2D(32, 3, padding: Padding.Same).BatchNormalization().Relu()
            .Flatten().Dense(64).Relu().Dropout(0.3).ClassOutput();
        ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Pixels", new() { Epochs = 20, BatchSize = 32, Engine = engine }))
            .Fit(train);
        model.ExportToTensorFlow(folder);
        return model;
    }
}
