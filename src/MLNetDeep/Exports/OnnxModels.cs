using System.Text.Json;
using Microsoft.ML;
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

/// <summary>The networks of transformers as ONNX, with the names of their columns.</summary>
internal static class OnnxModels
{
    /// <summary>The model's network.</summary>
    /// <exception cref="ArgumentException">There is no network in the model, or more than one.</exception>
    /// <exception cref="NotSupportedException">It cannot be expressed in ONNX.</exception>
    public static ModelProto Of(ITransformer model)
    {
        ITransformer[] parts = [.. Flatten(model)];
        ITransformer[] networks = [.. parts.Where(p => p is NeuralNetworkTransformer or LanguageModelTransformer or GanTransformer or SequenceToSequenceTransformer)];
        return networks switch
        {
            [NeuralNetworkTransformer network] => Of(network.File),
            [LanguageModelTransformer language] => Of(language),
            [GanTransformer gan] => Of(gan),
            [SequenceToSequenceTransformer] => throw new NotSupportedException(
                "A sequence-to-sequence model cannot be written as ONNX: the search for the best sequence is a loop around its networks. Export the networks themselves with MLNetDeep.Exporting.Onnx.OnnxExporter (Seq2SeqNetwork.Encoder and .Step)."),
            [] => throw new ArgumentException($"There is no neural network in the model; it has: {string.Join(", ", parts.Select(p => p.GetType().Name))}.", nameof(model)),
            _ => throw new ArgumentException($"There are {networks.Length} neural networks in the model; pass the one that is meant, or the part of the chain with it.", nameof(model)),
        };
    }

    // As it scores: the graph that the model's file holds.
    private static ModelProto Of(NeuralNetworkFile file)
    {
        Graph graph = GraphJson.Read(file.GraphJson, keepInitializers: false);
        OnnxInput[] inputs = [.. file.Features.Zip(file.InputNames, (column, name) => new OnnxInput(column.Name, Scorer.Find(graph, name), column.IsPlanar && Scorer.Find(graph, name).Shape.Rank == 4))];
        Tensor output = Scorer.Find(graph, file.OutputName);
        IReadOnlyList<OnnxOutput> outputs = file.Task.OnnxOutputs(output, Scorer.LogitsOf(output), file.InnerName is { } inner ? Scorer.Find(graph, inner) : null);
        return OnnxExporter.Create(inputs, outputs, file.Model.Weights, Options(file.Task.Name, file.Task.ClassNames));
    }

    // The probabilities of the token after each of a sequence.
    private static ModelProto Of(LanguageModelTransformer model)
    {
        LanguageModelTransformer.Content content = model.File;
        Graph graph = GraphJson.Read(content.GraphJson, keepInitializers: false);
        return OnnxExporter.Create(
            [new(content.Column, Scorer.Find(graph, content.Input))],
            [new(LanguageModelTransformer.ScoreColumn, Scorer.Find(graph, content.Output))],
            model.Model.Weights,
            Options("language model", model.Vocabulary));
    }

    // The generator, from a latent vector (and a class) to a row in the training data's range.
    private static ModelProto Of(GanTransformer model)
    {
        Graph graph = new();
        Network network = model.Model.Generator.Network.WithLayerNames();
        Tensor output = network.Build(new BuildContext(graph)).Value;
        string[] names = [GanTransformer.LatentInput, .. model.Columns.Label is { } label ? [label] : Array.Empty<string>()];
        OnnxInput[] inputs = [.. network.InputLayers.Zip(names, (layer, name) => new OnnxInput(name, Scorer.Find(graph, $"{layer.Name}/input")))];
        return OnnxExporter.Create(
            inputs, [new(model.Columns.Features.Name, model.Range.Stretch(output), OnnxOutputKind.FlatValues)], model.Model.Generator.Weights, Options("generation", model.ClassNames));
    }

    private static OnnxOptions Options(string task, IReadOnlyList<string> classes)
    {
        Dictionary<string, string> metadata = new() { ["mlnetdeep.task"] = task };
        if (classes.Count > 0)
            metadata["mlnetdeep.classes"] = JsonSerializer.Serialize(classes);
        return new() { Metadata = metadata };
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
