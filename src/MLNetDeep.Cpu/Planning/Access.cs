namespace MLNetDeep.Cpu.Planning;

/// <summary>How an elementwise loop reads an input.</summary>
internal enum Access
{
    /// <summary>Element by element, as the output is written.</summary>
    Flat,

    /// <summary>One number for all elements.</summary>
    Scalar,

    /// <summary>The same numbers for each row.</summary>
    Row,

    /// <summary>One number for each row.</summary>
    Column,

    /// <summary>The same numbers for each row of a block, others for the next block: (batch, 1, channels) in a loop over (batch, steps, channels).</summary>
    Block,

    /// <summary>In a way that no loop has: the input is stretched beforehand.</summary>
    Other,
}
