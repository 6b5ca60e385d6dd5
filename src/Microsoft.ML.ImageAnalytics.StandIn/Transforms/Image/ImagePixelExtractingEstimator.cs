using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes vectors of images' pixels.</summary>
public sealed partial class ImagePixelExtractingEstimator : TrivialEstimator<ImagePixelExtractingTransformer>
{
    internal ImagePixelExtractingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, PixelFormat format)
        : base(env.Register(nameof(ImagePixelExtractingEstimator)), new(env, columns, format))
    {
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => inputSchema.With(Transformer.ColumnPairs.Select(pair =>
        {
            ImageColumns.Find(inputSchema, pair.inputColumnName);
            return new SchemaShape.Column(pair.outputColumnName, SchemaShape.Column.VectorKind.Vector, Transformer.Format.ItemType, false);
        }));
}
