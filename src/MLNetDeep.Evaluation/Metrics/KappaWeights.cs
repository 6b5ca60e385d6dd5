namespace MLNetDeep.Evaluation;

/// <summary>How much a confusion counts in Cohen's kappa (1968).</summary>
public enum KappaWeights
{
    /// <summary>All the same.</summary>
    None = 0,

    /// <summary>By the distance of the classes, for classes in order.</summary>
    Linear = 1,

    /// <summary>By the square of the distance of the classes.</summary>
    Quadratic = 2,
}
