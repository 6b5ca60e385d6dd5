using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Persistence;
using MLNetDeep.Serialization;
using MLNetDeep.Transformers;

namespace MLNetDeep.Sequences;

/// <summary>A trained network ready to write, from any number of threads: each borrows executables of its own.</summary>
internal sealed class Seq2SeqModel
{

    /// <param name="engine">What it runs on.</param>
    /// <param name="graph">Both networks, as <see cref="Seq2SeqGraph.Of"/> makes it.</param>
    /// <param name="sizes">Numbers of ids, classes and steps.</param>
    /// <param name="units">Size of the states.</param>
    /// <param name="weights">Values of all variables.</param>
    /// <exception cref="InvalidDataException">A weight is missing or of another size, the graph does not fit the sizes, or it asks for more memory than a network plausibly does.</exception>
    public Seq2SeqModel(IEngine engine, Seq2SeqGraph graph, Seq2SeqSizes sizes, int units, IReadOnlyDictionary<string, float[]> weights)
    {
        Sizes = sizes;
        Units = units;
        Graph read = GraphJson.Read(graph.Json, keepInitializers: false);
        NeuralNetworkFile.CheckSize(read);
        Shape memory = Shape.Batched(sizes.SourceSteps, units), state = Shape.Batched(units);
        Source = Input("source", DType.Int32, Shape.Batched(sizes.SourceSteps));
        Previous = Input("previous", DType.Int32, Shape.Batched(1));
        StateIn = Input("state", DType.Float32, state);
        MemoryIn = Input("memory", DType.Float32, memory);
        MemoryOut = Output(graph.Memory, memory);
        FirstState = Output(graph.FirstState, state);
        Probabilities = Output(graph.Probabilities, Shape.Batched(1, sizes.Classes));
        NextState = Output(graph.NextState, state);
        ISession session = engine.CreateSession(read, 0);
        Scorer.WriteWeights(session, read, weights);
        IExecutable encoder = session.Compile([MemoryOut, FirstState]), step = session.Compile([Probabilities, NextState]);
        if (encoder.Feeds.Any(f => f != Source) || step.Feeds.Any(f => f != Previous && f != StateIn && f != MemoryIn))
            throw new InvalidDataException("the network needs a value that is no input.");
        (Encoders, Steps) = (new(encoder), new(step));

        Tensor Input(string name, DType type, Shape shape) => Fitting(Seq2SeqGraph.InputName(name), 0, type, shape);

        Tensor Output(Seq2SeqGraph.Place place, Shape shape) => Fitting(place?.Node ?? "", place?.Output ?? 0, DType.Float32, shape);

        Tensor Fitting(string name, int output, DType type, Shape shape) =>
            read.Find(name) is { } node && output >= 0 && output < node.Outputs.Count && node.Outputs[output] is var tensor && tensor.DType == type && tensor.Shape.Equals(shape)
                ? tensor
                : throw new InvalidDataException($"the network has no '{name}' of {type} and shape {shape}.");
    }

    /// <summary>What reads a source.</summary>
    public ExecutablePool Encoders { get; }

    /// <summary>What writes a step.</summary>
    public ExecutablePool Steps { get; }

    public Seq2SeqSizes Sizes { get; }

    public int Units { get; }

    public Tensor Source { get; }

    public Tensor MemoryOut { get; }

    public Tensor FirstState { get; }

    public Tensor Previous { get; }

    public Tensor StateIn { get; }

    public Tensor MemoryIn { get; }

    public Tensor Probabilities { get; }

    public Tensor NextState { get; }
}
