using System.IO.Compression;
using FashionMnist;

namespace MLNetDeep.Training.Tests.Samples;

public sealed class IdxFileTests
{
    private static readonly byte[] Good = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    public static TheoryData<byte[], string> Wrong => new()
    {
        { [], "middle of its header" },
        { [0, 0, 8], "middle of its header" },
        { [1, 0, 8, 1, 0, 0, 0, 1, 7], "begins with the bytes 01 00" },
        { [0, 0, 0x0D, 1, 0, 0, 0, 1, 7], "type 0x0D" },
        { [0, 0, 8, 0], "0 dimensions" },
        { [0, 0, 8, 9], "9 dimensions" },
        { [0, 0, 8, 1, 0, 0, 0], "middle of its header" },
        { [0, 0, 8, 1, 0, 0, 0, 0], "dimensions are 0" },
        { [0, 0, 8, 1, 0xFF, 0xFF, 0xFF, 0xFF], "dimensions are -1" },
        { [0, 0, 8, 2, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF], "2147483647" },
        { [.. Good[..^1]], "after 5 of 6" },
        { [.. Good, 7], "more in it than the 6" },
    };

    [Fact]
    public void A_file_is_read_compressed_or_not()
    {
        foreach (byte[] bytes in new[] { Good, Compress(Good) })
        {
            IdxFile file = Read(bytes);
            Assert.Equal([2, 3], file.Dimensions);
            Assert.Equal([1, 2, 3, 4, 5, 6], file.Elements);
        }
    }

    [Fact]
    public void A_large_file_is_read_whole()
    {
        byte[] elements = new byte[300_000];
        new Random(1).NextBytes(elements);
        Assert.Equal(elements, Read(Compress([0, 0, 8, 1, 0, 4, 0x93, 0xE0, .. elements])).Elements);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_with_a_file_is_said(byte[] bytes, string expected)
    {
        foreach (byte[] content in new[] { bytes, Compress(bytes) })
        {
            string message = Assert.Throws<InvalidDataException>(() => Read(content)).Message;
            Assert.Contains(expected, message, StringComparison.Ordinal);
            Assert.Contains("'test'", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Damaged_files_are_errors_or_arrays_of_the_size_they_say()
    {
        Random random = new(7);
        byte[][] seeds = [Good, Compress(Good), Compress([0, 0, 8, 1, 0, 0, 1, 0, .. new byte[256]])];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. seeds[i % seeds.Length]];
            for (int change = random.Next(1, 4); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                IdxFile file = Read(bytes);
                Assert.Equal(file.Dimensions.Aggregate(1L, (a, b) => a * b), file.Elements.Length);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void A_header_that_promises_much_costs_little()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Read([0, 0, 8, 1, 0x3F, 0xFF, 0xFF, 0xFF, 1, 2, 3]));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    private static IdxFile Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return IdxFile.Read(stream, "test");
    }

    private static byte[] Compress(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (GZipStream compressed = new(stream, CompressionLevel.Fastest))
            compressed.Write(bytes);
        return stream.ToArray();
    }
}
