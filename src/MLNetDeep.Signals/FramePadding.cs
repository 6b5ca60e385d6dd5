namespace MLNetDeep.Signals;

/// <summary>What stands before the first sample and behind the last, so that a frame has its middle there.</summary>
public enum FramePadding
{
    /// <summary>Nothing: the first frame begins with the first sample, and the last ends before the last one does (<c>center=False</c> in librosa and PyTorch).</summary>
    None,

    /// <summary>Half a frame of zeros on either side, so that frame i is centred on sample i · hop (librosa's default).</summary>
    Zeros,

    /// <summary>Half a frame of the signal, mirrored at its first and last sample without repeating them (PyTorch's and torchaudio's default). The signal must be longer than half a frame.</summary>
    Reflect,
}
