using System.Numerics;

namespace MLNetDeep.Signals.Spectra;

/// <summary>
/// The power of the frequencies of real numbers, any number of them. A power of two is transformed as half as many complex numbers; any other as a convolution of a longer power
/// of two (Bluestein 1970). Tables are made once, and nothing is allocated after; good for one thread at a time.
/// </summary>
internal sealed class PowerSpectrum
{
    private readonly int _length;
    private readonly bool _isPowerOfTwo;
    private readonly ComplexFft _fft;
    private readonly Complex[] _values;
    private readonly Complex[] _roots;
    private readonly Complex[] _chirp = [];
    private readonly Complex[] _filter = [];

    public PowerSpectrum(int length)
    {
        _length = length;
        _isPowerOfTwo = BitOperations.IsPow2(length);
        int points = _isPowerOfTwo ? length / 2 : (int)BitOperations.RoundUpToPowerOf2((uint)(2 * length - 1));
        _fft = new(points);
        _values = new Complex[points];
        _roots = _isPowerOfTwo ? ComplexFft.Roots(length) : [];
        if (_isPowerOfTwo)
            return;
        _chirp = new Complex[length];
        _filter = new Complex[points];
        for (int n = 0; n < length; n++)
        {
            // The square modulo the period keeps the angle exact.
            _chirp[n] = Complex.FromPolarCoordinates(1, -Math.PI * ((long)n * n % (2L * length)) / length);
            _filter[n] = Complex.Conjugate(_chirp[n]);
            if (n > 0)
                _filter[points - n] = _filter[n];
        }

        _fft.Forward(_filter);
    }

    /// <summary>Half the length and one: the frequencies that real numbers have.</summary>
    public int Bins => _length / 2 + 1;

    /// <param name="numbers">As many as the length.</param>
    /// <param name="power">As many as <see cref="Bins"/>.</param>
    public void Compute(ReadOnlySpan<double> numbers, Span<double> power)
    {
        if (_isPowerOfTwo)
            Packed(numbers, power);
        else
            Chirped(numbers, power);
    }

    private void Packed(ReadOnlySpan<double> numbers, Span<double> power)
    {
        int half = _length / 2;
        for (int i = 0; i < half; i++)
            _values[i] = new(numbers[2 * i], numbers[2 * i + 1]);
        _fft.Forward(_values);
        for (int k = 0; k <= half; k++)
        {
            Complex a = _values[k == half ? 0 : k], b = Complex.Conjugate(_values[k == 0 ? 0 : half - k]);
            Complex even = 0.5 * (a + b), odd = 0.5 * (a - b);

            // odd / i, turned by the bin's angle.
            Complex turned = new Complex(odd.Imaginary, -odd.Real) * _roots[k];
            power[k] = Square(even + turned);
        }
    }

    private void Chirped(ReadOnlySpan<double> numbers, Span<double> power)
    {
        for (int i = 0; i < _length; i++)
            _values[i] = numbers[i] * _chirp[i];
        _values.AsSpan(_length).Clear();
        _fft.Forward(_values);

        // The inverse transform is the forward one of the conjugate, conjugated: the power does not see that, nor the last chirp.
        for (int i = 0; i < _values.Length; i++)
            _values[i] = Complex.Conjugate(_values[i] * _filter[i]);
        _fft.Forward(_values);
        double scale = 1.0 / ((double)_values.Length * _values.Length);
        for (int k = 0; k < Bins; k++)
            power[k] = scale * Square(_values[k]);
    }

    private static double Square(Complex value) => value.Real * value.Real + value.Imaginary * value.Imaginary;
}
