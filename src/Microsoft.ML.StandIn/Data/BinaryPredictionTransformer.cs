using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(BinaryPredictionTransformerLoader), null, typeof(SignatureLoadModel), "Scores of two classes", BinaryPredictionTransformerLoader.LoaderSignature)]

namespace Microsoft.ML.Data
{
    /// <summary>Scores rows of two classes.</summary>
    /// <typeparam name="TModel">The kind of model.</typeparam>
    public sealed class BinaryPredictionTransformer<TModel> : SingleFeaturePredictionTransformerBase<TModel>
        where TModel : class
    {
        internal BinaryPredictionTransformer(TModel model, DataViewSchema trainSchema)
            : base(model, trainSchema)
        {
        }

        private protected override void SaveCore(ModelSaveContext ctx) => Save(ctx, BinaryPredictionTransformerLoader.Version);

        private protected override RowMapping MakeMapping(DataViewSchema inputSchema)
        {
            var features = FindFeatures(inputSchema);
            var annotate = ScoreColumns.Annotations(inputSchema, ScoreColumns.Binary);
            return new ColumnMapping(
                inputSchema,
                new(new(ScoreColumns.PredictedLabel, BooleanDataViewType.Instance, annotate(ScoreColumns.PredictedLabel).ToAnnotations()), features.Index,
                    row => Getter(row, features, (float[] o, ref bool value) => value = o[0] > 0)),
                new(new(ScoreColumns.Score, NumberDataViewType.Single, annotate(ScoreColumns.Score).ToAnnotations()), features.Index,
                    row => Getter(row, features, (float[] o, ref float value) => value = o[0])),
                new(new(ScoreColumns.Probability, NumberDataViewType.Single, annotate(ScoreColumns.Probability).AddIsNormalized().ToAnnotations()), features.Index,
                    row => Getter(row, features, (float[] o, ref float value) => value = o[1])));
        }
    }
}

namespace Microsoft.ML
{
    internal static class BinaryPredictionTransformerLoader
    {
        internal const string LoaderSignature = "BinaryPredXfer";

        internal static VersionInfo Version => new("BIN PRED", 1, 1, 1, typeof(BinaryPredictionTransformerLoader).Assembly.FullName!, LoaderSignature);

        private static BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> Create(IHostEnvironment env, ModelLoadContext ctx)
        {
            ctx.CheckAtModel(Version);
            var schema = ScoreColumns.ReadTrainSchema(ctx, columns: 1);
            ctx.LoadModel<CalibratedLinearModel, SignatureLoadModel>(env, out var model, "Model");
            return new(model, schema);
        }
    }
}
