using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Text;

[assembly: LoadableClass(typeof(WordTokenizingTransformer), null, typeof(SignatureLoadModel), "Words of texts", WordTokenizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms.Text;

/// <summary>Cuts text into words.</summary>
public sealed class WordTokenizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TokenizeTextTransform";

    private readonly string _separators;

    internal WordTokenizingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns, char[] separators)
        : base(env.Register(nameof(WordTokenizingTransformer)), columns.ToTuples())
        => _separators = new(separators);

    private WordTokenizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
        => _separators = ctx.LoadNonEmptyString();

    private static VersionInfo Version => new("WRDTOKNS", 1, 1, 1, typeof(WordTokenizingTransformer).Assembly.FullName!, LoaderSignature);

    private static WordTokenizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(WordTokenizingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.SaveNonEmptyString(_separators);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).CheckText().Select((input, i) => new MappedColumn(
            new(ColumnPairs[i].outputColumnName, new VectorDataViewType(TextDataViewType.Instance), null), input.Index, row => MakeGetter(row, input)))]);

    private ValueGetter<VBuffer<ReadOnlyMemory<char>>> MakeGetter(DataViewRow row, DataViewSchema.Column input)
    {
        var read = TextColumns.MakeReader(row, input);
        List<ReadOnlyMemory<char>> texts = [], words = [];
        return (ref VBuffer<ReadOnlyMemory<char>> target) =>
        {
            texts.Clear();
            words.Clear();
            read(texts);
            foreach (var text in texts)
                AddWords(text, words);
            words.CopyTo(ref target);
        };
    }

    private void AddWords(ReadOnlyMemory<char> text, List<ReadOnlyMemory<char>> words)
    {
        foreach (var range in text.Span.SplitAny(_separators))
        {
            var word = text[range].Trim();
            if (!word.IsEmpty)
                words.Add(word);
        }
    }
}
