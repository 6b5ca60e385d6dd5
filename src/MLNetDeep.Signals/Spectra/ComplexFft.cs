using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace MLNetDeep.Signals.Spectra;

/// <summary>
/// The Fourier transform of a power of two of complex numbers, not scaled. MathNet's transform neither allocates nor starts threads up to 512 points: a longer one is that
/// of each part (every second, fourth, ... number), put together here. Its scratch makes an instance good for one thread at a time.
/// </summary>
internal sealed class ComplexFft
{
    private const int Longest = 512;

    private readonly Complex[][] _parts;
    private readonly Complex[] _roots;
    private readonly int _length;

    public ComplexFft(int length)
    {
        if (!BitOperations.IsPow2(length))
            throw new ArgumentException($"The length is {length}; expected a power of two.", nameof(length));
        _length = length;
        int parts = Math.Max(1, length / Longest);
        _parts = [.. Enumerable.Range(0, parts).Select(_ => new Complex[length / parts])];
        _roots = Roots(length);
    }

    /// <summary>The powers of exp(-2πi / length).</summary>
    public static Complex[] Roots(int length)
    {
        Complex[] roots = new Complex[length];
        for (int k = 0; k < length; k++)
            roots[k] = Complex.FromPolarCoordinates(1, -2 * Math.PI * k / length);
        return roots;
    }

    /// <summary>Transforms in place.</summary>
    public void Forward(Span<Complex> values)
    {
        int count = _parts.Length, size = _length / count;
        for (int p = 0; p < count; p++)
        {
            Complex[] part = _parts[p];
            for (int i = 0; i < size; i++)
                part[i] = values[i * count + p];
            if (size > 1)
                Fourier.Forward(part, FourierOptions.AsymmetricScaling);
        }

        // Two transforms of half the length make one, level by level; the results of each pair take the place of the two.
        int stride = count;
        for (int p = 0; p < count; p++)
            _parts[p].CopyTo(values[(Reverse(p, count) * size)..]);
        for (int half = size; half < _length; half *= 2)
        {
            stride /= 2;
            for (int start = 0; start < _length; start += 2 * half)
            {
                for (int k = 0; k < half; k++)
                {
                    Complex even = values[start + k], odd = values[start + half + k] * _roots[k * stride];
                    values[start + k] = even + odd;
                    values[start + half + k] = even - odd;
                }
            }
        }
    }

    // Bits in reverse order: beside each other stand the parts that are put together first.
    private static int Reverse(int index, int count)
    {
        int reversed = 0;
        for (int bit = 1; bit < count; bit *= 2, index /= 2)
            reversed = reversed * 2 + index % 2;
        return reversed;
    }
}
