namespace MLNetDeep;

/// <summary>How near two vectors are to each other.</summary>
public enum Similarity
{
    /// <summary>By their angle: the distance is 1 minus its cosine, 0 to 2; to or from a vector of zeros it is 1.</summary>
    Cosine,

    /// <summary>By the length of the line between them.</summary>
    Euclidean,
}
