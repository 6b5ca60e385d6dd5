using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Text;

[assembly: LoadableClass(typeof(TokenizingByCharactersTransformer), null, typeof(SignatureLoadModel), "Characters of texts", TokenizingByCharactersTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Text;

/// <summary>Gives the characters of text as keys.</summary>
public sealed class TokenizingByCharactersTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "CharToken";

    private const ushort Start = 2, End = 3, UnitSeparator = 0x1F;

    // The names of control characters, from 0x80 on.
    private static readonly string[] ControlNames =
    [
        "PAD", "HOP", "BPH", "NBH", "IND", "NEL", "SSA", "ESA", "HTS", "HTJ", "VTS", "PLD", "PLU", "RI", "SS2", "SS3",
        "DCS", "PU1", "PU2", "STS", "CCH", "MW", "SPA", "EPA", "SOS", "SGCI", "SCI", "CSI", "ST", "OSC", "PM", "APC",
    ];

    private static readonly Lazy<ReadOnlyMemory<char>[]> KeyValues = new(() => [.. Enumerable.Range(1, ushort.MaxValue).Select(c => NameOf((char)c).AsMemory())]);

    private readonly bool _useMarkerCharacters;

    internal TokenizingByCharactersTransformer(IHostEnvironment env, InputOutputColumnPair[] columns, bool useMarkerCharacters)
        : base(env.Register(nameof(TokenizingByCharactersTransformer)), columns.ToTuples())
        => _useMarkerCharacters = useMarkerCharacters;

    private TokenizingByCharactersTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
        => _useMarkerCharacters = ctx.Reader.ReadBoolean();

    private static VersionInfo Version => new("CHARTOKN", 1, 1, 1, typeof(TokenizingByCharactersTransformer).Assembly.FullName!, LoaderSignature);

    private static TokenizingByCharactersTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(TokenizingByCharactersTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(_useMarkerCharacters);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).CheckText().Select((input, i) =>
        {
            var annotations = input.Take(AnnotationNames.SlotNames);
            annotations.Add(AnnotationNames.KeyValues, new VectorDataViewType(TextDataViewType.Instance, ushort.MaxValue), Getters.Constant(KeyValues.Value));
            var type = new VectorDataViewType(new KeyDataViewType(typeof(ushort), ushort.MaxValue));
            return new MappedColumn(new(ColumnPairs[i].outputColumnName, type, annotations.ToAnnotations()), input.Index, row => MakeGetter(row, input));
        })]);

    private ValueGetter<VBuffer<ushort>> MakeGetter(DataViewRow row, DataViewSchema.Column input)
    {
        var read = TextColumns.MakeReader(row, input);
        var isVector = input.Type is VectorDataViewType;
        List<ReadOnlyMemory<char>> texts = [];
        List<ushort> keys = [];
        return (ref VBuffer<ushort> target) =>
        {
            texts.Clear();
            keys.Clear();
            read(texts);

            // An empty text has no markers; an empty vector has.
            if (isVector || !texts[0].IsEmpty)
                Add(texts, keys);
            keys.CopyTo(ref target);
        };
    }

    private void Add(List<ReadOnlyMemory<char>> texts, List<ushort> keys)
    {
        if (_useMarkerCharacters)
            keys.Add(Start);
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0 && !texts[i].IsEmpty)
                keys.Add(UnitSeparator);
            foreach (var character in texts[i].Span)
                keys.Add(character);
        }
        if (_useMarkerCharacters)
            keys.Add(End);
    }

    // What cannot be seen is named.
    private static string NameOf(char character) => character switch
    {
        <= ' ' => $"<{(char)(character + '\u2400')}>",
        >= '\uD800' and <= '\uDFFF' => string.Format(CultureInfo.InvariantCulture, "\\u{0:4X}", (int)character),
        '\u007F' => "<\u2421>",
        >= '\u0080' and <= '\u009F' => $"<{ControlNames[character - 0x80]}>",
        '\u2028' => "<LSEP>",
        '\u2029' => "<PSEP>",
        _ => character.ToString(),
    };
}
