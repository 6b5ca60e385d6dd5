using System.IO.Compression;
using Microsoft.ML;

namespace MLNetDeep.Tests.Support;

/// <summary>Model files that are sound as zips but damaged within.</summary>
internal static class HostileZip
{
    public static byte[] Of(MLContext ml, ITransformer model)
    {
        using MemoryStream stream = new();
        ml.Model.Save(model, null, stream);
        return stream.ToArray();
    }

    /// <summary>Names of entries that hold a component of the model.</summary>
    public static string[] Components(byte[] zip)
    {
        using ZipArchive archive = new(new MemoryStream(zip));
        return [.. archive.Entries.Where(e => e.Name == "Model.key").Select(e => e.FullName)];
    }

    /// <summary>The bytes of an entry.</summary>
    public static byte[] Read(byte[] zip, string entry)
    {
        using ZipArchive archive = new(new MemoryStream(zip));
        using Stream reading = archive.GetEntry(entry)!.Open();
        using MemoryStream copy = new();
        reading.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The file with the bytes of an entry changed.</summary>
    public static byte[] With(byte[] zip, string entry, Func<byte[], byte[]> change)
    {
        using MemoryStream stream = new();
        stream.Write(zip);
        using (ZipArchive archive = new(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            using Stream writing = archive.GetEntry(entry)!.Open();
            writing.SetLength(0);
            writing.Write(change(Read(zip, entry)));
        }

        return stream.ToArray();
    }

    /// <summary>Flipped bits, lengths that claim the most there is, or an end that is missing.</summary>
    public static byte[] Damage(byte[] good, Random random)
    {
        byte[] bad = [.. good];
        int at = random.Next(bad.Length);
        switch (random.Next(4))
        {
            case 0:
                return bad[..at];
            case 1:
                bad.AsSpan(at, Math.Min(4, bad.Length - at)).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F);
                return bad;
            default:
                for (int i = random.Next(1, 4); i > 0; i--)
                    bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
                return bad;
        }
    }

    /// <summary>Loads and scores: the error, if there is one. It is of a kind that a reader may give, and costs no more memory than a small model.</summary>
    public static Exception? Try(byte[] zip, Action<ITransformer> use)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? error = Record.Exception(() => use(new MLContext().Model.Load(new MemoryStream(zip), out _)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        for (Exception? e = error; e is not null; e = e.InnerException)
            Assert.False(e is OutOfMemoryException or NullReferenceException or IndexOutOfRangeException or AccessViolationException, e.ToString());
        return error;
    }
}
