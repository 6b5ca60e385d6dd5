using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Callbacks;

/// <summary>The training, as callbacks see it.</summary>
public sealed class TrainingContext
{
    private readonly ISession _session;

    internal TrainingContext(ISession session, History history, int epochs, IReadOnlyList<Variable> weights)
    {
        _session = session;
        History = history;
        Epochs = epochs;
        Weights = weights;
    }

    /// <summary>What has happened so far.</summary>
    public History History { get; }

    /// <summary>Number of epochs asked for.</summary>
    public int Epochs { get; }

    /// <summary>The network's weights, running statistics included.</summary>
    public IReadOnlyList<Variable> Weights { get; }

    /// <summary>Why training should end; null while it should not.</summary>
    public string? StopReason { get; private set; }

    /// <summary>The present values of a weight.</summary>
    /// <exception cref="ArgumentException">There is no such weight.</exception>
    public float[] Read(string weight)
    {
        float[] values = new float[_session.Graph.GetVariable(weight).Shape.UnitSize];
        _session.ReadVariable(weight, values);
        return values;
    }

    /// <summary>Asks for training to end after this epoch.</summary>
    /// <param name="reason">Why, for the history and the log.</param>
    public void Stop(string reason) => StopReason ??= reason;
}
