namespace MLNetDeep.Images;

/// <summary>What is done about files that are not pictures: empty, damaged, or of a format that is not known.</summary>
public enum OnBadImage
{
    /// <summary>They are an error that names them.</summary>
    Error,

    /// <summary>They are left out, and counted in a warning in the log.</summary>
    Skip,
}
