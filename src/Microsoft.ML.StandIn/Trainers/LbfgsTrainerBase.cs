using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Trainers;

/// <summary>Base of linear trainers that minimise a convex loss by L-BFGS.</summary>
/// <typeparam name="TOptions">The trainer's options.</typeparam>
/// <typeparam name="TTransformer">What scores with the model.</typeparam>
/// <typeparam name="TModel">The kind of model.</typeparam>
public abstract class LbfgsTrainerBase<TOptions, TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TOptions : LbfgsTrainerBase<TOptions, TTransformer, TModel>.OptionsBase, new()
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected LbfgsTrainerBase(IHostEnvironment env, TOptions options, SchemaShape.Column label)
        : base(
            env.Register(typeof(TModel).Name),
            new(options.FeatureColumnName, VectorKind.Vector, NumberDataViewType.Single, false),
            label,
            options.ExampleWeightColumnName is { } weight ? new(weight, VectorKind.Scalar, NumberDataViewType.Single, false) : default)
    {
        TrainerOptions = options;
        Require(options.L1Regularization >= 0, nameof(options.L1Regularization), "non-negative");
        Require(options.L2Regularization >= 0, nameof(options.L2Regularization), "non-negative");
        Require(options.OptimizationTolerance > 0, nameof(options.OptimizationTolerance), "positive");
        Require(options.HistorySize > 0, nameof(options.HistorySize), "positive");
        Require(options.MaximumNumberOfIterations > 0, nameof(options.MaximumNumberOfIterations), "positive");
    }

    /// <inheritdoc/>
    public override TrainerInfo Info { get; } = new();

    private protected TOptions TrainerOptions { get; }

    // The parameters of so many linear functions: the biases, and then the weights of each function.
    private protected float[] Minimize(LinearRows rows, int functions, Func<double[], LinearRows, double[], double> loss)
    {
        var lbfgs = new Lbfgs
        {
            History = TrainerOptions.HistorySize,
            Tolerance = TrainerOptions.OptimizationTolerance,
            MostIterations = TrainerOptions.MaximumNumberOfIterations,
            Free = functions,
            L1 = TrainerOptions.L1Regularization / rows.Count,
            NonNegative = TrainerOptions.EnforceNonNegativity,
        };
        var found = lbfgs.Minimize(functions * (rows.Size + 1), (x, gradient) =>
        {
            Array.Clear(gradient);
            var sum = loss(x, rows, gradient);
            for (var i = functions; i < x.Length; i++)
            {
                sum += TrainerOptions.L2Regularization / 2 * x[i] * x[i];
                gradient[i] += TrainerOptions.L2Regularization * x[i];
            }
            for (var i = 0; i < x.Length; i++)
                gradient[i] /= rows.WeightSum;
            return sum / rows.WeightSum;
        });
        return Array.ConvertAll(found, v => (float)v);
    }

    private protected LinearRows ReadRows(IDataView data)
    {
        using var channel = Host.Start("Training");
        var rows = LinearRows.Read(data, FeatureColumn.Name, LabelColumn.Name, WeightColumn.IsValid ? WeightColumn.Name : null);
        if (rows.Count == 0)
            throw new InvalidOperationException("No valid training instances found, all instances have missing features.");
        if (rows.Skipped > 0)
            channel.Warning(MessageSensitivity.None, $"Skipped {rows.Skipped} instances with missing features/label/weight during training");
        return rows;
    }

    private static void Require(bool holds, string option, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(option, $"Must be {expected}");
    }

    /// <summary>The options of these trainers.</summary>
    public abstract class OptionsBase : TrainerInputBaseWithWeight
    {
        /// <summary>How much the sum of squared weights counts.</summary>
        public float L2Regularization = 1;

        /// <summary>How much the sum of absolute weights counts.</summary>
        public float L1Regularization = 1;

        /// <summary>Training ends when the loss falls by a smaller share.</summary>
        public float OptimizationTolerance = 1e-7f;

        /// <summary>How many earlier steps the curvature is taken from.</summary>
        public int HistorySize = 20;

        /// <summary>The most steps.</summary>
        public int MaximumNumberOfIterations = int.MaxValue;

        /// <summary>Whether weights must not be below 0.</summary>
        public bool EnforceNonNegativity;

        /// <summary>Creates options with their defaults.</summary>
        protected OptionsBase()
        {
        }
    }
}
