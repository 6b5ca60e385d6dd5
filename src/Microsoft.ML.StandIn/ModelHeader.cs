namespace Microsoft.ML;

/// <summary>The head of a saved model.</summary>
internal struct ModelHeader
{
    /// <summary>Eight characters, as a number, that name the format.</summary>
    public ulong ModelSignature;

    /// <summary>The version that was written.</summary>
    public uint ModelVerWritten;

    /// <summary>The oldest reader that can read it.</summary>
    public uint ModelVerReadable;

    /// <summary>Says which format something is in and whether it can be read.</summary>
    public static void CheckVersionInfo(ref ModelHeader header, VersionInfo ver)
    {
        if (header.ModelSignature != ver.ModelSignature)
            throw new FormatException("Unknown file type: the signature of the model is another one.");
        if (header.ModelVerReadable > header.ModelVerWritten)
            throw new FormatException("Corrupt model header: its versions contradict each other.");
        if (header.ModelVerReadable > ver.VerWrittenCur)
            throw new FormatException("The model was written by a newer version and cannot be read.");
        if (header.ModelVerWritten < ver.VerWeCanReadBack)
            throw new FormatException("The model was written by an older version that can no longer be read.");
    }
}
