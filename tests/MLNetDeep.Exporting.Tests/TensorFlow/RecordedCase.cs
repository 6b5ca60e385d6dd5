using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>
/// A graph with what the CPU engine made of it, as tools/check_graphdef.py reads it: a folder with <c>graph.pb</c>, <c>case.json</c> and, where there is a program
/// <c>score</c>, a SavedModel of that.
/// </summary>
internal sealed record RecordedCase(string Name, string? Init, IReadOnlyList<RecordedRun> Runs, IReadOnlyDictionary<string, RecordedTensor> Variables, RecordedServing? Serving)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    [JsonIgnore]
    public GraphDefFile? File { get; init; }

    /// <summary>Runs a graph on the CPU engine.</summary>
    /// <param name="name">The case's name.</param>
    /// <param name="training">The graph and its runs.</param>
    /// <param name="savedModel">Where the SavedModel goes; null for none.</param>
    public static RecordedCase Record(string name, TrainingGraph training, string? savedModel = null)
    {
        GraphDefFile file = GraphDefWriter.Write(training.Graph, training.Programs, new() { Seed = TrainingGraph.Seed });
        using CpuEngine engine = new();
        using ISession session = engine.CreateSession(training.Graph, TrainingGraph.Seed);
        Dictionary<GraphDefProgram, IExecutable> executables = training.Programs.ToDictionary(p => p, p => session.Compile(p.Fetches, p.Targets));
        List<RecordedRun> runs = [];
        foreach (TrainingRun run in training.Runs)
        {
            IExecutable executable = executables[run.Program];
            foreach (Tensor feed in executable.Feeds)
                TestEngines.Feed(executable, feed, run.Batch, run.Feeds[feed]);
            executable.Run(run.Batch);
            Dictionary<string, RecordedTensor> feeds = file.Feeds(run.Program.Name).ToDictionary(file.NameOf, f => RecordedTensor.Of(f, run.Batch, run.Feeds[f]));
            if (file.BatchSize is { } size)
                feeds.Add(size, new("int32", [], [run.Batch]));
            runs.Add(new(
                run.Program.Name, feeds, file.Target(run.Program.Name),
                run.Program.Fetches.ToDictionary(file.NameOf, f => RecordedTensor.Of(f, run.Batch, executable.Fetch<float>(f).ToArray()))));
        }

        Dictionary<string, float[]> values = [];
        foreach (Variable variable in training.Graph.Variables)
        {
            values.Add(variable.Name, new float[variable.Shape.UnitSize]);
            session.ReadVariable(variable.Name, values[variable.Name]);
        }

        RecordedServing? serving = null;
        if (savedModel is not null)
        {
            TrainingRun score = training.Runs[^1];
            Tensor output = score.Program.Fetches[0];
            Tensor[] inputs = [.. file.Feeds(score.Program.Name)];
            Dictionary<string, Tensor> names = inputs.Select((input, i) => KeyValuePair.Create(i == 0 ? "Features" : $"Features{i}", input)).ToDictionary();
            SavedModelWriter.Write(savedModel, training.Graph, names, new Dictionary<string, Tensor> { ["Score"] = output }, v => values[v.Name]);
            serving = new(
                names.ToDictionary(n => n.Key, n => RecordedTensor.Of(n.Value, score.Batch, score.Feeds[n.Value])),
                new Dictionary<string, RecordedTensor> { ["Score"] = runs[^1].Fetches[file.NameOf(output)] });
        }

        return new(
            name, file.Init, runs,
            file.Variables.ToDictionary(v => v.Read, v => new RecordedTensor("float32", v.Variable.Shape.Dims.ToArray(), values[v.Variable.Name])), serving) { File = file };
    }

    /// <summary>Writes <c>graph.pb</c> and <c>case.json</c> into a folder.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        System.IO.File.WriteAllBytes(Path.Combine(folder, "graph.pb"), File!.ToArray());
        System.IO.File.WriteAllText(Path.Combine(folder, "case.json"), JsonSerializer.Serialize(this, Options));
    }
}

/// <summary>One run: what is fed, the operation that changes variables, and the values that came of it, all by TensorFlow's names.</summary>
internal sealed record RecordedRun(string Program, IReadOnlyDictionary<string, RecordedTensor> Feeds, string? Target, IReadOnlyDictionary<string, RecordedTensor> Fetches);

/// <summary>A call of the signature serving_default.</summary>
internal sealed record RecordedServing(IReadOnlyDictionary<string, RecordedTensor> Inputs, IReadOnlyDictionary<string, RecordedTensor> Outputs);

/// <summary>Values, with NumPy's name of their type.</summary>
internal sealed record RecordedTensor(string Type, int[] Shape, float[] Values)
{
    public static RecordedTensor Of(Tensor tensor, int batch, float[] values) => new(
        tensor.DType == DType.Int32 ? "int32" : "float32", [.. Enumerable.Range(0, tensor.Shape.Rank).Select(i => tensor.Shape.Dim(i, batch))], values);
}
