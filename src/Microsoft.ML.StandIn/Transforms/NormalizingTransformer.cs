using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(NormalizingTransformer), null, typeof(SignatureLoadModel), "Normalize columns", NormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Scales columns of numbers by what was learnt of them.</summary>
public sealed partial class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";

    private readonly SlotFunction[] _functions;

    internal NormalizingTransformer(IHostEnvironment env, InputOutputColumnPair[] columns, SlotFunction[] functions)
        : base(env.Register(nameof(NormalizingTransformer)), columns.ToTuples())
        => _functions = functions;

    private NormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
        => _functions = [.. ColumnPairs.Select(_ => SlotFunction.Load(ctx))];

    private static VersionInfo Version => new("NORMALIZ", 1, 1, 1, typeof(NormalizingTransformer).Assembly.FullName!, LoaderSignature);

    /// <summary>What was learnt of a column.</summary>
    /// <param name="index">The index of the pair of columns.</param>
    public NormalizerModelParametersBase GetNormalizerModelParameters(int index)
    {
        if ((uint)index >= (uint)_functions.Length)
            throw new ArgumentOutOfRangeException(nameof(index), $"Valid range is from 0 (inclusive) to {_functions.Length} (exclusive) but got {index}.");
        return _functions[index].Parameters;
    }

    private static NormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new(env.Register(nameof(NormalizingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (var function in _functions)
            function.Save(ctx.Writer);
    }

    private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        => new ColumnMapping(inputSchema, [.. FindInputs(inputSchema).Select((input, i) =>
        {
            var function = _functions[i];
            if (!function.Takes(input.Type))
                throw Shapes.Mismatch("input", input.Name,
                    function.VectorSize == 0 ? function.ItemType.ToString()! : $"Vector<{function.ItemType}, {function.VectorSize}>", input.Type.ToString()!);
            var annotations = input.Take(AnnotationNames.SlotNames).AddIsNormalized().ToAnnotations();
            return new MappedColumn(new(ColumnPairs[i].outputColumnName, input.Type, annotations), input.Index, row => function.MakeGetter(row, input));
        })]);
}
