namespace Microsoft.ML;

/// <summary>What a saved model says of its format and of who can load it.</summary>
internal readonly struct VersionInfo
{
    /// <summary>Eight characters, as a number, that name the format.</summary>
    public readonly ulong ModelSignature;

    /// <summary>The version that is written.</summary>
    public readonly uint VerWrittenCur;

    /// <summary>The oldest reader that can read what is written.</summary>
    public readonly uint VerReadableCur;

    /// <summary>The oldest version that can be read.</summary>
    public readonly uint VerWeCanReadBack;

    /// <summary>The assembly that has the loader.</summary>
    public readonly string LoaderAssemblyName;

    /// <summary>The loader's name.</summary>
    public readonly string? LoaderSignature;

    /// <summary>Another name of the loader.</summary>
    public readonly string? LoaderSignatureAlt;

    public VersionInfo(string modelSignature, uint verWrittenCur, uint verReadableCur, uint verWeCanReadBack,
        string loaderAssemblyName, string? loaderSignature = null, string? loaderSignatureAlt = null)
    {
        ArgumentNullException.ThrowIfNull(modelSignature);
        ArgumentException.ThrowIfNullOrEmpty(loaderAssemblyName);
        if (modelSignature.Length != 8 || modelSignature.Any(c => c > byte.MaxValue))
            throw new ArgumentException("Signature must be eight characters of one byte.", nameof(modelSignature));
        if (verReadableCur > verWrittenCur || verWeCanReadBack > verWrittenCur)
            throw new ArgumentException("A version that can be read is later than the one that is written.", nameof(verWrittenCur));
        for (var i = 7; i >= 0; i--)
            ModelSignature = (ModelSignature << 8) | modelSignature[i];
        VerWrittenCur = verWrittenCur;
        VerReadableCur = verReadableCur;
        VerWeCanReadBack = verWeCanReadBack;
        LoaderAssemblyName = loaderAssemblyName;
        LoaderSignature = loaderSignature;
        LoaderSignatureAlt = loaderSignatureAlt;
    }
}
