using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tasks;

namespace MLNetDeep.Transformers;

/// <summary>
/// Decides between two classes by a threshold of its own. The score it gives is the model's less the threshold, so that what is above 0 is positive for whoever
/// looks at scores (as ML.NET's <c>Evaluate</c> does); probabilities stay as they are.
/// </summary>
public sealed class ThresholdTransformer : DecisionTransformer
{
    internal const string TypeName = "threshold";

    internal ThresholdTransformer(string scoreColumnName, string predictedLabelColumnName, float threshold, double? probability)
        : base(scoreColumnName)
    {
        PredictedLabelColumnName = predictedLabelColumnName;
        Threshold = threshold;
        Probability = probability;
    }

    /// <summary>The column with the decision.</summary>
    public string PredictedLabelColumnName { get; }

    /// <summary>The threshold on the model's score: rows above it are positive.</summary>
    public float Threshold { get; }

    /// <summary>About what probability it stands for; null if the model gives none.</summary>
    public double? Probability { get; }

    private protected override string Kind => TypeName;

    private protected override string[] ColumnNames => [ScoreColumnName, PredictedLabelColumnName];

    internal static ThresholdTransformer Read(string score, JsonElement json)
    {
        float threshold = json.GetProperty("threshold").GetSingle();
        double? probability = json.TryGetProperty("probability", out JsonElement p) ? p.GetDouble() : null;
        if (!float.IsFinite(threshold) || probability is not (null or (>= 0 and <= 1)))
            throw new InvalidDataException("the threshold is none that there can be.");
        return new(score, json.GetProperty("predictedLabel").GetString() ?? "", threshold, probability);
    }

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema) => [Single(schema, ScoreColumnName, "score")];

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema) =>
    [
        new(ScoreColumnName, NumberDataViewType.Single, Annotations(schema, ScoreColumnName, NumberDataViewType.Single)),
        new(PredictedLabelColumnName, BooleanDataViewType.Instance, Annotations(schema, PredictedLabelColumnName, BooleanDataViewType.Instance)),
    ];

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Computation(row, inputs[0], this);

    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("predictedLabel", PredictedLabelColumnName);
        json.WriteNumber("threshold", Threshold);
        if (Probability is { } probability)
            json.WriteNumber("probability", probability);
    }

    private sealed class Computation(DataViewRow row, DataViewSchema.Column score, ThresholdTransformer owner) : RowComputation(row)
    {
        private readonly ValueGetter<float> _getter = row.GetGetter<float>(score);
        private float _score;

        public override Delegate CreateGetter(string column)
        {
            if (column == owner.ScoreColumnName)
            {
                return (ValueGetter<float>)((ref float value) =>
                {
                    Prepare();
                    value = _score;
                });
            }

            return (ValueGetter<bool>)((ref bool value) =>
            {
                Prepare();
                value = _score > 0;
            });
        }

        // The difference of two Singles is above 0 exactly where the first is above the second.
        protected override void Compute()
        {
            _getter(ref _score);
            _score -= owner.Threshold;
        }
    }
}
