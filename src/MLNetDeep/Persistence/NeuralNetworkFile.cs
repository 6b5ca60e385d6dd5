using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Rows;
using MLNetDeep.Serialization;
using MLNetDeep.Tasks;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Persistence;

/// <summary>
/// What a trained network is kept as: the network (to train it further), the graph that scores (so that a model means the
/// same in every later version), the task, the history, and the weights.
/// </summary>
internal sealed record NeuralNetworkFile(
    TrainedNetwork Model,
    PredictionTask Task,
    IReadOnlyList<FeatureColumn> Features,
    string GraphJson,
    IReadOnlyList<string> InputNames,
    string OutputName,
    string? InnerName = null)
{
    // Numbers computed for one row: 1 GiB of them. Far beyond any network that could be trained.
    private const long MostElements = 1L << 28;

    private const string NetworkText = "network", GraphText = "graph", SettingsText = "settings", HistoryText = "history";

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The file of a network that has just been trained.</summary>
    public static NeuralNetworkFile Of(TrainedNetwork model, PredictionTask task, IReadOnlyList<FeatureColumn> features)
    {
        Graph graph = new();
        Network network = model.Network.WithLayerNames();
        IReadOnlyList<Network> wanted = task.InnerLayer is { } layer ? [network.Points.Last(p => p.Layer.Name == layer), network] : [network];
        IReadOnlyList<MaskedTensor> outputs = Network.BuildAll(new BuildContext(graph), wanted);
        string[] inputs = [.. graph.Nodes.Where(n => n.Op.Name == "Placeholder").Select(n => n.Name)];
        Tensor? inner = task.Inner(outputs.Count > 1 ? outputs[0].Value : null, outputs[^1].Value, graph);
        return new(model, task, features, Serialization.GraphJson.Write(graph), inputs, outputs[^1].Value.Node.Name, inner?.Node.Name);
    }

    /// <summary>Reads what <see cref="Write(Stream)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, of a later version, or not such a file.</exception>
    public static NeuralNetworkFile Read(Stream stream) => Guarded(() =>
    {
        TensorArchive archive = TensorArchive.Read(stream);
        using JsonDocument document = JsonDocument.Parse(archive.Text(SettingsText));
        JsonElement settings = document.RootElement;
        PredictionTask task = PredictionTask.Read(settings.GetProperty("task").GetString() ?? "", settings);
        FeatureColumn[] features = [.. settings.GetProperty("features").EnumerateArray().Select(FeatureColumn.Read)];
        string[] inputs = [.. settings.GetProperty("inputs").EnumerateArray().Select(i => i.GetString() ?? "")];
        string output = settings.GetProperty("output").GetString() ?? "";
        if (features.Length == 0 || inputs.Length != features.Length)
            throw new InvalidDataException("features and inputs do not match.");
        TrainedNetwork model = ReadModel(archive, archive.Text(NetworkText), archive.Text(HistoryText));
        if (model.Network.InputLayers.Count != features.Length)
            throw new InvalidDataException("features and the network's inputs do not match.");
        task.SetFeatures(features);
        return new NeuralNetworkFile(
            model,
            task,
            features,
            archive.Text(GraphText),
            inputs,
            output,
            settings.TryGetProperty("inner", out JsonElement inner) ? inner.GetString() : null);
    });

    public void Write(Stream stream)
    {
        TensorArchive archive = new();
        archive.AddText(NetworkText, NetworkJson.Write(Model.Network));
        archive.AddText(GraphText, GraphJson);
        archive.AddText(SettingsText, Settings());
        archive.AddText(HistoryText, Write(Model.History));
        Graph graph = Serialization.GraphJson.Read(GraphJson, keepInitializers: false);
        foreach (Variable variable in graph.Variables)
            archive.AddTensor(variable.Name, variable.Shape.Dims, Model.Weights[variable.Name]);
        archive.Write(stream);
    }

    /// <exception cref="InvalidDataException">Graph, weights and settings do not fit together, or the graph asks for more memory than a network plausibly does.</exception>
    public Scorer CreateScorer(IEngine engine) => Guarded(() =>
    {
        Graph graph = Serialization.GraphJson.Read(GraphJson, keepInitializers: false);
        CheckSize(graph);
        Scorer scorer = new(engine, graph, InputNames, OutputName, Model.Weights, InnerName);
        for (int i = 0; i < Features.Count; i++)
        {
            if (scorer.Inputs[i].DType != Features[i].DType || scorer.Inputs[i].Shape.UnitSize != Features[i].Size || !scorer.Inputs[i].Shape.IsBatched)
                throw new InvalidDataException($"input '{InputNames[i]}' does not fit the column '{Features[i].Name}'.");
        }

        if (!Task.Takes(scorer.Output.Shape) || scorer.Output.DType != DType.Float32)
            throw new InvalidDataException($"the network's output of shape {scorer.Output.Shape} does not fit the task.");
        if ((scorer.Inner?.Shape.UnitSize ?? 0) != Task.InnerUnits || scorer.Inner is { } also && (!also.Shape.IsBatched || also.DType != DType.Float32))
            throw new InvalidDataException("the layer that the task also wants does not fit it.");
        return scorer;
    });

    // Weights are in the file; what is computed from them is only named there, and is not to be taken on its word.
    internal static void CheckSize(Graph graph)
    {
        long elements = 0;
        foreach (Node node in graph.Nodes.Where(n => n.Op.Name != "Variable"))
        {
            elements += node.Outputs.Sum(o => (long)o.Shape.UnitSize);
            if (elements > MostElements)
                throw new InvalidDataException($"with '{node.Name}' of shape {node.Outputs[0].Shape} a row has more than the {MostElements} values that any network should need.");
        }
    }

    /// <summary>A history as JSON.</summary>
    internal static string Write(History history) => JsonSerializer.Serialize(new HistoryData([.. history.Epochs], history.BestEpoch, history.StopReason), Json);

    /// <summary>Reads what <see cref="Write(History)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that.</exception>
    internal static History ReadHistory(string text)
    {
        HistoryData history = JsonSerializer.Deserialize<HistoryData>(text, Json) ?? throw new InvalidDataException("the history is missing.");
        return History.Restore(history.Epochs, history.BestEpoch, history.StopReason);
    }

    /// <summary>The weights of an archive, by name.</summary>
    internal static Dictionary<string, float[]> ReadWeights(TensorArchive archive) => archive.TensorNames.ToDictionary(n => n, n => archive.Tensor(n), StringComparer.Ordinal);

    /// <summary>A network as JSON, its history as JSON, and all weights of an archive.</summary>
    internal static TrainedNetwork ReadModel(TensorArchive archive, string network, string history) => new(NetworkJson.Read(network), ReadWeights(archive), ReadHistory(history));

    /// <summary>Runs what reads a file, whose content may be anything.</summary>
    /// <exception cref="InvalidDataException">It failed.</exception>
    internal static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException or FormatException or InvalidOperationException
            or NotSupportedException or KeyNotFoundException or InvalidCastException or OverflowException or EndOfStreamException)
        {
            throw new InvalidDataException($"The neural network in the model file cannot be read: {e.Message}", e);
        }
    }

    private string Settings() => JsonText.Object(json =>
    {
        json.WriteString("task", Task.Name);
        Task.Write(json);
        json.WriteStartArray("features");
        foreach (FeatureColumn feature in Features)
            feature.Write(json);
        json.WriteEndArray();
        json.WriteStartArray("inputs");
        foreach (string input in InputNames)
            json.WriteStringValue(input);
        json.WriteEndArray();
        json.WriteString("output", OutputName);
        if (InnerName is not null)
            json.WriteString("inner", InnerName);
    });

    private sealed record HistoryData(List<EpochResult> Epochs, int BestEpoch, string? StopReason);
}
