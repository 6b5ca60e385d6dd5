using System.Buffers.Binary;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Graphs;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Serialization;
using MLNetDeep.Tasks;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests;

/// <summary>
/// Damaged and hostile model files: whatever is in them, reading ends with a model or one kind of error, soon, and with
/// memory in proportion to the file.
/// </summary>
public class HostileFileTests
{
    // Reading a good file of this size takes well under a megabyte.
    private const long MostBytes = 16 << 20;

    private static MLContext Ml => new(seed: 1);
    private static readonly NeuralNetworkTransformer Model = Train();
    private static readonly byte[] Good = HostilePayload.Of(Ml, Model);

    [Fact]
    public void The_file_itself_is_good()
    {
        Assert.Null(Try(Good, out long bytes));
        Assert.InRange(bytes, 1, MostBytes);
    }

    [Fact]
    public void Every_truncation_is_an_error()
    {
        for (int length = 0; length < Good.Length; length += Good.Length < 4000 ? 1 : 7)
            Assert.NotNull(Try(Good[..length], out _));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Ten_thousand_mutations_are_errors_or_models()
    {
        int errors = 0;
        for (int i = 0; i < 10_000; i++)
        {
            if (Try(Mutate(Good, new Random(i)), out _) is not null)
                errors++;
        }

        // A checksum lets no more than what lies outside of it by.
        Assert.InRange(errors, 9_900, 10_000);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Mutations_with_right_checksums_are_errors_or_models()
    {
        int errors = 0;
        for (int i = 0; i < 3_000; i++)
        {
            Random random = new(i);
            List<Entry> entries = Entries(Good);
            Entry entry = entries[random.Next(entries.Count)];
            entry.Bytes = Mutate(entry.Bytes, random);
            if (Try(Assemble(entries), out _) is not null)
                errors++;
        }

        Assert.InRange(errors, 1_000, 3_000);
    }

    [Theory]
    [InlineData("network")]
    [InlineData("graph")]
    [InlineData("settings")]
    [InlineData("history")]
    [Trait("Category", "Slow")]
    public void Mutated_JSON_with_right_checksums_is_an_error_or_a_model(string text)
    {
        int errors = 0;
        for (int i = 0; i < 1_500; i++)
        {
            if (Try(HostilePayload.With(Good, text, json => MutateJson(json, new Random(i))), out _) is not null)
                errors++;
        }

        Assert.InRange(errors, 200, 1_500);
    }

    [Theory]
    [InlineData("network", "null")]
    [InlineData("network", "{}")]
    [InlineData("graph", "null")]
    [InlineData("graph", "[]")]
    [InlineData("settings", "null")]
    [InlineData("settings", "3")]
    [InlineData("settings", "{}")]
    [InlineData("history", "null")]
    [InlineData("history", "{}")]
    [InlineData("history", "{\"Epochs\":[null],\"BestEpoch\":1}")]
    [InlineData("history", "{\"Epochs\":[{\"Epoch\":1}],\"BestEpoch\":1}")]
    public void JSON_of_another_form_is_an_error(string text, string json) => Assert.NotNull(Try(HostilePayload.With(Good, text, _ => json), out _));

    [Theory]
    [InlineData("settings")]
    [InlineData("graph")]
    [InlineData("network")]
    [InlineData("history")]
    public void Deeply_nested_JSON_is_an_error(string text) => Assert.NotNull(Try(HostilePayload.With(Good, text, _ => new string('[', 200_000)), out _));

    [Fact]
    public void Huge_sizes_in_the_JSON_take_no_memory()
    {
        // Each number in turn becomes huge.
        foreach (string text in (string[])["network", "graph", "settings"])
        {
            foreach (string json in HostileJson.WithNumbers(HostilePayload.Read(Good).Text(text), "2147483647", "-2147483648", "1000000000", "99999999999999999999", "16777216"))
                Try(HostilePayload.With(Good, text, _ => json), out _);
        }
    }

    [Fact]
    public void A_graph_that_asks_for_huge_values_is_an_error_before_any_memory_is_taken()
    {
        // All sizes agree with each other, and no weight needs them: a file of a few hundred bytes.
        const int Size = 1 << 29;
        Graph graph = new();
        Tensor sum = Ops.Sum(graph.Placeholder("x", DType.Float32, new Shape(-1, Size)), [1], keepDims: true);
        DataViewSchema.Builder schema = new();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, Size));
        NeuralNetworkFile file = new(
            Model.Model, RegressionTask.Of(Samples.View(Ml, 1).Schema["Number"]), [FeatureColumn.Find(schema.ToSchema(), "Features", DType.Float32)], GraphJson.Write(graph), ["x"], sum.Node.Name);

        Assert.Contains("'x' of shape (batch, 536870912)", Assert.Throws<InvalidDataException>(() => file.CreateScorer(new Cpu.CpuEngine(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Claimed_lengths_take_no_memory()
    {
        // Every four and eight bytes of the beginning claim the most there is.
        for (int at = 0; at + 8 <= Math.Min(Good.Length, 2000); at++)
        {
            byte[] bad = [.. Good];
            BinaryPrimitives.WriteInt32LittleEndian(bad.AsSpan(at), int.MaxValue);
            Try(bad, out _);
            BinaryPrimitives.WriteInt64LittleEndian(bad.AsSpan(at), int.MaxValue);
            Try(bad, out _);
        }
    }

    [Fact]
    public void Weights_that_are_missing_or_of_another_size_are_named()
    {
        List<Entry> entries = Entries(Good);
        entries.RemoveAt(entries.Count - 1);
        Assert.Contains("weight", Try(Assemble(entries), out _)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_a_later_version_says_so()
    {
        byte[] later = [.. Good];
        BinaryPrimitives.WriteInt32LittleEndian(later.AsSpan(8), 2);
        Assert.Contains("version is 2", Try(later, out _)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_model_zip_is_an_error_through_ML_NET()
    {
        byte[] zip = HostileZip.Of(Ml, Model);
        int damaged = 0;
        for (int i = 0; i < 300; i++)
        {
            Random random = new(i);
            byte[] bad = i < 50 ? zip[..random.Next(zip.Length)] : Mutate(zip, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ITransformer loaded = Ml.Model.Load(new MemoryStream(bad), out _);
                loaded.GetOutputSchema(Samples.View(Ml, 1).Schema);
            }
            catch (Exception e) when (e is not (OutOfMemoryException or AccessViolationException or IndexOutOfRangeException or NullReferenceException) || !IsOurs(e))
            {
                damaged++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 << 20);
        }

        Assert.InRange(damaged, 200, 300);
    }

    [Fact]
    public void A_damaged_network_in_a_sound_zip_is_one_kind_of_error_through_ML_NET()
    {
        byte[] zip = HostileZip.Of(Ml, Model);
        int named = 0;
        for (int i = 0; i < 150; i++)
        {
            // Of the same length, or ML.NET would notice first.
            byte[] bytes = [.. Good];
            Random random = new(i);
            for (int n = 0; n < 3; n++)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            byte[] bad = HostilePayload.Into(zip, bytes);
            Exception? error = Record.Exception(() => Ml.Model.Load(new MemoryStream(bad), out _));
            if (error is null)
                continue;
            while (error.InnerException is { } inner && error is not InvalidDataException)
                error = inner;
            InvalidDataException ours = Assert.IsType<InvalidDataException>(error);
            Assert.StartsWith("The neural network in the model file cannot be read", ours.Message, StringComparison.Ordinal);
            named++;
        }

        Assert.InRange(named, 140, 150);
    }

    private static bool IsOurs(Exception e) => e.StackTrace?.Contains("MLNetDeep", StringComparison.Ordinal) ?? false;

    private static NeuralNetworkTransformer Train()
    {
        IDataView raw = Samples.View(Ml, 40);
        IDataView data = Ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(raw).Transform(raw);
        return Ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [6], dropout: 0.1, batchNormalization: true), "Label", "Features", new() { Epochs = 2, ValidationFraction = 0.2 }).Fit(data);
    }

    // Reads a file and makes it ready to score; the error, if it is of the one kind that there may be.
    private static InvalidDataException? Try(byte[] file, out long bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidDataException? error = null;
        try
        {
            NeuralNetworkTransformer model = new(NeuralNetworkFile.Read(new MemoryStream(file)), new Cpu.CpuEngine(1));
            _ = model.History.Epochs.Select(e => e.ToString()).ToList();
        }
        catch (InvalidDataException e)
        {
            error = e;
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(bytes, 0, MostBytes);
        return error;
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bad = [.. good];
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            int at = random.Next(bad.Length);
            switch (random.Next(6))
            {
                case 0:
                    bad[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bad[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bad = [.. bad[..at], .. bad[Math.Min(bad.Length, at + random.Next(1, 20))..], 0];
                    break;
                case 3:
                    bad = [.. bad[..at], .. bad[..Math.Min(bad.Length, random.Next(1, 20))], .. bad[at..]];
                    break;
                case 4:
                    bad.AsSpan(at, Math.Min(4, bad.Length - at)).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F);
                    break;
                default:
                    bad = bad[..Math.Max(1, at)];
                    break;
            }
        }

        return bad;
    }

    private static string MutateJson(string json, Random random)
    {
        for (int i = random.Next(1, 3); i > 0; i--)
            json = HostileJson.Mutated(json, random);
        return json;
    }

    // The entries of a good file, without their checksums.
    private static List<Entry> Entries(byte[] file)
    {
        List<Entry> entries = [];
        using BinaryReader reader = new(new MemoryStream(file));
        reader.BaseStream.Position = 12;
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            int start = (int)reader.BaseStream.Position;
            bool tensor = reader.ReadByte() == 2;
            string name = Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadInt32()));
            if (tensor)
                reader.ReadBytes(4 * reader.ReadInt32());
            reader.ReadBytes((int)reader.ReadInt64());
            entries.Add(new() { Name = name, Bytes = file[start..(int)reader.BaseStream.Position] });
            reader.ReadUInt32();
        }

        return entries;
    }

    private static byte[] Assemble(List<Entry> entries)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Good.AsSpan(0, 12));
        writer.Write(entries.Count);
        foreach (Entry entry in entries)
        {
            writer.Write(entry.Bytes);
            writer.Write(Crc(entry.Bytes));
        }

        return stream.ToArray();
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }

    private sealed class Entry
    {
        public required string Name { get; init; }

        public required byte[] Bytes { get; set; }
    }
}
