namespace MLNetDeep.Signals;

/// <summary>What is done about files that cannot be read as sounds: missing, empty, damaged, or of a format that is not known.</summary>
public enum OnBadSound
{
    /// <summary>They are an error that names the file and the row.</summary>
    Error,

    /// <summary>Their sound is missing: all NaN where sounds have a fixed length, without samples otherwise. <c>ml.Data.FilterRowsByMissingValues</c> leaves such rows of a fixed length out.</summary>
    Missing,
}
