using System.Buffers.Binary;
using MLNetDeep.Signals.Codec;
using MLNetDeep.Signals.Tests.Support;

namespace MLNetDeep.Signals.Tests;

/// <summary>Damaged and hostile sound files: reading ends with samples or one kind of error, soon, with memory in proportion to the file.</summary>
public class HostileSoundTests
{
    private const long MostBytes = 1 << 20;

    private static readonly double[] Values = [.. Enumerable.Range(0, 100).Select(i => i / 128.0)];

    public static TheoryData<byte[]> Good => new()
    {
        SoundBytes.Wav(SoundBytes.Integers(Values, 2, false), 1, 2, 8000, 16),
        SoundBytes.Wav([.. Values.SelectMany(v => BitConverter.GetBytes((float)v))], 3, 1, 8000, 32, extensible: true),
        SoundBytes.Aiff(SoundBytes.Integers(Values, 2, true), 1, 8000, 16, Values.Length),
        SoundBytes.Aiff(SoundBytes.Integers(Values, 2, false), 2, 8000, 16, Values.Length / 2, "sowt", samplesFirst: true),
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Every_truncation_is_an_error(byte[] file)
    {
        Assert.Null(Try(file));
        for (int length = 0; length < file.Length; length++)
            Assert.NotNull(Try(file[..length]));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void Mutations_are_errors_or_sounds(byte[] file)
    {
        int errors = 0;
        for (int seed = 0; seed < 5000; seed++)
        {
            Random random = new(seed);
            byte[] changed = [.. file];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                // Most in the header, where they hurt, and often the largest or smallest number.
                int at = random.Next(random.Next(4) > 0 ? 80 : changed.Length);
                changed[at] = random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.Next(256) };
            }

            if (Try(changed) is not null)
                errors++;
        }

        Assert.InRange(errors, 500, 4999);
    }

    [Fact]
    public void Noise_is_no_sound()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            byte[] noise = new byte[seed];
            new Random(seed).NextBytes(noise);
            Assert.NotNull(Try(noise));
        }
    }

    [Theory]
    [InlineData("its sample rate is 0 Hz", 24, 0u)]
    [InlineData("its sample rate is 4294967295 Hz", 24, uint.MaxValue)]
    [InlineData("it has 0 channels", 22, 0x1F400000u)]
    [InlineData("compressed (encoding 2)", 20, 0x00010002u)]
    [InlineData("do not make the 9 bytes", 32, 0x00100009u)]
    [InlineData("integers of 40 bits", 32, 0x00280002u)]
    [InlineData("description has 4294967280 bytes", 16, 0xFFFFFFF0u)]
    [InlineData("4026531840 bytes of samples are promised, 200 are there", 40, 0xF0000000u)]
    public void Errors_say_what_is_wrong(string says, int at, uint value)
    {
        // Without the chunk of notes, so that places are those of the format's description.
        byte[] file = SoundBytes.Wav(SoundBytes.Integers(Values, 2, false), 1, 1, 8000, 16);
        file = [.. file[..12], .. file[24..]];
        Assert.Null(Try(file));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        Assert.Contains(says, Try(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_formats_are_named()
    {
        Assert.Contains("FLAC", Try([.. "fLaC"u8, .. new byte[20]]), StringComparison.Ordinal);
        Assert.Contains("Ogg", Try([.. "OggS"u8, .. new byte[20]]), StringComparison.Ordinal);
        Assert.Contains("empty", Try([]), StringComparison.Ordinal);
        Assert.Contains("neither WAV nor AIFF", Try(new byte[100]), StringComparison.Ordinal);
        Assert.Contains("'ima4'", Try(SoundBytes.Aiff(new byte[100], 1, 8000, 16, 10, "ima4")), StringComparison.Ordinal);
        Assert.Contains("no samples", Try(SoundBytes.Wav([], 1, 1, 8000, 16)), StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_that_are_not_numbers_are_named()
    {
        byte[] file = SoundBytes.Wav([.. new float[] { 0, 1, float.NaN, 1 }.SelectMany(BitConverter.GetBytes)], 3, 1, 8000, 32);
        Assert.Contains("sample 3 is NaN", Try(file), StringComparison.Ordinal);
        file = SoundBytes.Wav([.. new double[] { 0, 1e300 }.SelectMany(BitConverter.GetBytes)], 3, 1, 8000, 64);
        Assert.Contains("sample 2 is", Try(file), StringComparison.Ordinal);
    }

    private static string? Try(byte[] file)
    {
        SoundReader reader = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        float[] samples = [];
        string? error = null;
        try
        {
            reader.Read(new MemoryStream(file), _ => long.MaxValue, ref samples);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            error = e.Message;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        return error;
    }
}
