namespace MLNetDeep;

/// <summary>What becomes of a sequence that is longer than a network takes.</summary>
public enum SequenceTruncation
{
    /// <summary>Its last tokens are left out.</summary>
    End,

    /// <summary>Its first tokens are left out.</summary>
    Start,

    /// <summary>It is an error, which names the column and the row.</summary>
    None,
}
