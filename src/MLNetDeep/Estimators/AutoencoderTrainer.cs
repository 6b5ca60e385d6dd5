using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;

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
/// </list>
/// </remarks>
public sealed class AutoencoderTrainer : NeuralNetworkTrainer
{
    private readonly string? _code;

    internal AutoencoderTrainer(IHostEnvironment env, Options options)
        : base(env, Checked(options), nameof(AutoencoderTrainer)) => _code = CodeLayer(options);

    private protected override PredictionTask CreateTask(DataViewSchema.Column label) => new ReconstructionTask(_code);

    private protected override void CheckLabel(SchemaShape.Column label)
    {
    }

    private protected override IEnumerable<SchemaShape.Column> OutputShape(SchemaShape.Column label)
    {
        if (_code is not null)
            yield return Vector("Code");
        yield return Vector("Reconstruction");

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
    }
}
