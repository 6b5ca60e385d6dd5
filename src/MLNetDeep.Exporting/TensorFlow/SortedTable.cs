using System.Buffers.Binary;
using MLNetDeep.Exporting.Events;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>
/// A file of keys and values in order: LevelDB's table format, which TensorFlow's checkpoints use for their index. Blocks of entries that share the beginnings of their
/// keys, each followed by its kind of compression (none) and its checksum; an empty block of other blocks' names; an index of the blocks; and a footer that says where these are.
/// </summary>
internal static class SortedTable
{
    private const int BlockSize = 256 * 1024;
    private const int RestartInterval = 16;
    private const int FooterSize = 48;
    private const ulong Magic = 0xDB4775248B80FB57;

    /// <summary>Writes a table.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="entries">Keys in ascending order of their bytes, with their values.</param>
    public static void Write(Stream to, IEnumerable<(byte[] Key, byte[] Value)> entries)
    {
        long written = 0;
        Block block = new(RestartInterval), index = new(1);
        byte[] last = [];
        foreach ((byte[] key, byte[] value) in entries)
        {
            block.Add(key, value);
            last = key;
            if (block.Size >= BlockSize)
                Flush();
        }

        Flush();
        (long Offset, long Size) names = Put(new Block(RestartInterval)), blocks = Put(index);
        MemoryStream footer = new();
        PutHandle(footer, names);
        PutHandle(footer, blocks);
        byte[] bytes = new byte[FooterSize];
        footer.ToArray().CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(FooterSize - sizeof(ulong)), Magic);
        to.Write(bytes);

        void Flush()
        {
            if (block.Size == 0)
                return;
            MemoryStream handle = new();
            PutHandle(handle, Put(block));
            index.Add(last, handle.ToArray());
            block = new(RestartInterval);
        }

        (long, long) Put(Block full)
        {
            // The checksum covers the kind of compression too: 0, none.
            byte[] content = [.. full.Finish(), 0], checksum = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(checksum, RecordWriter.Mask(RecordWriter.Crc32C(content)));
            to.Write(content);
            to.Write(checksum);
            long offset = written;
            written += content.Length + checksum.Length;
            return (offset, content.Length - 1);
        }
    }

    private static void PutHandle(Stream to, (long Offset, long Size) handle)
    {
        PutNumber(to, (ulong)handle.Offset);
        PutNumber(to, (ulong)handle.Size);
    }

    // Seven bits a byte, the lowest first.
    private static void PutNumber(Stream to, ulong number)
    {
        while (number >= 0x80)
        {
            to.WriteByte((byte)(number | 0x80));
            number >>= 7;
        }

        to.WriteByte((byte)number);
    }

    private sealed class Block(int interval)
    {
        private readonly MemoryStream _content = new();
        private readonly List<int> _restarts = [0];
        private byte[] _last = [];
        private int _count;

        public long Size => _content.Length;

        public void Add(byte[] key, byte[] value)
        {
            int shared = 0;
            if (_count > 0 && _count % interval == 0)
                _restarts.Add((int)_content.Length);
            else if (_count > 0)
                shared = key.AsSpan().CommonPrefixLength(_last);
            PutNumber(_content, (ulong)shared);
            PutNumber(_content, (ulong)(key.Length - shared));
            PutNumber(_content, (ulong)value.Length);
            _content.Write(key.AsSpan(shared));
            _content.Write(value);
            _last = key;
            _count++;
        }

        public byte[] Finish()
        {
            byte[] number = new byte[sizeof(uint)];
            foreach (int value in (IEnumerable<int>)[.. _restarts, _restarts.Count])
            {
                BinaryPrimitives.WriteInt32LittleEndian(number, value);
                _content.Write(number);
            }

            return _content.ToArray();
        }
    }
}
