using System.Buffers.Binary;
using System.Text;

namespace MLNetDeep.Exporting.Tests.Events;

/// <summary>
/// Reads event files by the description of their formats alone (TFRecord framing, protocol buffers' wire format, the field numbers of TensorFlow's event.proto,
/// summary.proto and graph.proto), with nothing of what writes them.
/// </summary>
internal static class EventReader
{
    /// <summary>A message's fields: number, and a number (varint, fixed) or the bytes of what is inside.</summary>
    public sealed record Field(int Number, ulong Value, byte[]? Bytes)
    {
        public double Double => BitConverter.UInt64BitsToDouble(Value);

        public float Single => BitConverter.UInt32BitsToSingle((uint)Value);

        public string Text => Encoding.UTF8.GetString(Bytes!);

        public List<Field> Message => Parse(Bytes!);
    }

    /// <summary>A value of a summary.</summary>
    public sealed record Entry(long Step, string Tag, Field Value, double Time);

    public static List<byte[]> Records(byte[] file)
    {
        List<byte[]> records = [];
        int at = 0;
        while (at < file.Length)
        {
            ReadOnlySpan<byte> length = file.AsSpan(at, 8);
            int size = (int)BinaryPrimitives.ReadUInt64LittleEndian(length);
            Assert.Equal(Masked(length), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            byte[] data = file[(at + 12)..(at + 12 + size)];
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + size)));
            records.Add(data);
            at += 16 + size;
        }

        return records;
    }

    /// <summary>CRC-32C bit by bit, reflected polynomial 0x82F63B78.</summary>
    public static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = 0xffffffff;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
        }

        return ~crc;
    }

    public static List<Field> Parse(byte[] message)
    {
        List<Field> fields = [];
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint();
            switch (tag & 7)
            {
                case 0:
                    fields.Add(new((int)(tag >> 3), Varint(), null));
                    break;
                case 1:
                    fields.Add(new((int)(tag >> 3), BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), null));
                    at += 8;
                    break;
                case 2:
                    int size = (int)Varint();
                    fields.Add(new((int)(tag >> 3), 0, message[at..(at + size)]));
                    at += size;
                    break;
                case 5:
                    fields.Add(new((int)(tag >> 3), BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), null));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }

        return fields;

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte part = message[at++];
                value |= (ulong)(part & 127) << shift;
                if (part < 128)
                    return value;
            }
        }
    }

    public static double[] Doubles(byte[] packed) => [.. Enumerable.Range(0, packed.Length / 8).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(packed.AsSpan(8 * i)))];

    /// <summary>The events of all files of a run, in the order of the files' names.</summary>
    public static List<List<Field>> Events(string folder) =>
        [.. Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal).SelectMany(f => Records(File.ReadAllBytes(f))).Select(Parse)];

    /// <summary>The values of the summaries of a run.</summary>
    public static List<Entry> Values(string folder) =>
    [
        .. from one in Events(folder)
           let summary = one.SingleOrDefault(f => f.Number == 5)
           where summary is not null
           from value in summary.Message
           let fields = value.Message
           select new Entry((long)(one.SingleOrDefault(f => f.Number == 2)?.Value ?? 0), fields.Single(f => f.Number == 1).Text, fields.Single(f => f.Number > 1), one.Single(f => f.Number == 1).Double),
    ];

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        uint crc = Crc(data);
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
