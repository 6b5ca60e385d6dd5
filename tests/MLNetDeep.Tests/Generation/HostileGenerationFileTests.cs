using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;
using MLNetDeep.Serialization;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Tests.Generation;

/// <summary>Damaged and hostile files of generating models: reading ends with a model or one kind of error, soon, and with memory in proportion to the file.</summary>
public partial class HostileGenerationFileTests
{
    private const long MostBytes = 16 << 20;

    private static readonly MLContext Ml = new(seed: 1);

    private static readonly Dictionary<string, (byte[] Good, Func<Stream, GeneratingTransformer> Load)> Models = new()
    {
        ["gan"] = (Payload(Ml.Generation.Trainers.Gan(new GanTrainer.Options
        {
            Generator = Network.Input(2).Concatenate(Network.TokenInput(1).Embedding(3, 2).Flatten()).Dense(4).BatchNormalization().Relu().Dense(Samples.Size).Tanh(),
            Discriminator = Network.Input(Samples.Size).Concatenate(Network.Input(3)).Dense(4).LeakyRelu(0.2).Dense(1),
            LabelColumnName = "Label",
            Epochs = 1,
            BatchSize = 16,
        }).Fit(Data)), GanTransformer.Load),
        ["vae"] = (Payload(Ml.Generation.Trainers.Vae(new VaeTrainer.Options
        {
            Encoder = Networks.VaeEncoder(hidden: [4], classes: 3),
            Decoder = Networks.VaeDecoder(Samples.Size, 2, [4], classes: 3),
            LabelColumnName = "Label",
            Epochs = 1,
        }).Fit(Data)), VaeTransformer.Load),
    };

    public static TheoryData<string> Kinds => ["gan", "vae"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Truncations_are_errors_and_the_file_itself_is_good(string kind)
    {
        byte[] good = Models[kind].Good;
        Assert.Null(Try(kind, good));
        for (int length = 0; length < good.Length; length += 5)
            Assert.NotNull(Try(kind, good[..length]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Flipped_bytes_are_errors(string kind)
    {
        byte[] good = Models[kind].Good;
        int errors = 0;
        for (int i = 0; i < 1000; i++)
        {
            Random random = new(i);
            byte[] bad = [.. good];
            for (int n = random.Next(1, 4); n > 0; n--)
                bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            errors += Try(kind, bad) is null ? 0 : 1;
        }

        // A checksum lets no more than what lies outside of it by.
        Assert.InRange(errors, 990, 1000);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Texts_of_another_form_are_errors_or_models(string kind)
    {
        int errors = 0, count = 0;
        foreach (string text in TensorArchive.Read(new MemoryStream(Models[kind].Good)).TextNames)
        {
            foreach (string json in (string[])["null", "{}", "[]", "3", "", new string('[', 100_000)])
                Assert.NotNull(Try(kind, Edited(kind, text, _ => json)));
            for (int i = 0; i < 400; i++, count++)
                errors += Try(kind, Edited(kind, text, json => Mutated(json, new Random(i)))) is null ? 0 : 1;
        }

        Assert.InRange(errors, count / 4, count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Huge_numbers_take_no_memory(string kind)
    {
        foreach (string text in TensorArchive.Read(new MemoryStream(Models[kind].Good)).TextNames)
        {
            string original = TensorArchive.Read(new MemoryStream(Models[kind].Good)).Text(text);
            foreach (string huge in (string[])["2147483647", "-2147483648", "1000000000", "99999999999999999999", "1e308"])
            {
                for (int n = Number().Count(original) - 1; n >= 0; n--)
                {
                    int at = 0;
                    Try(kind, Edited(kind, text, json => Number().Replace(json, m => at++ == n ? huge : m.Value)));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weights_that_are_missing_or_of_another_size_are_errors(string kind)
    {
        foreach (string tensor in TensorArchive.Read(new MemoryStream(Models[kind].Good)).TensorNames)
        {
            Assert.NotNull(Try(kind, Rebuilt(kind, (name, values) => name == tensor ? null : values)));
            Assert.NotNull(Try(kind, Rebuilt(kind, (name, values) => name == tensor ? [.. values, 1] : values)));
        }
    }

    private static IDataView Data
    {
        get
        {
            IDataView raw = Samples.View(Ml, 40);
            return Ml.Transforms.Conversion.MapValueToKey("Label", "Color").Fit(raw).Transform(raw);
        }
    }

    private static InvalidDataException? Try(string kind, byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidDataException? error = null;
        try
        {
            GeneratingTransformer model = Models[kind].Load(new MemoryStream(file));

            // What was read works, or says why not.
            Assert.Equal(2, model.Generate(2).GetColumn<float[]>(model.Columns.Features.Name).Count());
            _ = model.GetOutputSchema(model.Generate(1).Schema);
        }
        catch (InvalidDataException e)
        {
            error = e;
            Assert.StartsWith("The neural network in the model file cannot be read", e.Message, StringComparison.Ordinal);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        return error;
    }

    private static byte[] Edited(string kind, string text, Func<string, string> edit) => Rebuilt(kind, (_, values) => values, (name, value) => name == text ? edit(value) : value);

    // With right checksums.
    private static byte[] Rebuilt(string kind, Func<string, float[], float[]?> tensors, Func<string, string, string>? texts = null)
    {
        TensorArchive good = TensorArchive.Read(new MemoryStream(Models[kind].Good)), bad = new();
        foreach (string name in good.TextNames)
            bad.AddText(name, texts?.Invoke(name, good.Text(name)) ?? good.Text(name));
        foreach (string name in good.TensorNames)
        {
            if (tensors(name, good.Tensor(name)) is { } values)
                bad.AddTensor(name, [values.Length], values);
        }

        using MemoryStream stream = new();
        bad.Write(stream);
        return stream.ToArray();
    }

    private static string Mutated(string json, Random random)
    {
        string[] values = ["null", "-1", "0", "1e38", "2147483647", "\"x\"", "[]", "{}", "true", "[1,2,3]", "65536", "1.5"];
        MatchCollection tokens = Token().Matches(json);
        Match token = tokens[random.Next(tokens.Count)], other = tokens[random.Next(tokens.Count)];
        string put = random.Next(4) switch
        {
            0 => values[random.Next(values.Length)],
            1 => other.Value,
            2 => "",
            _ => string.Create(CultureInfo.InvariantCulture, $"{token.Value},{token.Value}"),
        };
        return json[..token.Index] + put + json[(token.Index + token.Length)..];
    }

    private static byte[] Payload(GeneratingTransformer model)
    {
        using MemoryStream stream = new();
        Ml.Model.Save(model, null, stream);
        using ZipArchive zip = new(stream, ZipArchiveMode.Read);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using MemoryStream copy = new();
            using (Stream content = entry.Open())
                content.CopyTo(copy);
            byte[] all = copy.ToArray();
            int start = all.AsSpan().IndexOf("MLNDEEP\0"u8);
            if (start < 0)
                continue;
            using MemoryStream payload = new(all, start, all.Length - start);
            TensorArchive.Read(payload);
            return all[start..(start + (int)payload.Position)];
        }

        throw new InvalidOperationException("There is no payload in the file.");
    }

    [GeneratedRegex("(?<=[:\\[,])-?\\d+(\\.\\d+)?(?=[,\\]}])")]
    private static partial Regex Number();

    [GeneratedRegex("\"[^\"]*\"|-?\\d+(\\.\\d+)?|true|false|null|\\[[^\\[\\]]*\\]|\\{[^{}]*\\}")]
    private static partial Regex Token();
}
