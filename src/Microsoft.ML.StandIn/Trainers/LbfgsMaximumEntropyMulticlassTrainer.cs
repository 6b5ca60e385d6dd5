using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Trainers;

/// <summary>Logistic regression of several classes.</summary>
public sealed class LbfgsMaximumEntropyMulticlassTrainer
    : LbfgsTrainerBase<LbfgsMaximumEntropyMulticlassTrainer.Options, MulticlassPredictionTransformer<MaximumEntropyModelParameters>, MaximumEntropyModelParameters>
{
    internal LbfgsMaximumEntropyMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options, new(options.LabelColumnName, VectorKind.Scalar, NumberDataViewType.UInt32, true))
    {
    }

    private protected override IEnumerable<SchemaShape.Column> OutputColumns(SchemaShape inputSchema)
    {
        var score = ScoreColumns.Shape().ToList();
        var predicted = ScoreColumns.Shape().ToList();
        if (inputSchema.Find(LabelColumn.Name).Annotations.TryFindColumn(AnnotationNames.KeyValues, out var values))
        {
            predicted.Add(values);
            score.Add(new(AnnotationNames.TrainingLabelValues, values.Kind, values.ItemType, values.IsKey));
            if (values.ItemType is TextDataViewType)
                score.Add(Shapes.SlotNames);
        }
        return
        [
            new(ScoreColumns.Score, VectorKind.Vector, NumberDataViewType.Single, false, new(score)),
            new(ScoreColumns.PredictedLabel, VectorKind.Scalar, NumberDataViewType.UInt32, true, new(predicted)),
        ];
    }

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> Train(IDataView data)
    {
        var label = data.Schema.Find(LabelColumn.Name);
        var classes = (int)((KeyDataViewType)label.Type).Count;
        var rows = ReadRows(data);
        var sums = new double[classes];
        var found = Minimize(rows, classes, (x, r, gradient) => Loss(x, r, gradient, sums));
        return new(new(found[classes..], found[..classes]), ScoreColumns.TrainSchema(data.Schema.Find(FeatureColumn.Name), label));
    }

    private static double Loss(double[] x, LinearRows rows, double[] gradient, double[] sums)
    {
        double loss = 0;
        var classes = sums.Length;
        for (var i = 0; i < rows.Count; i++)
        {
            for (var c = 0; c < classes; c++)
                sums[c] = x[c] + rows.Dot(i, x, classes + c * rows.Size);
            var most = sums.Max();
            var total = most + Math.Log(sums.Sum(s => Math.Exp(s - most)));
            var truth = (int)rows.Labels[i];
            loss += rows.Weights[i] * (total - sums[truth]);
            for (var c = 0; c < classes; c++)
            {
                var slope = rows.Weights[i] * (Math.Exp(sums[c] - total) - (c == truth ? 1 : 0));
                gradient[c] += slope;
                rows.Add(i, slope, gradient, classes + c * rows.Size);
            }
        }
        return loss;
    }

    /// <summary>The trainer's options.</summary>
    public sealed class Options : OptionsBase
    {
    }
}
