using System.Runtime.InteropServices;

namespace MLNetDeep.Cpu.Tests;

/// <summary>
/// Floats as the engine allocates them (64-byte aligned, padded to 16 with NaN), with guards on both sides that show a
/// write outside.
/// </summary>
internal sealed unsafe class Buffer : IDisposable
{
    private const int Guard = 64;
    private const float GuardValue = -1.2345e33f;
    private readonly float* _all;
    private readonly long _padded;

    public Buffer(long count, float fill = float.NaN)
    {
        Count = (int)count;
        _padded = (count + 15) / 16 * 16;
        _all = (float*)NativeMemory.AlignedAlloc((nuint)((_padded + (2 * Guard)) * sizeof(float)), 64);
        for (long i = 0; i < _padded + (2 * Guard); i++)
            _all[i] = GuardValue;
        new Span<float>(Pointer, Count).Fill(fill);
        new Span<float>(Pointer + Count, (int)(_padded - Count)).Fill(float.NaN);
    }

    public Buffer(float[] values)
        : this(values.Length) => values.CopyTo(Span);

    public Buffer(int[] values)
        : this(values.Length) => values.CopyTo(Ints);

    public int Count { get; }

    public float* Pointer => _all + Guard;

    public int* IntPointer => (int*)Pointer;

    public Span<float> Span => new(Pointer, Count);

    public Span<int> Ints => new(Pointer, Count);

    public float this[long index]
    {
        get => Pointer[index];
        set => Pointer[index] = value;
    }

    public static implicit operator float*(Buffer buffer) => buffer.Pointer;

    /// <summary>Values from -1 to 1.</summary>
    public static Buffer Random(long count, int seed, float scale = 1)
    {
        var buffer = new Buffer(count);
        var random = new Random(seed);
        foreach (ref float value in buffer.Span)
            value = (float)((random.NextDouble() * 2) - 1) * scale;
        return buffer;
    }

    public void CheckGuards()
    {
        for (int i = 0; i < Guard; i++)
        {
            Assert.Equal(GuardValue, _all[i]);
            Assert.Equal(GuardValue, _all[Guard + _padded + i]);
        }
    }

    public void Dispose()
    {
        CheckGuards();
        NativeMemory.AlignedFree(_all);
    }
}
