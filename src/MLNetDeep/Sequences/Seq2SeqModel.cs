using System.Collections.Concurrent;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Persistence;
using MLNetDeep.Serialization;

namespace MLNetDeep.Sequences;

/// <summary>A trained network ready to write, from any number of threads: each borrows executables of its own.</summary>
internal sealed class Seq2SeqModel
{
    private readonly IExecutable _encoder, _step;
    private readonly ConcurrentBag<IExecutable> _freeEncoders = [], _freeSteps = [];

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
        foreach (Variable variable in read.Variables)
        {
            if (!weights.TryGetValue(variable.Name, out float[]? values) || values.Length != variable.Shape.UnitSize)
                throw new InvalidDataException($"the weight '{variable.Name}' is missing or of another size.");
            session.WriteVariable(variable.Name, values);
        }

        _encoder = session.Compile([MemoryOut, FirstState]);
        _step = session.Compile([Probabilities, NextState]);
        if (_encoder.Feeds.Any(f => f != Source) || _step.Feeds.Any(f => f != Previous && f != StateIn && f != MemoryIn))
            throw new InvalidDataException("the network needs a value that is no input.");
        _freeEncoders.Add(_encoder);
        _freeSteps.Add(_step);

        Tensor Input(string name, DType type, Shape shape) => Fitting(Seq2SeqGraph.InputName(name), 0, type, shape);

        Tensor Output(Seq2SeqGraph.Place place, Shape shape) => Fitting(place?.Node ?? "", place?.Output ?? 0, DType.Float32, shape);

        Tensor Fitting(string name, int output, DType type, Shape shape) =>
            read.Find(name) is { } node && output >= 0 && output < node.Outputs.Count && node.Outputs[output] is var tensor && tensor.DType == type && tensor.Shape.Equals(shape)
                ? tensor
                : throw new InvalidDataException($"the network has no '{name}' of {type} and shape {shape}.");
    }

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

    public IExecutable RentEncoder() => Rent(_freeEncoders, _encoder);

    public IExecutable RentStep() => Rent(_freeSteps, _step);

    public void ReturnEncoder(IExecutable executable) => _freeEncoders.Add(executable);

    public void ReturnStep(IExecutable executable) => _freeSteps.Add(executable);

    private static IExecutable Rent(ConcurrentBag<IExecutable> free, IExecutable template)
    {
        if (free.TryTake(out IExecutable? executable))
            return executable;
        lock (template)
            return template.Fork();
    }
}
