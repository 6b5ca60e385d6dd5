namespace MLNetDeep.Exporting;

/// <summary>What of a tensor becomes an output.</summary>
internal enum ExportOutputKind
{
    /// <summary>Its values.</summary>
    Values,

    /// <summary>Its values, each row as one vector, as ML.NET's columns have them.</summary>
    FlatValues,

    /// <summary>The key of the largest value along the last axis, from 1, as ML.NET counts keys; the first of equals.</summary>
    KeyOfLargest,

    /// <summary>Whether the value is more than one half.</summary>
    IsMoreThanHalf,
}
