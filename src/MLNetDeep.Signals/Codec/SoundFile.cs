namespace MLNetDeep.Signals.Codec;

/// <summary>Reads one sound file after the other at a sample rate, in memory that it keeps.</summary>
/// <param name="sampleRate">Samples a second.</param>
/// <param name="length">Samples of every sound, cut off or filled with zeros at its end; null for as many as each has.</param>
internal sealed class SoundFile(int sampleRate, int? length)
{
    // Of as many rates as are usual.
    private const int MostResamplers = 8;

    private readonly SoundReader _reader = new();
    private readonly Dictionary<int, Resampler> _resamplers = [];
    private float[] _read = [];
    private float[] _samples = new float[length ?? 0];
    private int _count = length ?? 0;

    /// <summary>The samples of the last sound; of one that could not be read NaN where the length is fixed, otherwise none.</summary>
    public ReadOnlySpan<float> Samples => _samples.AsSpan(0, _count);

    /// <summary>Reads a file.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public string? Load(string? folder, string path)
    {
        string? fault = "its path is empty.";
        if (path.Length > 0)
        {
            try
            {
                using FileStream stream = new(string.IsNullOrEmpty(folder) ? path : Path.Combine(folder, path), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
                Read(stream);
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or NotSupportedException)
            {
                fault = e.Message;
            }
        }

        _count = length ?? 0;
        _samples.AsSpan(0, _count).Fill(float.NaN);
        return fault;
    }

    private void Read(Stream stream)
    {
        (int rate, int count) = _reader.Read(stream, r => length is { } most ? Resampler(r).Needed(most) : long.MaxValue, ref _read);
        Resampler resampler = Resampler(rate);
        long samples = resampler.Length(count);
        if (length is null && samples > Waveform.MostSamples)
            throw new InvalidDataException($"at {sampleRate} Hz it has {samples} samples; at most {Waveform.MostSamples} are possible.");
        int wanted = (int)Math.Min(samples, length ?? int.MaxValue);
        _count = length ?? wanted;
        if (_samples.Length < _count)
            _samples = new float[_count];
        resampler.Run(_read.AsSpan(0, count), _samples.AsSpan(0, wanted));
        _samples.AsSpan(wanted, _count - wanted).Clear();
    }

    private Resampler Resampler(int rate)
    {
        if (_resamplers.TryGetValue(rate, out Resampler? resampler))
            return resampler;
        if (_resamplers.Count == MostResamplers)
            _resamplers.Clear();
        return _resamplers[rate] = new(rate, sampleRate);
    }
}
