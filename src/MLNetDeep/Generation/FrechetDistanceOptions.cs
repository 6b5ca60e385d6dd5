using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.Generation;

/// <summary>
/// How the Fréchet distance of generated rows from real ones is measured by epoch: on the features of a small classifier that is trained on the same rows first; see
/// <see cref="FrechetDistance"/>. It learns the classes of a label column. Where there is none, but rows are square images of at least 8 x 8, it learns by how many quarters an image has
/// been turned (Gidaris, Singh and Komodakis 2018), for which it must know as well what images show. For other rows without classes nothing is measured.
/// </summary>
public sealed class FrechetDistanceOptions
{
    internal const string FeatureLayer = "features";

    /// <summary>Name of the column (a key) of classes that the classifier learns. Default null: the GAN's label column; without one, turns of images.</summary>
    public string? LabelColumnName;

    /// <summary>
    /// The classifier: takes a row and ends with <c>ClassOutput()</c>; the layer called <c>features</c> gives the features. Default null: two convolutions for images of at least 8 x 8,
    /// else a dense layer, then 64 features.
    /// </summary>
    public Network? Classifier;

    /// <summary>How many times the classifier learns from each row. Default 2.</summary>
    public int ClassifierEpochs = 2;

    /// <summary>Rows of either kind that are compared; see <see cref="FrechetDistance.RowCount"/>. Default 1000.</summary>
    public int RowCount = 1000;

    /// <summary>Epochs from one look to the next. Default 1.</summary>
    public int EveryEpochs = 1;
}
