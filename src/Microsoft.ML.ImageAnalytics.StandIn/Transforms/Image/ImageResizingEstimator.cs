using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes images of one size.</summary>
public sealed partial class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    internal ImageResizingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, int width, int height, ResizingKind kind, Anchor anchor)
        : base(env.Register(nameof(ImageResizingEstimator)), new(env, columns, width, height, kind, anchor))
    {
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            ImageColumns.Find(inputSchema, pair.inputColumnName);
            return new SchemaShape.Column(pair.outputColumnName, SchemaShape.Column.VectorKind.Scalar, Transformer.OutputType, false);
        }));
}
