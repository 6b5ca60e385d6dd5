namespace MLNetDeep.Signals.Spectra;

/// <summary>Transforms one signal after the other, with scratch of its own.</summary>
internal sealed class SignalWorker
{
    private const double SmallestPower = 1e-10, AddedPower = 1e-6;

    private readonly SignalPlan _plan;
    private readonly PowerSpectrum? _spectrum;
    private readonly double[] _frame;
    private readonly double[] _bins = [];
    private double[] _mel = [];

    public SignalWorker(SignalPlan plan)
    {
        _plan = plan;
        _frame = new double[plan.Window.Length];
        if (plan.Settings.Kind == SignalKind.Frames)
            return;
        _spectrum = new(plan.Settings.FftLength);
        _bins = new double[_spectrum.Bins];
    }

    /// <param name="signal">The samples.</param>
    /// <param name="result">Frames by bins.</param>
    public void Compute(ReadOnlySpan<float> signal, Span<float> result)
    {
        int frames = result.Length / _plan.Bins, wide = _plan.Settings.Kind == SignalKind.Mfcc ? _plan.Settings.Options.MelBins : _plan.Bins;
        if (_mel.Length < frames * wide)
            _mel = new double[frames * wide];
        Span<double> numbers = _mel.AsSpan(0, frames * wide);
        for (int f = 0; f < frames; f++)
        {
            _plan.Framing.Copy(signal, f, _frame);
            for (int i = 0; i < _frame.Length; i++)
                _frame[i] *= _plan.Window[i];
            Span<double> row = numbers.Slice(f * wide, wide);
            if (_spectrum is null)
                _frame.CopyTo(row);
            else
                Spectrum(row);
        }

        if (_spectrum is not null)
            Scale(numbers);
        if (_plan.Settings.Kind == SignalKind.Mfcc)
            Cepstrum(numbers, frames, result);
        else
            for (int i = 0; i < numbers.Length; i++)
                result[i] = (float)numbers[i];
    }

    private void Spectrum(Span<double> row)
    {
        _spectrum!.Compute(_frame, _bins);
        if (_plan.Settings.Options.Scale == SpectrumScale.Magnitude)
            foreach (ref double bin in _bins.AsSpan())
                bin = Math.Sqrt(bin);
        if (_plan.Filters is { } filters)
            filters.Apply(_bins, row);
        else
            _bins.CopyTo(row);
    }

    private void Scale(Span<double> numbers)
    {
        MfccOptions options = _plan.Settings.Options;
        if (options.Scale == SpectrumScale.Log)
            foreach (ref double number in numbers)
                number = Math.Log(number + AddedPower);
        if (options.Scale != SpectrumScale.Decibel)
            return;
        double most = double.NegativeInfinity;
        foreach (ref double number in numbers)
        {
            number = 10 * Math.Log10(Math.Max(number, SmallestPower));
            most = Math.Max(most, number);
        }

        double floor = most - (options.TopDecibels ?? double.PositiveInfinity), reference = options.RelativeToMaximum ? most : 0;
        foreach (ref double number in numbers)
            number = Math.Max(number, floor) - reference;
    }

    private void Cepstrum(ReadOnlySpan<double> mel, int frames, Span<float> result)
    {
        MfccOptions options = _plan.Settings.Options;
        int count = options.Coefficients, wide = _plan.Bins;
        for (int f = 0; f < frames; f++)
        {
            ReadOnlySpan<double> row = mel.Slice(f * options.MelBins, options.MelBins);
            for (int k = 0; k < count; k++)
            {
                double[] cosines = _plan.Cosines[k];
                double sum = 0;
                for (int m = 0; m < row.Length; m++)
                    sum += cosines[m] * row[m];
                result[f * wide + k] = (float)sum;
            }
        }

        for (int d = 0; d < options.Deltas; d++)
            Delta(result, frames, wide, d * count, count);
    }

    // The slope of the straight line through five frames, the first and last repeated beyond the ends.
    private static void Delta(Span<float> result, int frames, int wide, int from, int count)
    {
        for (int f = 0; f < frames; f++)
        {
            for (int k = from; k < from + count; k++)
            {
                float near = At(result, f + 1, k) - At(result, f - 1, k), far = At(result, f + 2, k) - At(result, f - 2, k);
                result[f * wide + k + count] = (near + 2 * far) / 10;
            }
        }

        float At(Span<float> values, int frame, int k) => values[Math.Clamp(frame, 0, frames - 1) * wide + k];
    }
}
