using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Generation;
using MLNetDeep.Serialization;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Generation.Tabular;

/// <summary>Damaged and hostile files of models that make tables: reading ends with a model or one kind of error, soon, and with memory in proportion to the file.</summary>
public sealed partial class HostileTableFileTests
{
    // Reading a good file of this size takes a few megabytes.
    private const long MostBytes = 32 << 20;

    private static readonly MLContext Ml = new(seed: 1);
    private static readonly IDataView Data = Mixed.Data(Ml, 60);

    public static TheoryData<string> Kinds => [.. Files.Keys];

    private static Dictionary<string, (byte[] Good, Func<Stream, RowTransformer> Load, string[] Texts)> Files { get; } = new()
    {
        ["gan"] = (
            Payload(Ml.Generation.Trainers.TabularGan(new TabularGanTrainer.Options { Epochs = 1, BatchSize = 20, LatentSize = 3, GeneratorUnits = [4], DiscriminatorUnits = [3] }).Fit(Data)),
            TabularTransformer.Load,
            ["settings", "generator", "judge", "history"]),
        ["vae"] = (
            Payload(Ml.Generation.Trainers.TabularVae(new TabularVaeTrainer.Options { Epochs = 1, BatchSize = 20, LatentSize = 3, EncoderUnits = [4], DecoderUnits = [3] }).Fit(Data)),
            TabularTransformer.Load,
            ["settings", "generator", "judge", "history"]),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_file_itself_is_good(string kind)
    {
        (byte[] good, _, string[] texts) = Files[kind];
        Assert.Null(Try(kind, good));
        Assert.Equal(texts.Order(), TensorArchive.Read(new MemoryStream(good)).TextNames.Order());
        Assert.Null(Try(kind, Edited(kind, "settings", s => s)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_truncation_is_an_error(string kind)
    {
        byte[] good = Files[kind].Good;
        for (int length = 0; length < good.Length; length += 37)
            Assert.NotNull(Try(kind, good[..length]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Flipped_bits_are_errors(string kind)
    {
        int errors = 0;
        for (int i = 0; i < 1_000; i++)
        {
            byte[] bad = [.. Files[kind].Good];
            Random random = new(i);
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            if (Try(kind, bad) is not null)
                errors++;
        }

        Assert.InRange(errors, 995, 1_000);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void JSON_of_another_form_is_an_error(string kind)
    {
        foreach (string text in Files[kind].Texts)
        {
            foreach (string json in (string[])["", "null", "3", "[]", "{}", new string('[', 200_000)])
                Assert.NotNull(Try(kind, Edited(kind, text, _ => json)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Other_numbers_are_errors_or_models_that_score(string kind)
    {
        // Each number in turn becomes another; what can still be read can be asked.
        foreach (string text in Files[kind].Texts.Where(t => t != "history"))
        {
            int numbers = Number().Count(TensorArchive.Read(new MemoryStream(Files[kind].Good)).Text(text));
            foreach (string other in (string[])["2147483647", "-1", "0", "1", "16777216", "1e300"])
            {
                for (int n = 0; n < numbers; n++)
                {
                    int at = 0;
                    Try(kind, Edited(kind, text, json => Number().Replace(json, m => at++ == n ? other : m.Value)));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Changed_words_are_errors_or_models_that_score(string kind)
    {
        int errors = 0;
        for (int i = 0; i < 500; i++)
        {
            Random random = new(i);
            string text = Files[kind].Texts[random.Next(Files[kind].Texts.Length)];
            if (Try(kind, Edited(kind, text, json => Change(json, random))) is not null)
                errors++;
        }

        Assert.InRange(errors, 200, 499);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Missing_and_wrong_weights_are_named(string kind)
    {
        string weight = TensorArchive.Read(new MemoryStream(Files[kind].Good)).TensorNames.First();
        Assert.Contains($"'{weight[(weight.IndexOf('/') + 1)..]}'", Try(kind, Edited(kind, "", s => s, weights: n => n == weight ? null : n))!.Message, StringComparison.Ordinal);
        Assert.Contains($"'{weight[(weight.IndexOf('/') + 1)..]}'", Try(kind, Edited(kind, "", s => s, weights: n => n == weight ? n + "x" : n))!.Message, StringComparison.Ordinal);
    }

    // Strings become other strings of the file, and parts go missing.
    private static string Change(string json, Random random)
    {
        MatchCollection words = Word().Matches(json);
        Match word = words[random.Next(words.Count)];
        string put = random.Next(3) switch
        {
            0 => words[random.Next(words.Count)].Value,
            1 => "null",
            _ => "\"\"",
        };
        return json[..word.Index] + put + json[(word.Index + word.Length)..];
    }

    // Reads a file, and asks the model for something; the error, if it is of the one kind that there may be.
    private static InvalidDataException? Try(string kind, byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        RowTransformer model;
        try
        {
            model = Files[kind].Load(new MemoryStream(file));
        }
        catch (InvalidDataException e)
        {
            return e;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        }

        // It may say that the data does not fit it, but neither crash nor run on.
        try
        {
            _ = ((TabularTransformer)model).Generate(3).GetColumn<double>("Ratio").Count();
            _ = model.Transform(Ml.Data.TakeRows(Data, 2)).GetColumn<float>("Score").Count();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // The file names another column, or gives one another type.
        }

        return null;
    }

    private static byte[] Edited(string kind, string text, Func<string, string> edit, Func<string, string?>? weights = null)
    {
        TensorArchive good = TensorArchive.Read(new MemoryStream(Files[kind].Good)), bad = new();
        foreach (string name in good.TextNames)
            bad.AddText(name, name == text ? edit(good.Text(name)) : good.Text(name));
        foreach (string name in good.TensorNames)
        {
            if ((weights is null ? name : weights(name)) is { } kept)
                bad.AddTensor(kept, [.. good.Dims(name)], good.Tensor(name));
        }

        using MemoryStream stream = new();
        bad.Write(stream);
        return stream.ToArray();
    }

    private static byte[] Payload(ITransformer model)
    {
        using MemoryStream stream = new();
        Ml.Model.Save(model, null, stream);
        using ZipArchive zip = new(stream);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using MemoryStream copy = new();
            using (Stream reading = entry.Open())
                reading.CopyTo(copy);
            byte[] all = copy.ToArray();
            if (all.AsSpan().IndexOf("MLNDEEP\0"u8) is var start and >= 0)
            {
                using MemoryStream payload = new(all, start, all.Length - start);
                TensorArchive.Read(payload);
                return all[start..(start + (int)payload.Position)];
            }
        }

        throw new InvalidOperationException("There is no network in the file.");
    }

    [GeneratedRegex("(?<=[:\\[,])-?\\d+(\\.\\d+)?(?=[,\\]}])")]
    private static partial Regex Number();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Word();
}
