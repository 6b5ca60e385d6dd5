using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Loads saved chains.</summary>
internal static class TransformerChain
{
    public const string LoaderSignature = "TransformerChain";

    private const int LargestCount = 10_000;

    public static VersionInfo Version() => new("xF CHAIN", 0x00010001, 0x00010001, 0x00010001, typeof(TransformerChain).Assembly.FullName!, LoaderSignature);

    public static string NameOf(int index) => $"Transform_{index:000}";

    private static TransformerChain<ITransformer> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        var count = ctx.ReadCount(minimumItemSize: sizeof(int));
        if (count > LargestCount)
            throw new FormatException($"A chain of {count} transformers is not plausible.");
        var transformers = new ITransformer[count];
        var scopes = new TransformerScope[count];
        for (var i = 0; i < count; i++)
        {
            scopes[i] = (TransformerScope)ctx.Reader.ReadInt32();
            ctx.LoadModel<ITransformer, SignatureLoadModel>(env, out transformers[i], NameOf(i));
        }
        return new TransformerChain<ITransformer>(transformers, scopes);
    }
}
