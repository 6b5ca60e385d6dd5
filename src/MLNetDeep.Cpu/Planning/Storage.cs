namespace MLNetDeep.Cpu.Planning;

/// <summary>Where a <see cref="Value"/> lives.</summary>
internal enum Storage
{
    /// <summary>In the executable's arena, sharing room with values of other times.</summary>
    Temporary,

    /// <summary>In a buffer of the executable that its user fills.</summary>
    Feed,

    /// <summary>In the session.</summary>
    Variable,

    /// <summary>In the plan.</summary>
    Constant,
}
