using System.Buffers.Binary;
using System.Text;

namespace MLNetDeep.Signals.Codec;

/// <summary>Finds out how a sound's samples lie in a file, and where: WAV (RIFF) and AIFF or AIFC. Nothing that a file says of itself is believed without a look at its length.</summary>
internal static class SoundHeader
{
    private const int FormBytes = 12, ChunkBytes = 8;

    // WAV's tags of encodings.
    private const int Pcm = 1, Float = 3, Extensible = 0xFFFE;

    // Of a chunk that says how samples lie; all of them are shorter.
    private const int MostDescription = 1 << 16;

    /// <summary>Reads the header, and leaves the stream at the first sample.</summary>
    /// <param name="stream">The file, from its beginning; one that can be searched.</param>
    /// <returns>The format, and the number of samples of each channel.</returns>
    /// <exception cref="InvalidDataException">It is not such a sound, or damaged.</exception>
    public static (SoundFormat Format, long Count) Read(Stream stream)
    {
        if (stream.Length == 0)
            throw new InvalidDataException("it is empty.");
        Span<byte> head = stackalloc byte[FormBytes];
        int read = stream.ReadAtLeast(head, FormBytes, throwOnEndOfStream: false);
        string magic = Name(head), kind = Name(head[8..]);
        return read < FormBytes ? throw Unknown("")
            : magic == "RIFF" && kind == "WAVE" ? Wave(stream)
            : magic == "FORM" && (kind is "AIFF" or "AIFC") ? Aiff(stream, kind == "AIFC")
            : throw Unknown(magic switch
            {
                "fLaC" => "It is FLAC: convert it, for example with 'flac -d'.",
                "OggS" => "It is Ogg: convert it, for example with 'sox'.",
                "RF64" or "RIFX" => $"It is {magic}, a rare relative of WAV.",
                _ => magic.StartsWith("ID3", StringComparison.Ordinal) ? "It is MP3: convert it, for example with 'sox'." : "",
            });
    }

    private static (SoundFormat Format, long Count) Wave(Stream stream)
    {
        SoundFormat? format = null;
        while (Next(stream, bigEndian: false) is var (name, size))
        {
            if (name == "fmt ")
            {
                format = WaveFormat(Description(stream, size));
            }
            else if (name == "data")
            {
                // A program that writes to a pipe cannot know the length.
                return Samples(stream, format ?? throw new InvalidDataException("its samples come before their description."), size == uint.MaxValue ? stream.Length - stream.Position : size);
            }
            else
            {
                Skip(stream, size);
            }
        }

        throw new InvalidDataException("it has no samples: there is no data chunk.");
    }

    private static SoundFormat WaveFormat(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16)
            throw new InvalidDataException($"its description has {bytes.Length} bytes; expected 16 or more.");
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes), channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        int block = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]), bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        if (tag == Extensible)
            tag = bytes.Length >= 40 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]) : throw new InvalidDataException("its extended description is cut off.");
        if (tag is not (Pcm or Float))
            throw new InvalidDataException($"its samples are compressed (encoding {tag}); expected integers (1) or floating point numbers (3).");

        // Integers of 8 bits alone are without a sign.
        SampleEncoding encoding = tag == Float ? SampleEncoding.Float : bits <= 8 ? SampleEncoding.Unsigned : SampleEncoding.Signed;
        SoundFormat format = SoundFormat.Create(rate, channels, encoding, bits, bigEndian: false);
        return format.BlockBytes == block ? format : throw new InvalidDataException($"{channels} samples of {bits} bits do not make the {block} bytes that it says.");
    }

    private static (SoundFormat Format, long Count) Aiff(Stream stream, bool mayBeCompressed)
    {
        SoundFormat? format = null;
        long promised = 0, samplesAt = -1, samplesBytes = 0;
        Span<byte> offsets = stackalloc byte[8];
        while ((format is null || samplesAt < 0) && Next(stream, bigEndian: true) is var (name, size))
        {
            if (name == "COMM")
            {
                (format, promised) = AiffFormat(Description(stream, size), mayBeCompressed);
            }
            else if (name == "SSND")
            {
                if (size < offsets.Length || stream.ReadAtLeast(offsets, offsets.Length, throwOnEndOfStream: false) < offsets.Length)
                    throw new InvalidDataException("its samples are cut off.");
                uint offset = BinaryPrimitives.ReadUInt32BigEndian(offsets);
                if (offset > size - offsets.Length)
                    throw new InvalidDataException("its samples begin behind their end.");
                samplesAt = stream.Position + offset;
                samplesBytes = size - offsets.Length - offset;
                Skip(stream, size - offsets.Length);
            }
            else
            {
                Skip(stream, size);
            }
        }

        if (format is null || samplesAt < 0)
            throw new InvalidDataException($"it has no samples: there is no {(format is null ? "COMM" : "SSND")} chunk.");
        if (promised * format.BlockBytes > samplesBytes)
            throw new InvalidDataException($"it promises {promised} samples of {format.BlockBytes} bytes, but has {samplesBytes} bytes of them.");
        stream.Position = samplesAt;
        return Samples(stream, format, promised * format.BlockBytes);
    }

    private static (SoundFormat Format, long Count) AiffFormat(ReadOnlySpan<byte> bytes, bool mayBeCompressed)
    {
        int least = mayBeCompressed ? 22 : 18;
        if (bytes.Length < least)
            throw new InvalidDataException($"its description has {bytes.Length} bytes; expected {least} or more.");
        int channels = BinaryPrimitives.ReadInt16BigEndian(bytes), bits = BinaryPrimitives.ReadInt16BigEndian(bytes[6..]);
        long count = BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);
        string compression = mayBeCompressed ? Name(bytes[18..]) : "NONE";
        (SampleEncoding encoding, bool bigEndian, int size) = compression switch
        {
            "NONE" or "twos" => (SampleEncoding.Signed, true, bits),
            "sowt" => (SampleEncoding.Signed, false, bits),
            "raw " => (SampleEncoding.Unsigned, true, bits),
            "in24" => (SampleEncoding.Signed, true, 24),
            "in32" => (SampleEncoding.Signed, true, 32),
            "fl32" or "FL32" => (SampleEncoding.Float, true, 32),
            "fl64" or "FL64" => (SampleEncoding.Float, true, 64),
            _ => throw new InvalidDataException($"its samples are compressed ('{compression}'); expected NONE, twos, sowt, raw, in24, in32, fl32 or fl64."),
        };
        return (SoundFormat.Create(Extended(bytes[8..]), channels, encoding, size, bigEndian), count);
    }

    // The 80 bits of an IEEE extended number: sign, exponent, and 64 bits with the leading one.
    private static double Extended(ReadOnlySpan<byte> bytes)
    {
        int exponent = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        ulong mantissa = BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]);
        return exponent < 0x8000 ? Math.ScaleB(mantissa, exponent - 16383 - 63) : -1;
    }

    private static (SoundFormat Format, long Count) Samples(Stream stream, SoundFormat format, long bytes)
    {
        long left = Math.Max(0, stream.Length - stream.Position);
        if (bytes > left)
            throw new InvalidDataException($"it is cut off: {bytes} bytes of samples are promised, {left} are there.");
        return bytes >= format.BlockBytes ? (format, bytes / format.BlockBytes) : throw new InvalidDataException("it has no samples.");
    }

    private static (string Name, long Size)? Next(Stream stream, bool bigEndian)
    {
        Span<byte> head = stackalloc byte[ChunkBytes];
        if (stream.ReadAtLeast(head, ChunkBytes, throwOnEndOfStream: false) < ChunkBytes)
            return null;
        return (Name(head), bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(head[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[4..]));
    }

    private static byte[] Description(Stream stream, long size)
    {
        if (size > MostDescription || size > stream.Length - stream.Position)
            throw new InvalidDataException($"its description has {size} bytes, which it cannot have.");
        byte[] bytes = new byte[size];
        stream.ReadExactly(bytes);
        stream.Position += size % 2;
        return bytes;
    }

    // Chunks begin at even places.
    private static void Skip(Stream stream, long size) => stream.Position = Math.Min(stream.Length, stream.Position + size + size % 2);

    private static string Name(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes[..4]);

    private static InvalidDataException Unknown(string hint) => new($"it is neither WAV nor AIFF. {hint}".TrimEnd());
}
