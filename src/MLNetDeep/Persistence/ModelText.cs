using System.Buffers.Binary;
using System.Text;

namespace MLNetDeep.Persistence;

/// <summary>Short texts in model files, each with its length before it.</summary>
internal static class ModelText
{
    private const int MostBytes = 1 << 16;

    public static void Write(Stream stream, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        stream.Write(length);
        stream.Write(bytes);
    }

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static string Read(Stream stream) => NeuralNetworkFile.Guarded(() =>
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        stream.ReadExactly(length);
        int count = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (count is < 0 or > MostBytes)
            throw new InvalidDataException($"a text of {count} bytes is not plausible.");
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    });
}
