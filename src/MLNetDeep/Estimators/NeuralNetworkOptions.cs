using MLNetDeep.Losses;
using MLNetDeep.Training.Augmentation;

namespace MLNetDeep.Estimators;

/// <summary>What all neural network trainers can be told.</summary>
public abstract class NeuralNetworkOptions : SupervisedOptions
{
    private protected NeuralNetworkOptions()
    {
    }

    /// <summary>The network. What it leaves open (the input's size, the number and kind of outputs) comes from the data.</summary>
    public Network? Network;

    /// <summary>Name of the column to learn to predict. Default <c>Label</c>.</summary>
    public string LabelColumnName = "Label";

    /// <summary>
    /// Name of the column of features: a vector of known size, a sequence of tokens (a vector of keys or Int32 of unknown size),
    /// or images (with the package MLNetDeep.Images). Default <c>Features</c>.
    /// </summary>
    public string FeatureColumnName = "Features";

    /// <summary>For a network of several inputs, the column of each in order. Default null: <see cref="FeatureColumnName"/>.</summary>
    public string[]? FeatureColumnNames;

    /// <summary>Name of a column (Single) that says how much each row counts, such as what it costs to get it wrong. Default null: all the same.</summary>
    public string? ExampleWeightColumnName;

    /// <summary>What training makes small. Default null: the cross-entropy for classes, the squared error for numbers.</summary>
    public Loss? Loss;

    /// <summary>Rows in a training step. Default 32.</summary>
    public int BatchSize = 32;

    /// <summary>Random changes to the images of training batches; rows that validate or are scored stay as they are. Default null: none.</summary>
    public ImageAugmentation? Augmentation;

    /// <summary>
    /// Whether images of another size than the network's input are resized (stretched, by linear interpolation), in training and in scoring.
    /// For columns of images, which need the package MLNetDeep.Images. Default false: they are an error.
    /// </summary>
    public bool ResizeImages;

    /// <summary>
    /// How the pixels of a vector of images lie: <see cref="DataFormat.ChannelsLast"/> where <c>ExtractPixels</c> has <c>interleavePixelColors: true</c>,
    /// <see cref="DataFormat.ChannelsFirst"/> where not. Default null: as the column's type says (<c>ExtractPixels</c> gives it), and where it does not, channels last.
    /// </summary>
    public DataFormat? DataFormat;

    /// <summary>
    /// Values that weights start with, by name: those of a part of a trained network, <c>model.GetNeuralNetwork().Model.UpTo("flatten").Weights</c>. The network must
    /// have all of them; its other weights start as their initializers say. Default null: none.
    /// </summary>
    public IReadOnlyDictionary<string, float[]>? InitialWeights;

    /// <summary>
    /// Most tokens of a sequence, where the network's input leaves its length open: it is then as long as the longest sequence of the training rows,
    /// but no longer than this. Default 512.
    /// </summary>
    public int MaximumSequenceLength = 512;

    /// <summary>What becomes of sequences with more tokens than the network takes, in training and in scoring. Training says how many there are. Default <see cref="SequenceTruncation.End"/>.</summary>
    public SequenceTruncation SequenceTruncation = SequenceTruncation.End;

    /// <summary>Whether rows come in a new random order in each epoch. Default true.</summary>
    public bool Shuffle = true;

    /// <summary>Most rows to keep in memory, within which they are shuffled; data that is longer is read anew in each epoch. Default null: as many as fit into 256 MiB.</summary>
    public int? ShuffleBufferSize;

    /// <summary>Threads that read and augment batches while the network trains on the one before; 0 to 8. 0 prepares them between steps. The model is the same. Default null: chosen by what there is to do.</summary>
    public int? DataThreads;
}
