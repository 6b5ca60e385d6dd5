using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(MulticlassPredictionTransformerLoader), null, typeof(SignatureLoadModel), "Scores of several classes", MulticlassPredictionTransformerLoader.LoaderSignature)]

namespace Microsoft.ML.Data
{
    /// <summary>Scores rows of several classes.</summary>
    /// <typeparam name="TModel">The kind of model.</typeparam>
    public sealed class MulticlassPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
        where TModel : class
    {
        internal MulticlassPredictionTransformer(TModel model, DataViewSchema trainSchema)
            : base(model, trainSchema)
        {
            if (LabelColumn?.Type is not KeyDataViewType { Count: var count } || count != (ulong)Scorer.OutputSize)
                throw new FormatException($"The model has {Scorer.OutputSize} classes, which do not fit a label of type {LabelColumn?.Type}.");
        }

        private protected override void SaveCore(ModelSaveContext ctx) => Save(ctx, MulticlassPredictionTransformerLoader.Version);

        private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        {
            var features = FindFeatures(inputSchema);
            var label = LabelColumn!.Value;
            var classes = Scorer.OutputSize;
            var annotate = ScoreColumns.Annotations(inputSchema, ScoreColumns.Multiclass);
            var predicted = annotate(ScoreColumns.PredictedLabel);
            var score = annotate(ScoreColumns.Score);
            if (label.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues) is { } values)
            {
                predicted.Add(AnnotationNames.KeyValues, values.Type, ScoreColumns.Getter(label, values));
                score.Add(AnnotationNames.TrainingLabelValues, values.Type, ScoreColumns.Getter(label, values));
                if (values.Type is VectorDataViewType { ItemType: TextDataViewType })
                    score.Add(AnnotationNames.SlotNames, values.Type, ScoreColumns.Getter(label, values));
            }
            return new ColumnMapping(
                inputSchema,
                new(new(ScoreColumns.PredictedLabel, new KeyDataViewType(typeof(uint), classes), predicted.ToAnnotations()), features.Index,
                    row => Getter(row, features, (float[] o, ref uint value) => value = (uint)Array.IndexOf(o, o.Max()) + 1)),
                new(new(ScoreColumns.Score, new VectorDataViewType(NumberDataViewType.Single, classes), score.ToAnnotations()), features.Index,
                    row => Getter(row, features, (float[] o, ref VBuffer<float> value) => new VBuffer<float>(classes, o).CopyTo(ref value))));
        }
    }
}

namespace Microsoft.ML
{
    internal static class MulticlassPredictionTransformerLoader
    {
        internal const string LoaderSignature = "MulticlassPredXfer";

        internal static VersionInfo Version => new("MC  PRED", 1, 1, 1, typeof(MulticlassPredictionTransformerLoader).Assembly.FullName!, LoaderSignature);

        private static MulticlassPredictionTransformer<MaximumEntropyModelParameters> Create(IHostEnvironment env, ModelLoadContext ctx)
        {
            ctx.CheckAtModel(Version);
            var schema = ScoreColumns.ReadTrainSchema(ctx, columns: 2);
            ctx.LoadModel<MaximumEntropyModelParameters, SignatureLoadModel>(env, out var model, "Model");
            return new(model, schema);
        }
    }
}
