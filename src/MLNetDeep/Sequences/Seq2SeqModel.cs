using System.Collections.Concurrent;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep.Sequences;

/// <summary>A trained network ready to write, from any number of threads: each borrows executables of its own.</summary>
internal sealed class Seq2SeqModel
{
    private readonly IExecutable _encoder, _step;
    private readonly ConcurrentBag<IExecutable> _freeEncoders = [], _freeSteps = [];

    /// <exception cref="InvalidDataException">A weight is missing or of another size.</exception>
    public Seq2SeqModel(IEngine engine, Seq2SeqNetwork network, Seq2SeqSizes sizes, IReadOnlyDictionary<string, float[]> weights)
    {
        Sizes = sizes;
        Units = network.Units;
        Graph graph = new();
        BuildContext context = new(graph);
        IReadOnlyList<MaskedTensor> read = Network.BuildAll(context, network.Encoder(sizes)), written = Network.BuildAll(context, network.Step(sizes));
        (MemoryOut, FirstState) = (read[0].Value, read[1].Value);
        (Probabilities, NextState) = (written[0].Value, written[1].Value);
        (Source, Previous, StateIn, MemoryIn) = (Input("source"), Input("previous"), Input("state"), Input("memory"));
        ISession session = engine.CreateSession(graph, 0);
        foreach (Variable variable in graph.Variables)
        {
            if (!weights.TryGetValue(variable.Name, out float[]? values) || values.Length != variable.Shape.UnitSize)
                throw new InvalidDataException($"the weight '{variable.Name}' is missing or of another size.");
            session.WriteVariable(variable.Name, values);
        }

        _encoder = session.Compile([MemoryOut, FirstState]);
        _step = session.Compile([Probabilities, NextState]);
        _freeEncoders.Add(_encoder);
        _freeSteps.Add(_step);

        Tensor Input(string name) => graph.Find($"{name}/input")!.Outputs[0];
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
