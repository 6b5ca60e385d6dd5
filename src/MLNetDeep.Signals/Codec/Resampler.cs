using System.Numerics;

namespace MLNetDeep.Signals.Codec;

/// <summary>
/// Changes a sample rate: each new sample is the sum of those about it, weighted by a sinc under a Hann window, which leaves out what the lower of both rates cannot carry.
/// Torchaudio's <c>sinc_interp_hann</c> with <c>rolloff=0.99</c> and <c>lowpass_filter_width=16</c>. Good for any number of threads.
/// </summary>
internal sealed class Resampler
{
    private const int Width = 16;
    private const double Rolloff = 0.99;

    // Rates without a common divisor have a table for each new sample: beyond this many numbers weights are computed as they are needed.
    private const int MostInTable = 1 << 20;

    private readonly int _from;
    private readonly int _to;
    private readonly double _cutoff;
    private readonly double _reach;
    private readonly int _taps;
    private readonly float[] _table;

    public Resampler(int from, int to)
    {
        int divisor = (int)BigInteger.GreatestCommonDivisor(from, to);
        _from = from / divisor;
        _to = to / divisor;
        _cutoff = Math.Min(_from, _to) * Rolloff;
        _reach = Width * _from / _cutoff;
        _taps = (int)(2 * _reach) + 2;
        _table = (long)_to * _taps <= MostInTable ? new float[_to * _taps] : [];
        for (int i = 0; i < _table.Length; i++)
            _table[i] = Weight(i / _taps, i % _taps);
    }

    /// <summary>Number of samples that so many become: all that begin before their end.</summary>
    public long Length(long samples) => (samples * _to + _from - 1) / _from;

    /// <summary>Number of samples that so many new ones need.</summary>
    public long Needed(long samples) => samples * _from / _to + _taps;

    /// <summary>Computes as many new samples as there is room for; the signal is 0 beyond its ends.</summary>
    public void Run(ReadOnlySpan<float> samples, Span<float> result)
    {
        if (_from == _to)
        {
            int same = Math.Min(samples.Length, result.Length);
            samples[..same].CopyTo(result);
            result[same..].Clear();
            return;
        }

        for (int i = 0; i < result.Length; i++)
        {
            int phase = (int)((long)i % _to);
            long start = (long)i / _to * _from + First(phase);
            int low = (int)Math.Max(0, -start), high = (int)Math.Min(_taps, samples.Length - start);
            double sum = 0;
            for (int t = low; t < high; t++)
                sum += (double)samples[(int)(start + t)] * (_table.Length > 0 ? _table[phase * _taps + t] : Weight(phase, t));
            result[i] = (float)sum;
        }
    }

    // The first sample within reach of a new one; phases are counted in new samples.
    private int First(int phase) => (int)Math.Ceiling((double)phase * _from / _to - _reach);

    private float Weight(int phase, int tap)
    {
        double time = ((double)(First(phase) + tap) / _from - (double)phase / _to) * _cutoff;
        if (Math.Abs(time) >= Width)
            return 0;
        double window = Math.Cos(Math.PI * time / Width / 2), sinc = time == 0 ? 1 : Math.Sin(Math.PI * time) / (Math.PI * time);
        return (float)(sinc * window * window * _cutoff / _from);
    }
}
