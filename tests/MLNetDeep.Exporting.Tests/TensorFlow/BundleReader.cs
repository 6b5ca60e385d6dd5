using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>Reads TensorFlow's checkpoint files, with all checks that they carry; written from LevelDB's description of its tables.</summary>
internal static class BundleReader
{
    public static Dictionary<string, (int[] Dims, float[] Values)> Read(string prefix)
    {
        byte[] index = File.ReadAllBytes(prefix + ".index");
        Assert.Equal(0xDB4775248B80FB57, BinaryPrimitives.ReadUInt64LittleEndian(index.AsSpan(index.Length - 8)));
        int at = index.Length - 48;
        (long, long) names = Handle(index, ref at), blocks = Handle(index, ref at);
        Assert.Empty(Block(index, names));
        List<(byte[] Key, byte[] Value)> entries = [];
        foreach ((byte[] last, byte[] value) in Block(index, blocks))
        {
            int position = 0;
            entries.AddRange(Block(index, Handle(value, ref position)));
            Assert.True(entries[^1].Key.AsSpan().SequenceCompareTo(last) <= 0);
        }

        Assert.Equal([], entries[0].Key);
        BundleHeaderProto header = BundleHeaderProto.Parser.ParseFrom(entries[0].Value);
        Assert.Equal(1, header.NumShards);
        Assert.Equal(1, header.Version.Producer);
        byte[] data = File.ReadAllBytes(prefix + ".data-00000-of-00001");
        Dictionary<string, (int[], float[])> tensors = [];
        byte[] before = [];
        foreach ((byte[] key, byte[] value) in entries.Skip(1))
        {
            Assert.True(before.AsSpan().SequenceCompareTo(key) < 0);
            before = key;
            BundleEntryProto entry = BundleEntryProto.Parser.ParseFrom(value);
            ReadOnlySpan<byte> bytes = data.AsSpan((int)entry.Offset, (int)entry.Size);
            Assert.Equal(Unmask(entry.Crc32C), Crc(bytes));
            if (entry.Dtype == DataType.DtFloat)
                tensors.Add(Encoding.UTF8.GetString(key), ([.. entry.Shape.Dim.Select(d => (int)d.Size)], MemoryMarshal.Cast<byte, float>(bytes).ToArray()));
        }

        return tensors;
    }

    private static List<(byte[] Key, byte[] Value)> Block(byte[] file, (long Offset, long Size) handle)
    {
        ReadOnlySpan<byte> block = file.AsSpan((int)handle.Offset, (int)handle.Size);
        Assert.Equal(0, file[handle.Offset + handle.Size]);
        Assert.Equal(Unmask(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)(handle.Offset + handle.Size + 1)))), Crc(file.AsSpan((int)handle.Offset, (int)handle.Size + 1)));
        int restarts = BinaryPrimitives.ReadInt32LittleEndian(block[^4..]), end = block.Length - (4 * (restarts + 1)), at = 0;
        byte[] content = block.ToArray();
        List<(byte[], byte[])> entries = [];
        HashSet<int> starts = [];
        byte[] key = [];
        while (at < end)
        {
            int start = at;
            int shared = (int)Number(content, ref at), rest = (int)Number(content, ref at), size = (int)Number(content, ref at);
            if (shared == 0)
                starts.Add(start);
            key = [.. key.AsSpan(0, shared), .. content.AsSpan(at, rest)];
            entries.Add((key, content[(at + rest)..(at + rest + size)]));
            at += rest + size;
        }

        Assert.Equal(end, at);
        for (int i = 0; i < restarts && entries.Count > 0; i++)
            Assert.Contains(BinaryPrimitives.ReadInt32LittleEndian(block[(end + (4 * i))..]), starts);
        return entries;
    }

    private static (long, long) Handle(byte[] bytes, ref int at) => (Number(bytes, ref at), Number(bytes, ref at));

    private static long Number(byte[] bytes, ref int at)
    {
        long number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = bytes[at++];
            number |= (long)(b & 0x7F) << shift;
            if (b < 0x80)
                return number;
        }
    }

    private static uint Unmask(uint masked)
    {
        uint turned = masked - 0xA282EAD8;
        return (turned >> 17) | (turned << 15);
    }

    // Bit by bit, by the polynomial of Castagnoli.
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }

        return ~crc;
    }
}
