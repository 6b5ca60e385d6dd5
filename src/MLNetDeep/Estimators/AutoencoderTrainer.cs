using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Generation;
using MLNetDeep.Interop;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;
using MLNetDeep.Transformers;

namespace MLNetDeep.Estimators;

/// <summary>
/// Trains a network to give back its features through a narrow layer: what rows without labels have to teach. The narrow layer's output is a short code
/// of the row; the network up to it, with its weights, is where a classifier of few labelled rows can start (<see cref="NeuralNetworkOptions.InitialWeights"/>).
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Features (in)</term><description>vector of Single of known size, or images, without missing values; no label</description></item>
/// <item><term>Code (out)</term><description>vector of Single: the output of the code layer, flat; only if there is one</description></item>
/// <item><term>Reconstruction (out)</term><description>vector of Single: what the network gives back, as many numbers as the network takes, the channels of each pixel together</description></item>
/// <item><term>PredictedLabel (out)</term><description>Boolean: whether the row is an anomaly; only with <see cref="Options.Contamination"/></description></item>
/// <item><term>Score (out)</term><description>Single: the mean squared difference of features and reconstruction; only with <see cref="Options.Contamination"/></description></item>
/// </list>
/// What the network has not learned to give back is unlike the training rows: the last two columns are ML.NET's of anomaly detection, for <c>ml.AnomalyDetection.Evaluate</c>. With noise on
/// what the network takes in training, but not on what it is to give back, it is a denoising autoencoder (Vincent et al. 2010).
/// </remarks>
public sealed class AutoencoderTrainer : NeuralNetworkTrainer
{
    private readonly string? _code;
    private readonly double? _contamination;

    internal AutoencoderTrainer(IHostEnvironment env, Options options)
        : base(env, Checked(options), nameof(AutoencoderTrainer)) => (_code, _contamination) = (CodeLayer(options), options.Contamination);

    private protected override PredictionTask CreateTask(DataViewSchema.Column label) => new ReconstructionTask(_code, _contamination is null ? null : 0);

    private protected override NeuralNetworkTransformer Finish(NeuralNetworkTransformer model, IDataView input) => _contamination is not { } share
        ? model
        : new(NeuralNetworkFile.Of(model.Model, ((ReconstructionTask)model.Task).WithThreshold(AnomalyThreshold.Of([.. model.Transform(input).GetColumn<float>("Score")], share)), model.Features), model.Engine);

    private protected override void CheckLabel(SchemaShape.Column label)
    {
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShape(SchemaShape.Column label)
    {
        if (_code is not null)
            yield return Vector("Code");
        yield return Vector("Reconstruction");
        if (_contamination is null)
            yield break;
        yield return Internals.Column("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false, PredictionTask.AnnotationShapes());
        yield return Internals.Column("Score", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false, PredictionTask.AnnotationShapes());

        static SchemaShape.Column Vector(string name) =>
            Internals.Column(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, PredictionTask.AnnotationShapes());
    }

    // What is to be learned is the features themselves.
    private static Options Checked(Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.FeatureColumnNames is { Length: not 1 })
            throw new ArgumentException($"An autoencoder has one feature column, received {options.FeatureColumnNames.Length} ({string.Join(", ", options.FeatureColumnNames)}); join columns with Concatenate.", nameof(options));
        Options all = (Options)options.Copy();
        all.FeatureColumnName = all.LabelColumnName = options.FeatureColumnNames is [var only] ? only : options.FeatureColumnName;
        all.FeatureColumnNames = null;
        if (options.Contamination is { } contamination)
            AnomalyThreshold.Check(contamination);
        if (options.GaussianNoise is not (>= 0 and < float.PositiveInfinity) || options.MaskingNoise is not (>= 0 and < 1))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"GaussianNoise is {options.GaussianNoise} and MaskingNoise {options.MaskingNoise}; expected at least 0, and the second less than 1."), nameof(options));
        if (all.Network is { InputLayers: [var input] } network && (options.GaussianNoise > 0 || options.MaskingNoise > 0))
        {
            Network noisy = network.Points.First(p => p.Layer == input);
            if (options.GaussianNoise > 0)
                noisy = noisy.GaussianNoise(options.GaussianNoise);
            all.Network = network.Onto(options.MaskingNoise > 0 ? noisy.MaskingNoise(options.MaskingNoise) : noisy);
        }

        return all;
    }

    private static string? CodeLayer(Options options)
    {
        string[] layers = [.. options.Network!.WithLayerNames().Points.Select(p => p.Layer.Name!)];
        if (options.CodeLayerName is not { } name)
            return layers.Contains(Options.DefaultCodeLayer) ? Options.DefaultCodeLayer : null;
        return layers.Contains(name) ? name : throw new ArgumentException($"The network has no layer called '{name}'. It has: {string.Join(", ", layers.Distinct())}.", nameof(options));
    }

    /// <summary>The trainer's options. <see cref="NeuralNetworkOptions.LabelColumnName"/> is not looked at.</summary>
    public sealed class Options : NeuralNetworkOptions
    {
        internal const string DefaultCodeLayer = "code";

        /// <summary>Name of the layer whose output is the code. Default null: the one called <c>code</c>, as <see cref="Networks.Autoencoder(int?, IReadOnlyList{int}?, int)"/> has it; where there is none, there is no such column.</summary>
        public string? CodeLayerName;

        /// <summary>Standard deviation of the normal noise on the features that the network takes in training, on their own scale; at least 0. Default 0.</summary>
        public float GaussianNoise;

        /// <summary>Share of the features, drawn anew in each training step, that the network is to find out from the others: they are 0 to it; at least 0 and less than 1. Default 0.</summary>
        public float MaskingNoise;

        /// <summary>
        /// The share of the training rows that are taken for anomalies, from which the threshold of <c>PredictedLabel</c> comes, as their errors are: at least 0 and less than 0.5.
        /// Default null: no such columns.
        /// </summary>
        public double? Contamination;
    }
}
