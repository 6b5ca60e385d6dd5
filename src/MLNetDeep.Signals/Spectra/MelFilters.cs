namespace MLNetDeep.Signals.Spectra;

/// <summary>Triangles over the bins of a spectrum, even on a mel scale; librosa's <c>filters.mel</c>, with the weights that are not 0 only.</summary>
internal sealed class MelFilters
{
    private readonly int[] _starts;
    private readonly double[][] _weights;

    public MelFilters(int sampleRate, int fftLength, int count, double lowest, double highest, MelScale scale, bool normalizeArea)
    {
        _starts = new int[count];
        _weights = new double[count][];
        double low = ToMel(lowest, scale), step = (ToMel(highest, scale) - low) / (count + 1), bin = (double)sampleRate / fftLength;
        for (int m = 0; m < count; m++)
        {
            double left = ToHertz(low + m * step, scale), center = ToHertz(low + (m + 1) * step, scale), right = ToHertz(low + (m + 2) * step, scale);
            double height = normalizeArea ? 2 / (right - left) : 1;
            int start = Math.Max(0, (int)Math.Floor(left / bin)), end = Math.Min(fftLength / 2, (int)Math.Ceiling(right / bin));
            List<double> weights = [];
            for (int k = start; k <= end; k++)
                weights.Add(height * Math.Max(0, Math.Min((k * bin - left) / (center - left), (right - k * bin) / (right - center))));
            if (weights.TrueForAll(w => w == 0))
                throw new ArgumentException($"Mel bin {m + 1} of {count}, around {center:F0} Hz, holds no bin of the spectrum, which are {bin:F1} Hz apart: use fewer mel bins or a longer FftLength.");
            _starts[m] = start;
            _weights[m] = [.. weights];
        }
    }

    /// <summary>The sums that the triangles weigh.</summary>
    public void Apply(ReadOnlySpan<double> spectrum, Span<double> mel)
    {
        for (int m = 0; m < _weights.Length; m++)
        {
            double sum = 0;
            ReadOnlySpan<double> weights = _weights[m], under = spectrum.Slice(_starts[m], weights.Length);
            for (int k = 0; k < weights.Length; k++)
                sum += weights[k] * under[k];
            mel[m] = sum;
        }
    }

    // Slaney's scale: 200/3 Hz a mel up to 1000 Hz, then 27 mels for a factor of 6.4.
    private const double Linear = 200.0 / 3, Corner = 1000, CornerMel = Corner / Linear;

    private static readonly double LogStep = Math.Log(6.4) / 27;

    private static double ToMel(double hertz, MelScale scale) => scale == MelScale.Htk
        ? 2595 * Math.Log10(1 + hertz / 700)
        : hertz < Corner ? hertz / Linear : CornerMel + Math.Log(hertz / Corner) / LogStep;

    private static double ToHertz(double mel, MelScale scale) => scale == MelScale.Htk
        ? 700 * (Math.Pow(10, mel / 2595) - 1)
        : mel < CornerMel ? mel * Linear : Corner * Math.Exp(LogStep * (mel - CornerMel));
}
