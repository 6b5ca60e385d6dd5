namespace MLNetDeep.Training.Checkpoints;

/// <summary>Where and how often the state of a training is kept.</summary>
/// <param name="Folder">The folder; made if it is not there. A training whose settings and data shape are those of the checkpoint in it goes on from there; one of another kind is refused.</param>
public sealed record CheckpointOptions(string Folder)
{
    /// <summary>Number of epochs between checkpoints; at least 1. Default 1.</summary>
    public int EveryEpochs { get; init; } = 1;

    /// <summary>Whether to go on from a checkpoint that is there; otherwise it is overwritten. Default true.</summary>
    public bool Resume { get; init; } = true;
}
