using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Transformers;

namespace ImageGan;

/// <summary>A classifier that has seen real pictures only. What it recognises of generated ones is what they show clearly.</summary>
internal sealed class Judge
{
    private readonly MLContext _ml;
    private readonly NeuralNetworkTransformer _model;

    private Judge(MLContext ml, NeuralNetworkTransformer model) => (_ml, _model) = (ml, model);

    public static Judge Train(MLContext ml, IDataView pictures, int classes)
    {
        Network network = Network.Input(FashionMnist.Picture.Side, FashionMnist.Picture.Side, 1)
            .Conv2D(16, 3, padding: "same").Relu().MaxPool2D(2)
            .Conv2D(32, 3, padding: "same").Relu().MaxPool2D(2)
            .Flatten().Dropout(0.3).Dense(64).Relu().ClassOutput(classes);
        return new(ml, ml.MulticlassClassification.Trainers.NeuralNetwork(network, "Label", "Pixels", new()
        {
            Epochs = 4,
            BatchSize = 64,
            Optimizer = new AdamW(),
            LearningRateSchedule = new OneCycle(3e-3f),
        }).Fit(pictures));
    }

    /// <summary>The share of pictures that it takes for what their label says.</summary>
    public double Recognised(IDataView pictures) => Evaluate(pictures).MicroAccuracy;

    public MulticlassClassificationMetrics Evaluate(IDataView pictures) => _ml.MulticlassClassification.Evaluate(_model.Transform(pictures));
}
