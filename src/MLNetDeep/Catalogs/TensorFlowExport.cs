using System;
using System.IO;
using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Exports;

#pragma warning disable IDE0130 // Where ML.NET's own extensions are, so that it is found without a using.
namespace Microsoft.ML;

/// <summary>Adds TensorFlow SavedModels to trained models.</summary>
public static class TensorFlowExport
{
    /// <summary>
    /// Writes the neural network of a model as a TensorFlow SavedModel: for Python (<c>tf.saved_model.load</c>), TensorFlow Serving, and ML.NET's own <c>LoadTensorFlowModel</c>.
    /// </summary>
    /// <param name="model">A network of this library, or a chain with one. Of a chain the network alone is written: what stands before it (normalisation, conversion) and after it (calibration, key to value) is not.</param>
    /// <param name="folder">A new or empty folder. It is there when all of it is written, or not at all.</param>
    /// <remarks>
    /// <para>
    /// The folder has <c>saved_model.pb</c> with the tag <c>serve</c> and the signature <c>serving_default</c>, the weights in <c>variables/</c> as variables that training can
    /// go on with, and <c>frozen_graph.pb</c>: a GraphDef with the weights as constants. It takes TensorFlow 2.4 or later.
    /// </para>
    /// <para>
    /// Inputs of the signature have the names of the network's feature columns: (batch, ...) of Single in the network's shape (images plane by plane if the column has them so),
    /// or Int32 ids of tokens or keys (batch, length), 0 for missing and padding; of a column of tokens these are the ids that this library gives them, with 0 for padding
    /// and 1 for unknown tokens. Image columns are (batch, height, width, channels) of the numbers that they are turned into. The batch is open.
    /// </para>
    /// <list type="table">
    /// <listheader><term>Task</term><description>Outputs</description></listheader>
    /// <item><term>several classes</term><description><c>PredictedLabel</c>, UInt32 (batch, 1), the key, counted from 1; <c>Score</c>, Single (batch, classes), the probabilities</description></item>
    /// <item><term>two classes</term><description><c>PredictedLabel</c>, Boolean (batch, 1); <c>Score</c> (batch, 1), the log-odds; <c>Probability</c> (batch, 1)</description></item>
    /// <item><term>regression</term><description><c>Score</c>, Single (batch, 1)</description></item>
    /// <item><term>sequence labeling</term><description><c>PredictedLabel</c>, UInt32 (batch, steps); <c>Score</c> (batch, steps, classes), padding included</description></item>
    /// <item><term>autoencoder</term><description><c>Reconstruction</c> and <c>Code</c>, Single (batch, size); with <c>Contamination</c> <c>PredictedLabel</c>, Boolean (batch, 1), and <c>Score</c>, Single (batch, 1)</description></item>
    /// <item><term>embedding</term><description>the column, Single (batch, size)</description></item>
    /// <item><term>language model</term><description><c>Score</c>, Single (batch, steps, ids): the probabilities of each next token</description></item>
    /// <item><term>generation</term><description>the generator or decoder alone: from <c>Latent</c>, Single (batch, size), and with classes the label column, as the network takes it (Single (batch, classes), one-hot, or Int32 (batch, 1), counted from 0), to the feature column, Single (batch, size), in the training rows' range</description></item>
    /// </list>
    /// <para>
    /// The operations have these names too, as <c>LoadTensorFlowModel(folder).ScoreTensorFlowModel("Score", "Features")</c> takes them; characters that TensorFlow
    /// does not allow there, such as spaces, become underscores.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentException">There is no network in the model, or more than one, or a column has the name of an output.</exception>
    /// <exception cref="NotSupportedException">A layer or the task cannot be expressed in TensorFlow; it is named.</exception>
    /// <exception cref="IOException">The folder has files already, or cannot be written.</exception>
    /// <example><c>model.ExportToTensorFlow("digits");</c></example>
    public static void ExportToTensorFlow(this ITransformer model, string folder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ExportedNetwork network = ExportedNetwork.Of(model);
        SavedModelWriter.Write(folder, network.Graph, network.Inputs, network.Outputs, v => network.Weights[v.Name]);
    }
}
