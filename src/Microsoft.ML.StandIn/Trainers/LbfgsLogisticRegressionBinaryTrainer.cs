using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;
using BinaryModel = Microsoft.ML.Calibrators.CalibratedModelParametersBase<Microsoft.ML.Trainers.LinearBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>;

namespace Microsoft.ML.Trainers;

/// <summary>Logistic regression of two classes.</summary>
public sealed class LbfgsLogisticRegressionBinaryTrainer : LbfgsTrainerBase<LbfgsLogisticRegressionBinaryTrainer.Options, BinaryPredictionTransformer<BinaryModel>, BinaryModel>
{
    internal LbfgsLogisticRegressionBinaryTrainer(IHostEnvironment env, Options options)
        : base(env, options, new(options.LabelColumnName, VectorKind.Scalar, BooleanDataViewType.Instance, false))
    {
    }

    private protected override IEnumerable<SchemaShape.Column> OutputColumns(SchemaShape inputSchema) =>
    [
        new(ScoreColumns.Score, VectorKind.Scalar, NumberDataViewType.Single, false, new(ScoreColumns.Shape())),
        new(ScoreColumns.Probability, VectorKind.Scalar, NumberDataViewType.Single, false, new(ScoreColumns.Shape(isNormalized: true))),
        new(ScoreColumns.PredictedLabel, VectorKind.Scalar, BooleanDataViewType.Instance, false, new(ScoreColumns.Shape())),
    ];

    private protected override BinaryPredictionTransformer<BinaryModel> Train(IDataView data)
    {
        var found = Minimize(ReadRows(data), functions: 1, Loss);
        return new(new CalibratedLinearModel(new(found[1..], found[0]), new(slope: -1, offset: 0)), ScoreColumns.TrainSchema(data.Schema.Find(FeatureColumn.Name)));
    }

    private static double Loss(double[] x, LinearRows rows, double[] gradient)
    {
        double loss = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            // log(1 + exp(-z)) for a margin z, without overflow.
            var sign = rows.Labels[i] > 0 ? 1 : -1;
            var z = sign * (x[0] + rows.Dot(i, x, 1));
            loss += rows.Weights[i] * (Math.Max(-z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))));
            var slope = -rows.Weights[i] * sign / (1 + Math.Exp(z));
            gradient[0] += slope;
            rows.Add(i, slope, gradient, 1);
        }
        return loss;
    }

    /// <summary>The trainer's options.</summary>
    public sealed class Options : OptionsBase
    {
    }
}
