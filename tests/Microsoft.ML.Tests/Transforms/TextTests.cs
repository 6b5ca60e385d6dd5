using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;
using static Microsoft.ML.Transforms.Text.TextNormalizingEstimator;

namespace Microsoft.ML.Tests.Transforms;

/// <summary>NormalizeText, TokenizeIntoWords, TokenizeIntoCharactersAsKeys.</summary>
public class TextTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { Say = "Hello,  World 42!", Tags = ["A b", ""] },
        new Row { Say = "", Tags = ["", ""] },
        new Row { Say = " Ünïcode\tÇa va? ½ ", Tags = ["", "x-y\u00A0z"] },
        new Row { Say = "a\u0301 e\u0300", Tags = ["Ř", "7"] },
    });

    [Fact]
    public void Text_loses_case_and_diacritics_and_what_else_is_asked_for()
    {
        Expect.Text("""
            Say: Text
            Tags: Text[]
            hello,  world 42! | [a b]
             | []
             unicode	ca va? ½  | [x-y z]
            a e | [r 7]
            """.ReplaceLineEndings("\n").Replace("x-y z", "x-y\u00A0z", StringComparison.Ordinal), Text.Of(Trial.Run(_ml, Data(), Normalize())));
        Expect.Text("""
            HELLO  WORLD  | [A B]
             | []
             ÜNÏCODE	ÇA VA   | [XY Z]
            A_ E- | [Ř]
            """.ReplaceLineEndings("\n").Replace("XY Z", "XY\u00A0Z", StringComparison.Ordinal).Replace('_', '\u0301').Replace('-', '\u0300'), Text.Rows(Trial.Run(_ml, Data(), Normalize(CaseMode.Upper, true, false, false))));
    }

    [Theory]
    [InlineData(CaseMode.Lower, false, "77AD6D6D567D30C7")]
    [InlineData(CaseMode.Upper, false, "E07661684BBD6D47")]
    [InlineData(CaseMode.None, false, "FA8014F1306A1952")]
    [InlineData(CaseMode.Lower, true, "6B60980A679A5C36")]
    public void Every_character_is_normalised_alike(CaseMode mode, bool keepDiacritics, string digest)
    {
        // A character a row, but for halves of surrogate pairs; between letters, so that none is trimmed.
        Row[] rows = [.. Enumerable.Range(1, 0xFFFF).Where(c => c is < 0xD800 or > 0xDFFF).Select(c => new Row { Say = $"a{(char)c}b" })];
        string[] texts = [.. Normalize(mode, keepDiacritics).Fit(Data()).Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<string>("Say")];
        Assert.Equal(digest, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))))[..16]);
    }

    [Fact]
    public void Words_are_what_stands_between_separators()
    {
        Expect.Text("""
            W: Text[]
            V: Text[]
            [Hello, World 42!] | [A b]
            [] | []
            [Ünïcode	Ça va? ½] | [x-y z]
            [a_ e-] | [Ř 7]
            """.ReplaceLineEndings("\n").Replace("x-y z", "x-y\u00A0z", StringComparison.Ordinal).Replace("a_ e-", "a\u0301 e\u0300", StringComparison.Ordinal),
            Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Text.TokenizeIntoWords("W", "Say").Append(_ml.Transforms.Text.TokenizeIntoWords("V", "Tags"))), "W", "V"));
        Expect.Text("""
            [Hello World 42]
            []
            [Ünïcode Ça va ½]
            [a_ e-]
            """.ReplaceLineEndings("\n").Replace("a_ e-", "a\u0301 e\u0300", StringComparison.Ordinal),
            Text.Rows(Trial.Run(_ml, Data(), _ml.Transforms.Text.TokenizeIntoWords("W", "Say", [' ', ',', '!', '?', '\t'])), "W"));
    }

    [Fact]
    public void Characters_are_keys_of_their_codes()
    {
        IDataView plain = Trial.Run(_ml, Data(), _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("C", "Say", false));
        Assert.Equal("Key65535<UInt16>[]", Text.Of(plain.Schema["C"].Type));
        Assert.Equal("72,101,108,108,111,44,32,32,87,111,114,108,100,32,52,50,33||32,220,110,239,99,111,100,101,9,199,97,32,118,97,63,32,189,32|97,769,32,101,768", Keys(plain));
        Assert.Equal(
            "2,65,32,98,3|2,3|2,31,120,45,121,160,122,3|2,344,31,55,3",
            Keys(Trial.Run(_ml, Data(), _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("C", "Tags"))));
        Assert.Equal("2,72", Keys(Trial.Run(_ml, Data(), _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("C", "Say")))[..4]);

        VBuffer<ReadOnlyMemory<char>> names = default;
        plain.Schema["C"].GetKeyValues(ref names);
        Assert.Equal("14DA6E6345B6DDEE", Convert.ToHexString(SHA256.HashData(Encoding.Unicode.GetBytes(string.Join('\n', names.DenseValues()))))[..16]);
    }

    [Fact]
    public void Words_become_keys_and_unknown_ones_none()
    {
        IEstimator<ITransformer> pipeline = Normalize().Append(_ml.Transforms.Text.TokenizeIntoWords("W", "Say")).Append(_ml.Transforms.Conversion.MapValueToKey("W"));
        IDataView other = _ml.Data.LoadFromEnumerable(new[] { new Row { Say = "World of hello," }, new Row { Say = "" } });
        Expect.Text("""
            W: Key8<UInt32>[] {KeyValues=[hello, world 42! unicode	ca va? ½ a e]}
            [2 0 1]
            []
            """, Text.Of(Trial.Run(_ml, Data(), pipeline, other), "W"));
    }

    [Fact]
    public void Promises_are_kept()
    {
        Assert.Equal("Say: Text\nTags: Text[]", Trial.Promise(Data(), Normalize(), "Say", "Tags"));
        Assert.Equal("W: Text[]", Trial.Promise(Data(), _ml.Transforms.Text.TokenizeIntoWords("W", "Tags"), "W"));
        Assert.Equal("C: Key<UInt16>[] {KeyValues: Text[n]}", Trial.Promise(Data(), _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("C", "Say"), "C"));
    }

    [Fact]
    public void Columns_that_are_no_text_are_an_error()
    {
        IDataView numbers = _ml.Data.LoadFromEnumerable(new[] { new { Say = 1f } });
        foreach (IEstimator<ITransformer> estimator in new IEstimator<ITransformer>[]
        {
            _ml.Transforms.Text.NormalizeText("Say"), _ml.Transforms.Text.TokenizeIntoWords("Say"), _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Say", "Say"),
        })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(numbers));
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(Text.ShapeOf(numbers.Schema)));
        }

        // ML.NET does not fill in this one's input.
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Say"));
    }

    private IEstimator<ITransformer> Normalize(CaseMode mode = CaseMode.Lower, bool keepDiacritics = false, bool keepPunctuations = true, bool keepNumbers = true) =>
        _ml.Transforms.Text.NormalizeText("Say", null, mode, keepDiacritics, keepPunctuations, keepNumbers)
            .Append(_ml.Transforms.Text.NormalizeText("Tags", null, mode, keepDiacritics, keepPunctuations, keepNumbers));

    private static string Keys(IDataView data) => string.Join('|', data.GetColumn<ushort[]>("C").Select(keys => string.Join(',', keys)));

    private sealed class Row
    {
        public string Say { get; set; } = "";

        [VectorType(2)]
        public string[] Tags { get; set; } = ["", ""];
    }
}
