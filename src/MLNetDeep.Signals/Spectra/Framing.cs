namespace MLNetDeep.Signals.Spectra;

/// <summary>How a signal is cut into frames.</summary>
/// <param name="Span">Samples of a frame, those that the window leaves out at its ends included.</param>
/// <param name="Hop">Samples from one frame to the next.</param>
/// <param name="Padding">What stands before and behind the signal.</param>
/// <param name="Frames">Number of frames; null for as many as there are.</param>
internal sealed record Framing(int Span, int Hop, FramePadding Padding, int? Frames)
{
    private int Edge => Padding == FramePadding.None ? 0 : Span / 2;

    /// <summary>What is wrong with a signal of so many samples; null if nothing is.</summary>
    public string? Fault(int samples) =>
        samples == 0 ? "it has no samples"
        : Padding == FramePadding.Reflect && samples <= Edge ? $"its {samples} samples cannot be mirrored by {Edge}, half a frame: use a shorter frame, or the padding Zeros"
        : Frames is null && (long)samples + 2 * Edge < Span ? $"its {samples} samples are fewer than a frame's {Span}: use a shorter frame, or a padding, or set the number of frames"
        : null;

    /// <summary>Number of frames of a signal that has no <see cref="Fault"/>.</summary>
    public int Count(int samples) => Frames ?? (int)(1 + ((long)samples + 2 * Edge - Span) / Hop);

    /// <summary>Copies a frame; where nothing stands, zeros.</summary>
    public void Copy(ReadOnlySpan<float> signal, int frame, Span<double> to)
    {
        long start = (long)frame * Hop - Edge;
        for (int i = 0; i < to.Length; i++)
        {
            long at = start + i;
            if (Padding == FramePadding.Reflect && at < 0)
                at = -at;
            else if (Padding == FramePadding.Reflect && at >= signal.Length && at < (long)signal.Length + Edge)
                at = 2L * (signal.Length - 1) - at;
            to[i] = (ulong)at < (ulong)signal.Length ? signal[(int)at] : 0;
        }
    }
}
