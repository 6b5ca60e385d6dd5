using Microsoft.ML;
using MLNetDeep;
using MLNetDeep.Estimators;
using MLNetDeep.Evaluation;
using MLNetDeep.Losses;

namespace RareEvents;

/// <summary>One network, left alone and helped in different ways. Nothing else differs: layers, epochs and rates are the same.</summary>
internal static class Methods
{
    public static IReadOnlyList<(string Name, IEstimator<ITransformer> Trainer)> All(MLContext ml)
    {
        BinaryNeuralNetworkTrainer plain = Network(ml);
        return
        [
            ("plain", plain),
            ("class weights", Network(ml, new() { ClassWeights = ClassWeights.Balanced })),
            ("effective numbers", Network(ml, new() { ClassWeights = ClassWeights.EffectiveNumber() })),
            ("focal loss", Network(ml, new() { Loss = new BinaryCrossentropy { FocalGamma = 2 } })),
            ("logit adjustment", Network(ml, new() { Loss = new BinaryCrossentropy { LogitAdjustment = 1 } })),
            ("LDAM margin", Network(ml, new() { Loss = new BinaryCrossentropy { Margin = 2 } })),
            ("balanced batches", Network(ml, new() { BalancedBatches = true })),
            ("SMOTE", ml.Transforms.Imbalance.Smote().Around(plain)),
            ("SMOTE-NC", ml.Transforms.Imbalance.SmoteNc().Around(plain)),
            ("undersampling", ml.Transforms.Imbalance.RandomUnderSampler().Around(plain)),
            ("balanced bagging", ml.Transforms.Imbalance.BalancedBagging().Around(plain)),
            ("EasyEnsemble", ml.Transforms.Imbalance.EasyEnsemble(new() { Subsets = 10, Rounds = 1 }).Around(plain)),
            ("tuned threshold", ml.BinaryClassification.TunedThreshold(plain, new() { Aim = ThresholdAim.GMean })),
        ];
    }

    private static BinaryNeuralNetworkTrainer Network(MLContext ml, BinaryNeuralNetworkTrainer.Options? options = null)
    {
        options ??= new();
        options.Network = Networks.Mlp(hidden: [32], dropout: 0.3);
        options.Epochs = 10;
        options.BatchSize = 64;
        return ml.BinaryClassification.Trainers.NeuralNetwork(options);
    }
}
