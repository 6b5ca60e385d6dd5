using System.Buffers.Binary;
using System.IO.Compression;
using MLNetDeep.Images.Codec;

namespace MLNetDeep.Images.Tests.Png;

public class PngReaderTests
{
    public static TheoryData<string> Names => [.. ReferenceFiles.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_of_file_shows_its_pixels(string name)
    {
        ReferenceFiles.ReferenceFile file = ReferenceFiles.All.Single(f => f.Name == name);
        RgbaPixels pixels = PngReader.Read(new MemoryStream(file.Png));
        Assert.Equal((file.Width, file.Height), (pixels.Width, pixels.Height));
        Assert.Equal(file.Rgba, pixels.Bytes);
    }

    [Fact]
    public void All_kinds_are_there() => Assert.Equal(52, ReferenceFiles.All.Select(f => f.Name).Distinct().Count());

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("hello, world", "does not begin as a PNG")]
    [InlineData("GIF89a......", "it is a GIF file")]
    public void What_is_no_png_is_said(string content, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => PngReader.Read(content.Select(c => (byte)c).ToArray())).Message);

    [Fact]
    public void Damage_is_said()
    {
        byte[] file = ReferenceFiles.All[0].Png;
        byte[] flipped = [.. file];
        flipped[^16] ^= 1;
        Assert.Contains("a checksum is wrong", Message(flipped));
        Assert.Contains("ends too early", Message(file[..^20]));
        Assert.Contains("ends too early", Message(file[..^12]));
        Assert.Contains("its size is 0x5", Message(Make(0, 5, 8, 0, [])));
        Assert.Contains("colour type 5", Message(Make(1, 1, 8, 5, [0, 0])));
        Assert.Contains("with 4 bits", Message(Make(1, 1, 4, 2, [0, 0])));
        Assert.Contains("no palette", Message(Make(1, 1, 8, 3, [0, 0])));
        Assert.Contains("unknown filter 7", Message(Make(1, 1, 8, 0, [7, 0])));
        Assert.Contains("ends too early", Message(Make(2, 2, 8, 0, [0, 1, 2, 0, 1])));
        Assert.Contains("more pixel data", Message(Make(2, 2, 8, 0, [0, 1, 2, 0, 1, 2, 3])));
    }

    [Fact]
    public void Announced_sizes_are_not_believed()
    {
        Assert.Contains("the most is", Message(Make(100_000, 100_000, 8, 6, [0])));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("ends too early", Message(Make(8000, 8000, 16, 6, [0])));
        Assert.Contains("more pixel data", Message(Make(1, 1, 8, 0, new byte[50_000_000])));
        // The compressor of the test itself is in this number.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 60_000_000);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Ten_thousand_damaged_files_are_read_or_refused()
    {
        Random random = new(1);
        int read = 0, refused = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] file = Mutate([.. ReferenceFiles.All[random.Next(ReferenceFiles.All.Count)].Png], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                RgbaPixels pixels = PngReader.Read(file);
                Assert.Equal(pixels.Width * pixels.Height * 4, pixels.Bytes.Length);
                read++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000_000);
        }

        Assert.True(read > 100, $"{read} read");
        Assert.True(refused > 1000, $"{refused} refused");
    }

    private static string Message(byte[] file) => Assert.Throws<InvalidDataException>(() => PngReader.Read(file)).Message;

    // A file of one piece of data.
    private static byte[] Make(int width, int height, byte depth, byte color, byte[] rows)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, color);
        using MemoryStream data = new();
        using (ZLibStream deflated = new(data, CompressionLevel.Fastest, leaveOpen: true))
            deflated.Write(rows);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] body)
    {
        byte[] chunk = [0, 0, 0, 0, .. type.Select(c => (byte)c), .. body, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), PngChecksum.Of(chunk.AsSpan(4, chunk.Length - 8)));
        return chunk;
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(8, file.Length);
            switch (random.Next(8))
            {
                case 0:
                    file = file[..at];
                    break;
                case 1:
                    file = [.. file[..at], (byte)random.Next(256), .. file[at..]];
                    break;
                case 2:
                    file = [.. file[..at], .. file[Math.Min(file.Length, at + random.Next(1, 40))..]];
                    break;
                default:
                    file[at] = (byte)random.Next(256);
                    break;
            }

            if (file.Length < 9)
                return file;
        }

        // Most of them with checksums made right, so that more than the checksums is tried.
        if (random.Next(4) > 0)
            Repair(file);
        return file;
    }

    private static void Repair(byte[] file)
    {
        for (int at = 8; at + 12 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
                return;
            int end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(end), PngChecksum.Of(file.AsSpan(at + 4, (int)length + 4)));
            at = end + 4;
        }
    }
}
