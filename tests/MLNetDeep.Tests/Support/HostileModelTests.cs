using System.Text.RegularExpressions;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Support;

/// <summary>Damaged and hostile files of models: reading ends with a model or one kind of error, soon, and with memory in proportion to the file.</summary>
public abstract partial class HostileModelTests<T>
    where T : IHostileModels
{
    public static TheoryData<string> Kinds => [.. T.Files.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_file_itself_is_good(string kind)
    {
        (byte[] good, _, string[] texts) = T.Files[kind];
        Assert.Null(Try(kind, good));
        Assert.Equal(texts.Order(), HostilePayload.Read(good).TextNames.Order());
        Assert.Null(Try(kind, HostilePayload.With(good, texts[0], s => s)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_truncation_is_an_error(string kind)
    {
        byte[] good = T.Files[kind].Good;
        for (int length = 0; length < good.Length; length += 5)
            Assert.NotNull(Try(kind, good[..length]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Flipped_bits_are_errors(string kind)
    {
        foreach (int flips in (int[])[1, 3])
        {
            int errors = 0;
            for (int i = 0; i < 1_000; i++)
            {
                byte[] bad = [.. T.Files[kind].Good];
                Random random = new(i);
                for (int n = 0; n < flips; n++)
                    bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
                errors += Try(kind, bad) is null ? 0 : 1;
            }

            // A checksum lets no more than what lies outside of it by.
            Assert.InRange(errors, 995, 1_000);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void JSON_of_another_form_is_an_error(string kind)
    {
        (byte[] good, _, string[] texts) = T.Files[kind];
        foreach (string text in texts)
        {
            foreach (string json in (string[])["", "null", "3", "[]", "{}", new string('[', 200_000)])
                Assert.NotNull(Try(kind, HostilePayload.With(good, text, _ => json)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Mutated_JSON_is_an_error_or_a_model_that_answers(string kind)
    {
        (byte[] good, _, string[] texts) = T.Files[kind];
        int errors = 0, count = 0;
        foreach (string text in texts)
        {
            for (int i = 0; i < 400; i++, count++)
                errors += Try(kind, HostilePayload.With(good, text, json => HostileJson.Mutated(json, new Random(i)))) is null ? 0 : 1;
        }

        Assert.InRange(errors, count / 4, count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Other_numbers_are_errors_or_models_that_answer(string kind)
    {
        (byte[] good, _, string[] texts) = T.Files[kind];
        foreach (string text in texts)
        {
            foreach (string json in HostileJson.WithNumbers(HostilePayload.Read(good).Text(text), "2147483647", "-2147483648", "-1", "0", "1", "16777216", "1000000000", "99999999999999999999", "1e308"))
                Try(kind, HostilePayload.With(good, text, _ => json));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Changed_words_are_errors_or_models_that_answer(string kind)
    {
        (byte[] good, _, string[] texts) = T.Files[kind];
        int errors = 0;
        for (int i = 0; i < 500; i++)
        {
            Random random = new(i);
            errors += Try(kind, HostilePayload.With(good, texts[random.Next(texts.Length)], json => WithAnotherWord(json, random))) is null ? 0 : 1;
        }

        Assert.InRange(errors, 200, 499);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weights_that_are_missing_or_of_another_name_are_named(string kind)
    {
        byte[] good = T.Files[kind].Good;
        string weight = HostilePayload.Read(good).TensorNames.First();
        foreach (string? other in (string?[])[null, weight + "x"])
        {
            byte[] bad = HostilePayload.WithTensors(good, (name, values) => name != weight ? (name, values) : other is null ? null : (other, values));
            Assert.Contains($"'{T.NameInErrors(weight)}'", Try(kind, bad)!.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weights_that_are_missing_or_of_another_size_are_errors(string kind)
    {
        byte[] good = T.Files[kind].Good;
        foreach (string weight in HostilePayload.Read(good).TensorNames)
        {
            Assert.NotNull(Try(kind, HostilePayload.WithTensors(good, (name, values) => name == weight ? null : (name, values))));
            Assert.NotNull(Try(kind, HostilePayload.WithTensors(good, (name, values) => (name, name == weight ? [.. values, 1] : values))));
        }
    }

    // Reads a file, and asks the model for something; the error, if it is of the one kind that there may be.
    private static InvalidDataException? Try(string kind, byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidDataException? error = null;
        RowTransformer? model = null;
        try
        {
            model = T.Files[kind].Load(new MemoryStream(file));
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith("The neural network in the model file cannot be read", e.Message, StringComparison.Ordinal);
            error = e;
        }

        // It may say that the data does not fit it, but neither crash nor run on.
        try
        {
            if (model is not null)
                T.Ask(model);
        }
        catch (Exception e) when (T.MayAnswer(e))
        {
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, T.MostBytes);
        return error;
    }

    // Strings become other strings of the file, and parts go missing.
    private static string WithAnotherWord(string json, Random random)
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

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Word();
}
