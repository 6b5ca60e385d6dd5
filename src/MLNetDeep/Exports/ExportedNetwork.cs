using System.Text.Json;
using Microsoft.ML;
using MLNetDeep.Exporting;
using MLNetDeep.Exporting.Onnx;
using MLNetDeep.Exporting.Onnx.Protos;
using MLNetDeep.Generation;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Persistence;
using MLNetDeep.Serialization;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Exports;

/// <summary>The network of a transformer as files of other tools have it, with the names of its columns.</summary>
/// <param name="Graph">The scoring graph.</param>
/// <param name="Inputs">The feature columns.</param>
/// <param name="Outputs">The columns that the model adds.</param>
/// <param name="Weights">Values of the graph's variables.</param>
/// <param name="Task">What the network does.</param>
/// <param name="Classes">Names of the classes; empty where there are none.</param>
internal sealed record ExportedNetwork(
    Graph Graph, IReadOnlyList<ExportInput> Inputs, IReadOnlyList<ExportOutput> Outputs, IReadOnlyDictionary<string, float[]> Weights, string Task, IReadOnlyList<string> Classes)
{
    /// <summary>The model's network.</summary>
    /// <exception cref="ArgumentException">There is no network in the model, or more than one.</exception>
    /// <exception cref="NotSupportedException">The task is more than a graph can express.</exception>
    public static ExportedNetwork Of(ITransformer model)
    {
        ITransformer[] parts = [.. Flatten(model)];
        ITransformer[] networks = [.. parts.Where(p => p is NeuralNetworkTransformer or LanguageModelTransformer or GeneratingTransformer or SequenceToSequenceTransformer)];
        return networks switch
        {
            [NeuralNetworkTransformer network] => Of(network.File),
            [LanguageModelTransformer language] => Of(language),
            [GeneratingTransformer generating] => Of(generating),
            [SequenceToSequenceTransformer] => throw new NotSupportedException(
                "A sequence-to-sequence model cannot be exported as one graph: the search for the best sequence is a loop around its networks. Export the networks themselves (Seq2SeqNetwork.Encoder and .Step) with MLNetDeep.Exporting.Onnx.OnnxExporter or MLNetDeep.Exporting.TensorFlow.SavedModelWriter."),
            [] => throw new ArgumentException($"There is no neural network in the model; it has: {string.Join(", ", parts.Select(p => p.GetType().Name))}.", nameof(model)),
            _ => throw new ArgumentException($"There are {networks.Length} neural networks in the model; pass the one that is meant, or the part of the chain with it.", nameof(model)),
        };
    }

    /// <summary>As an ONNX model.</summary>
    /// <exception cref="NotSupportedException">ONNX cannot express a layer; it is named.</exception>
    public ModelProto ToOnnx()
    {
        Dictionary<string, string> metadata = new() { ["mlnetdeep.task"] = Task };
        if (Classes.Count > 0)
            metadata["mlnetdeep.classes"] = JsonSerializer.Serialize(Classes);
        return OnnxExporter.Create(Inputs, Outputs, Weights, new() { Metadata = metadata });
    }

    // As it scores: the graph that the model's file holds.
    private static ExportedNetwork Of(NeuralNetworkFile file)
    {
        Graph graph = GraphJson.Read(file.GraphJson, keepInitializers: false);
        ExportInput[] inputs = [.. file.Features.Zip(file.InputNames, (column, name) => new ExportInput(column.Name, Scorer.Find(graph, name), column.IsPlanar && Scorer.Find(graph, name).Shape.Rank == 4))];
        Tensor output = Scorer.Find(graph, file.OutputName);
        IReadOnlyList<ExportOutput> outputs = file.Task.ExportOutputs(output, Scorer.LogitsOf(output), file.InnerName is { } inner ? Scorer.Find(graph, inner) : null);
        return new(graph, inputs, outputs, file.Model.Weights, file.Task.Name, file.Task.ClassNames);
    }

    // The probabilities of the token after each of a sequence.
    private static ExportedNetwork Of(LanguageModelTransformer model)
    {
        LanguageModelTransformer.Content content = model.File;
        Graph graph = GraphJson.Read(content.GraphJson, keepInitializers: false);
        return new(
            graph, [new(content.Column, Scorer.Find(graph, content.Input))], [new(LanguageModelTransformer.ScoreColumn, Scorer.Find(graph, content.Output))],
            model.Model.Weights, "language model", model.Vocabulary);
    }

    // The generator or decoder, from a latent vector (and a class) to a row in the training data's range.
    private static ExportedNetwork Of(GeneratingTransformer model)
    {
        Graph graph = new();
        Network network = model.Maker.Network.WithLayerNames();
        Tensor output = network.Build(new BuildContext(graph)).Value;
        string[] names = [GeneratingTransformer.LatentName, .. model.Columns.Columns.Label is { } label ? [label] : Array.Empty<string>()];
        ExportInput[] inputs = [.. network.InputLayers.Zip(names, (layer, name) => new ExportInput(name, Scorer.Find(graph, $"{layer.Name}/input")))];
        ExportOutput row = new(model.Columns.Features.Name, model.Columns.Range.Stretch(output), ExportOutputKind.FlatValues);
        return new(graph, inputs, [row], model.Maker.Weights, "generation", model.ClassNames);
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
