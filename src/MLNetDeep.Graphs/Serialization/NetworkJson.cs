using System.Text.Json;
using MLNetDeep.Layers;

namespace MLNetDeep.Serialization;

/// <summary>
/// Networks as JSON: each layer object once, then the uses of layers with what they take, so that branches, several inputs and shared layers come back as they were.
/// </summary>
/// <remarks>
/// <code>
/// { "Format": "MLNetDeep.Network", "Version": 1,
///   "Layers": [ { "$type": "InputLayer", "Shape": [ 64 ] }, { "$type": "Dense", "Units": 10 } ],
///   "Uses": [ { "Layer": 0, "Inputs": [] }, { "Layer": 1, "Inputs": [ { "Use": 0 } ] } ],
///   "Outputs": [ { "Use": 1 } ] }
/// </code>
/// A use takes outputs of uses before it. Layers of other assemblies cannot be written.
/// </remarks>
public static class NetworkJson
{
    /// <summary>More uses of layers than this, or more inputs of them together than twice this, are refused.</summary>
    public const int MaxUses = 4096;

    private const string Format = "MLNetDeep.Network";
    private const int Version = 1;

    /// <summary>Writes a network.</summary>
    /// <exception cref="NotSupportedException">It has a layer of another assembly.</exception>
    public static string Write(Network network) => WriteAll([network]);

    /// <summary>Writes a network of several outputs.</summary>
    /// <exception cref="NotSupportedException">It has a layer of another assembly.</exception>
    public static string WriteAll(IReadOnlyList<Network> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        NetworkPlan plan = new(outputs);
        List<Layer> layers = [];
        List<Use> uses = [];
        foreach (NetworkPlan.Step step in plan.Steps)
        {
            int layer = layers.FindIndex(l => ReferenceEquals(l, step.Layer));
            if (layer < 0)
            {
                layer = layers.Count;
                layers.Add(step.Layer);
            }

            uses.Add(new(layer, [.. step.Inputs.Select(i => new Source(i.Step, i.Output))]));
        }

        if (!WithinLimits(uses))
            throw new NotSupportedException($"The network uses {uses.Count} layers; at most {MaxUses} can be written.");
        return JsonSerializer.Serialize(new Document(Format, Version, layers, uses, [.. plan.Outputs.Select(o => new Source(o.Step, o.Output))]), SettingsJson.Options);
    }

    /// <summary>Reads a network of one output.</summary>
    /// <exception cref="InvalidDataException">It is not such JSON, or of a later version, or not a network.</exception>
    public static Network Read(string json) => ReadAll(json) is [var network]
        ? network
        : throw new InvalidDataException("The network cannot be read: expected one output.");

    /// <summary>Reads a network of several outputs.</summary>
    /// <exception cref="InvalidDataException">It is not such JSON, or of a later version, or not a network.</exception>
    public static IReadOnlyList<Network> ReadAll(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Guard.Reading("network", () =>
        {
            Document document = JsonSerializer.Deserialize<Document>(json, SettingsJson.Options) ?? throw new InvalidDataException("it is null.");
            if (document.Format != Format)
                throw new InvalidDataException($"its format is '{document.Format}', expected '{Format}'.");
            if (document.Version is < 1 or > Version)
                throw new InvalidDataException($"its version is {document.Version}; this library reads versions up to {Version}.");
            if (!WithinLimits(document.Uses))
                throw new InvalidDataException($"it uses {document.Uses.Count} layers; at most {MaxUses} are read.");
            if (document.Outputs.Count is 0 or > MaxUses || document.Layers.Contains(null!) || document.Uses.Contains(null!))
                throw new InvalidDataException("it has no outputs or too many, or a null where there should be a layer.");

            // Points by use and output: two of the same are one.
            Dictionary<Source, Network> points = [];
            List<(Layer Layer, Network[] Inputs)> uses = [];
            foreach (Use use in document.Uses)
            {
                Layer layer = At(document.Layers, use.Layer, "layer");
                Network[] inputs = [.. use.Inputs.Select(Point)];
                if (layer.InputCount >= 0 ? inputs.Length != layer.InputCount : inputs.Length < 2)
                    throw new InvalidDataException($"use {uses.Count} gives layer {layer.GetType().Name} {inputs.Length} inputs.");
                uses.Add((layer, inputs));
            }

            Network[] outputs = [.. document.Outputs.Select(Point)];

            // Names that clash show here, not at the first build.
            _ = new NetworkPlan(outputs);
            return outputs;

            Network Point(Source source)
            {
                if (source is null || source.Output is < 0 or >= 64)
                    throw new InvalidDataException("an input is null, or takes an output that no layer has.");
                (Layer layer, Network[] inputs) = At(uses, source.Use, "use");
                if (!points.TryGetValue(source, out Network? point))
                    points.Add(source, point = Network.At(layer, inputs, source.Output));
                return point;
            }
        });
    }

    private static T At<T>(IReadOnlyList<T> list, int index, string what) => (uint)index < (uint)list.Count
        ? list[index]
        : throw new InvalidDataException($"there is no {what} {index} before its use.");

    private static bool WithinLimits(IReadOnlyList<Use> uses) => uses.Count <= MaxUses && uses.Sum(u => (long)(u?.Inputs.Count ?? 0)) <= 2 * MaxUses;

    private sealed record Document(string Format, int Version, IReadOnlyList<Layer> Layers, IReadOnlyList<Use> Uses, IReadOnlyList<Source> Outputs);

    private sealed record Use(int Layer, IReadOnlyList<Source> Inputs);

    private sealed record Source(int Use, int Output = 0);
}
