namespace MLNetDeep.Layers;

/// <summary>What a <see cref="Bidirectional"/> layer makes of its two directions.</summary>
public enum BidirectionalMerge
{
    /// <summary>Both, one after the other along the last axis: twice as many units.</summary>
    Concatenate,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their product.</summary>
    Multiply,

    /// <summary>Their mean.</summary>
    Average,

    /// <summary>Two outputs, forward and backward.</summary>
    None,
}
