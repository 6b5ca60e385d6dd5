using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.Tests;

/// <summary>
/// Model files changed by chance or on purpose. ML.NET itself does not promise to end on every one of them, so these run on the
/// stand-in only.
/// </summary>
public class HostileModelFileTests
{
    private readonly MLContext _ml = new(1);

    private static bool IsStandIn => typeof(MLContext).Assembly.GetName().Name == "Microsoft.ML.StandIn";

    [Fact]
    public void Changed_bytes_give_an_error_or_a_model_and_never_take_much_memory()
    {
        if (!IsStandIn)
            return;
        var original = SavedModel();
        var random = new Random(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        const int Mutations = 2000;
        for (var i = 0; i < Mutations; i++)
            LoadOrFail(Mutate(original, random));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Mutations * 4_000_000L);
    }

    [Fact]
    public void Changed_bytes_inside_entries_give_an_error_or_a_model()
    {
        if (!IsStandIn)
            return;
        var entries = EntriesOf(SavedModel());
        var random = new Random(2);
        for (var i = 0; i < 2000; i++)
        {
            var changed = entries.ToDictionary(e => e.Key, e => e.Value);
            var victim = entries.Keys.ElementAt(random.Next(entries.Count));
            changed[victim] = Mutate(entries[victim], random);
            LoadOrFail(Zip(changed));
        }
    }

    [Fact]
    public void An_entry_that_unpacks_to_far_more_than_it_says_is_an_error()
    {
        if (!IsStandIn)
            return;
        var entries = EntriesOf(SavedModel());
        entries["Schema"] = new byte[200 << 20];
        var bomb = Zip(entries);
        Assert.True(bomb.Length < 1 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(() => _ml.Model.Load(new MemoryStream(bomb), out _));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20);
    }

    [Fact]
    public void A_component_that_nobody_has_is_an_error_that_names_it()
    {
        if (!IsStandIn)
            return;
        var entries = EntriesOf(SavedModel());
        var key = entries.Keys.First(k => k.EndsWith("Transform_000/Model.key", StringComparison.Ordinal));
        var text = Encoding.Latin1.GetString(entries[key]).Replace("CustomTransformer", "CustomTransfarmer");
        entries[key] = Encoding.Latin1.GetBytes(text);
        var error = Assert.Throws<FormatException>(() => _ml.Model.Load(new MemoryStream(Zip(entries)), out _));
        Assert.Contains("CustomTransfarmer", error.Message);
    }

    private void LoadOrFail(byte[] bytes)
    {
        try
        {
            _ml.Model.Load(new MemoryStream(bytes), out _);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or InvalidOperationException)
        {
        }
    }

    private byte[] SavedModel()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new ModelTests.Input() });
        var model = _ml.Transforms.CustomMapping(new ModelTests.DoublingFactory().GetMapping(), "doubling")
            .Append(_ml.Transforms.CustomMapping(new ModelTests.NamingFactory().GetMapping(), "naming"))
            .Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        return stream.ToArray();
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var n = random.Next(1, 4); n > 0; n--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static Dictionary<string, byte[]> EntriesOf(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return archive.Entries.ToDictionary(e => e.FullName, e =>
        {
            using var memory = new MemoryStream();
            using var stream = e.Open();
            stream.CopyTo(memory);
            return memory.ToArray();
        });
    }

    private static byte[] Zip(Dictionary<string, byte[]> entries)
    {
        var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in entries)
            {
                using var stream = archive.CreateEntry(name).Open();
                stream.Write(bytes);
            }
        return memory.ToArray();
    }
}
