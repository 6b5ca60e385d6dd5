using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using MLNetDeep.Exporting.Events;
using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>Tensors by name in TensorFlow's checkpoint format: the values one after another in one file, and an index of names, shapes, places and checksums.</summary>
internal static class TensorBundle
{
    /// <summary>Writes <c>prefix.data-00000-of-00001</c> and <c>prefix.index</c>.</summary>
    /// <param name="prefix">Folder and first part of the files' names.</param>
    /// <param name="tensors">Names, dimensions and values (row-major).</param>
    public static void Write(string prefix, IEnumerable<(string Name, int[] Dims, float[] Values)> tensors)
    {
        BundleHeaderProto header = new() { NumShards = 1, Endianness = BundleHeaderProto.Types.Endianness.Little, Version = new() { Producer = 1 } };
        List<(byte[] Key, byte[] Value)> entries = [([], header.ToByteArray())];
        using (FileStream data = new(prefix + ".data-00000-of-00001", FileMode.CreateNew))
        {
            foreach ((string name, int[] dims, float[] values) in tensors.OrderBy(t => t.Name, StringComparer.Ordinal))
            {
                ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes<float>(values);
                BundleEntryProto entry = new()
                {
                    Dtype = DataType.DtFloat,
                    Shape = TensorFlowText.Shape(dims),
                    Offset = data.Position,
                    Size = bytes.Length,
                    Crc32C = RecordWriter.Mask(RecordWriter.Crc32C(bytes)),
                };
                data.Write(bytes);
                entries.Add((Encoding.UTF8.GetBytes(name), entry.ToByteArray()));
            }

            data.Flush(flushToDisk: true);
        }

        using FileStream index = new(prefix + ".index", FileMode.CreateNew);
        SortedTable.Write(index, entries);
        index.Flush(flushToDisk: true);
    }
}
