using MLNetDeep.Estimators;
using MLNetDeep.Explanations;
using MLNetDeep.Interop;
using MLNetDeep.Transformers;

#pragma warning disable IDE0130 // Beside ML.NET's own transforms, as its conventions ask.
namespace Microsoft.ML;

/// <summary>Adds looks into trained convolutional networks to ML.NET's transforms. Each takes any model that a neural network of ours is part of, and needs the columns that it needs.</summary>
public static class ExplanationCatalog
{
    /// <summary>
    /// Where in a picture a network finds what speaks for a class: Grad-CAM (Selvaraju et al. 2017). A convolution's maps, each weighted by the mean gradient of the
    /// class's score with respect to it, are summed, negative parts cut off, and brought to the picture's size by linear interpolation.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="model">The fitted or loaded model, or any chain with it.</param>
    /// <param name="outputColumnName">Name of the column to add: a vector of Single of the dimensions height and width.</param>
    /// <param name="layerName">The layer whose maps are looked at, as <c>Network.Summary()</c> shows it. Default null: the last convolution, with the normalisation and activation behind it.</param>
    /// <param name="className">The class that is looked for. Default null: the predicted one of each row. Not for regressions, which have none.</param>
    /// <param name="normalize">Whether each row's map is divided by its largest value, and so is from 0 to 1.</param>
    /// <exception cref="System.ArgumentException">There is no such model, layer or class, the layer has no maps, or the network takes no images; the message lists what there is.</exception>
    /// <example>
    /// <code>
    /// var seen = ml.Transforms.GradCam(model).Fit(model.Transform(images)).Transform(model.Transform(images));
    /// foreach (float[] map in seen.GetColumn&lt;float[]&gt;("GradCam")) { ... }
    /// </code>
    /// </example>
    public static ImageExplanationEstimator GradCam(
        this TransformsCatalog catalog, ITransformer model, string outputColumnName = "GradCam", string? layerName = null, string? className = null, bool normalize = true) =>
        new(Internals.Environment(catalog), model.GetNeuralNetwork(), outputColumnName, new(ExplanationKind.GradCam) { LayerName = layerName, ClassName = className, Normalize = normalize });

    /// <summary>
    /// How much a class's probability falls when a part of the picture is hidden: occlusion (Zeiler and Fergus 2014). A square patch is held before every part
    /// in turn; each pixel counts the mean fall over the patches that hide it, rises as 0. Every row is scored as often as there are places for the patch.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="model">The fitted or loaded model, or any chain with it.</param>
    /// <param name="outputColumnName">Name of the column to add: a vector of Single of the dimensions height and width.</param>
    /// <param name="patchSize">Side of the patch in pixels. Default null: a quarter of the picture's shorter side.</param>
    /// <param name="stride">Pixels that it is moved by; at most its size. Default null: half its size.</param>
    /// <param name="fill">The value of its pixels, as the network sees them. Default null: the mean of each channel over the picture.</param>
    /// <param name="className">The class that is looked for. Default null: the one predicted of the whole picture. Not for regressions, where the prediction itself is followed.</param>
    /// <param name="normalize">Whether each row's map is divided by its largest value, and so is from 0 to 1.</param>
    /// <exception cref="System.ArgumentException">There is no such model or class, the patch does not fit, or the network takes no images.</exception>
    public static ImageExplanationEstimator OcclusionMap(
        this TransformsCatalog catalog,
        ITransformer model,
        string outputColumnName = "OcclusionMap",
        int? patchSize = null,
        int? stride = null,
        float? fill = null,
        string? className = null,
        bool normalize = true) =>
        new(Internals.Environment(catalog), model.GetNeuralNetwork(), outputColumnName, new(ExplanationKind.OcclusionMap)
        {
            PatchSize = patchSize,
            Stride = stride,
            Fill = fill,
            ClassName = className,
            Normalize = normalize,
        });

    /// <summary>What a layer of a network gives for each row, as it is: the maps of a convolution, or the numbers of a dense layer.</summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="model">The fitted or loaded model, or any chain with it.</param>
    /// <param name="layerName">The layer, as <c>Network.Summary()</c> shows it. Default null: the last convolution, with the normalisation and activation behind it.</param>
    /// <param name="outputColumnName">Name of the column to add: a vector of Single of the dimensions that the layer gives, for maps height, width and channels.</param>
    /// <exception cref="System.ArgumentException">There is no such model or layer; the message lists what there is.</exception>
    public static ImageExplanationEstimator ActivationMaps(this TransformsCatalog catalog, ITransformer model, string? layerName = null, string outputColumnName = "ActivationMaps") =>
        new(Internals.Environment(catalog), model.GetNeuralNetwork(), outputColumnName, new(ExplanationKind.ActivationMaps) { LayerName = layerName });

    /// <summary>The neural network in a model: a chain that was fitted or loaded, or a chain with such chains.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="System.ArgumentException">There is none in it, or more than one.</exception>
    /// <example><c>TrainedNetwork body = ml.Model.Load("model.zip", out _).GetNeuralNetwork().Model.UpTo("flatten");</c></example>
    public static NeuralNetworkTransformer GetNeuralNetwork(this ITransformer model) => ModelParts.Of(model).Network;

    /// <summary>The filters that a convolution of a model has learned.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layerName">The convolution, as <c>Network.Summary()</c> shows it. Default null: the first, whose filters can be looked at as pictures.</param>
    /// <exception cref="System.ArgumentException">There is no such model or layer, or it is not a two-dimensional convolution.</exception>
    public static ConvolutionFilters GetFilters(this ITransformer model, string? layerName = null) => ConvolutionFilters.Of(model.GetNeuralNetwork().Model, layerName);
}
