using System.Collections.Frozen;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Text;
using static Microsoft.ML.Transforms.Text.TextNormalizingEstimator;

[assembly: LoadableClass(typeof(TextNormalizingTransformer), null, typeof(SignatureLoadModel), "Normalise text", TextNormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Text;

/// <summary>Changes the case of text and takes out diacritics, punctuation and numbers.</summary>
public sealed class TextNormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TextNormalizerTransform";

    // A letter, and those that are it with diacritics: Latin up to Extended-B, Greek and Cyrillic, as Unicode composes them.
    private const string Composed =
        "AÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦ CÇĆĈĊČ DĎ EÈÉÊËĒĔĖĘĚȄȆȨ GĜĞĠĢǦǴ HĤȞ IÌÍÎÏĨĪĬĮİǏȈȊ JĴ KĶǨ LĹĻĽ NÑŃŅŇǸ OÒÓÔÕÖŌŎŐƠǑǪǬȌȎȪȬȮȰ RŔŖŘȐȒ SŚŜŞŠȘ " +
        "TŢŤȚ UÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖ WŴ YÝŶŸȲ ZŹŻŽ aàáâãäåāăąǎǟǡǻȁȃȧ cçćĉċč dď eèéêëēĕėęěȅȇȩ gĝğġģǧǵ hĥȟ iìíîïĩīĭįǐȉȋ jĵǰ kķǩ lĺļľ " +
        "nñńņňǹ oòóôõöōŏőơǒǫǭȍȏȫȭȯȱ rŕŗřȑȓ sśŝşšș tţťț uùúûüũūŭůűųưǔǖǘǚǜȕȗ wŵ yýÿŷȳ zźżž ÆǢǼ ØǾ æǣǽ øǿ ƷǮ ʒǯ ΑΆ ΕΈ ΗΉ ΙΊΪ ΟΌ ΥΎΫ " +
        "ΩΏ αά εέ ηή ιΐίϊ οό υΰϋύ ωώ ϒϓϔ ІЇ АӐӒ ГЃ ЕЀЁӖ ЖӁӜ ЗӞ ИЍЙӢӤ КЌ ОӦ УЎӮӰӲ ЧӴ ЫӸ ЭӬ аӑӓ гѓ еѐёӗ жӂӝ зӟ ийѝӣӥ кќ оӧ уўӯӱӳ чӵ " +
        "ыӹ эӭ ії ѴѶ ѵѷ ӘӚ әӛ ӨӪ өӫ";

    private static readonly FrozenDictionary<char, char> Letters =
        Composed.Split(' ').SelectMany(group => group.Skip(1).Select(letter => KeyValuePair.Create(letter, group[0]))).ToFrozenDictionary();

    private readonly CaseMode _caseMode;
    private readonly bool _keepDiacritics, _keepPunctuations, _keepNumbers;

    internal TextNormalizingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns, CaseMode caseMode, bool keepDiacritics,
        bool keepPunctuations, bool keepNumbers)
        : base(env.Register(nameof(TextNormalizingTransformer)), columns.ToTuples())
    {
        _caseMode = caseMode;
        _keepDiacritics = keepDiacritics;
        _keepPunctuations = keepPunctuations;
        _keepNumbers = keepNumbers;
    }

    private TextNormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _caseMode = (CaseMode)ctx.Reader.ReadByte();
        if (!Enum.IsDefined(_caseMode))
            throw new FormatException($"Corrupt model: there is no case mode {(byte)_caseMode}.");
        _keepDiacritics = ctx.Reader.ReadBoolean();
        _keepPunctuations = ctx.Reader.ReadBoolean();
        _keepNumbers = ctx.Reader.ReadBoolean();
    }

    private static VersionInfo Version => new("TEXTNORM", 1, 1, 1, typeof(TextNormalizingTransformer).Assembly.FullName!, LoaderSignature);

    private static TextNormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(TextNormalizingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write((byte)_caseMode);
        ctx.Writer.Write(_keepDiacritics);
        ctx.Writer.Write(_keepPunctuations);
        ctx.Writer.Write(_keepNumbers);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).CheckText().Select((input, i) => new MappedColumn(
            new(ColumnPairs[i].outputColumnName, input.Type is VectorDataViewType ? new VectorDataViewType(TextDataViewType.Instance) : input.Type, null),
            input.Index,
            row => MakeGetter(row, input)))]);

    private Delegate MakeGetter(DataViewRow row, DataViewSchema.Column input)
    {
        StringBuilder buffer = new();
        if (input.Type is not VectorDataViewType)
            return Getters.Map<ReadOnlyMemory<char>, ReadOnlyMemory<char>>(row, input, (_, text) => Normalize(text, buffer), keepsDefaults: true);

        // Texts that have become empty are left out.
        var read = TextColumns.MakeReader(row, input);
        List<ReadOnlyMemory<char>> texts = [], normalized = [];
        return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> target) =>
        {
            texts.Clear();
            read(texts);
            normalized.Clear();
            normalized.AddRange(texts.Select(text => Normalize(text, buffer)).Where(text => !text.IsEmpty));
            normalized.CopyTo(ref target);
        });
    }

    private ReadOnlyMemory<char> Normalize(ReadOnlyMemory<char> text, StringBuilder buffer)
    {
        buffer.Clear();
        foreach (var character in text.Span)
        {
            if (!_keepPunctuations && char.IsPunctuation(character) || !_keepNumbers && char.IsNumber(character)
                || !_keepDiacritics && IsDiacritic(character))
                continue;
            var letter = _keepDiacritics ? character : Letters.GetValueOrDefault(character, character);
            buffer.Append(_caseMode switch
            {
                CaseMode.Lower => char.ToLowerInvariant(letter),
                CaseMode.Upper => char.ToUpperInvariant(letter),
                _ => letter,
            });
        }
        return buffer.Equals(text.Span) ? text : buffer.ToString().AsMemory();
    }

    // Marks that stand by themselves, in Latin, Hebrew and Arabic.
    private static bool IsDiacritic(char character) => character is >= '\u0300' and <= '\u036F'
        or >= '\u0591' and <= '\u05BD' or '\u05C1' or '\u05C2' or '\u05C4' or '\u05C5' or '\u05C7'
        or >= '\u0610' and <= '\u0615' or >= '\u064C' and <= '\u065E' or '\u0670';
}
