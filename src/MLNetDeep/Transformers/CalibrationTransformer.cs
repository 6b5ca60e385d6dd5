using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Decisions;
using MLNetDeep.Tasks;

namespace MLNetDeep.Transformers;

/// <summary>
/// Gives a probability of true that holds: of the rows with 0.3, three in ten are positive. The score becomes the logarithm of its odds, and the decision whether it
/// is above one half, so that all three agree.
/// </summary>
public sealed class CalibrationTransformer : DecisionTransformer
{
    internal const string TypeName = "calibration";

    internal CalibrationTransformer(string scoreColumnName, string probabilityColumnName, string predictedLabelColumnName, Calibrator calibrator)
        : base(scoreColumnName)
    {
        ProbabilityColumnName = probabilityColumnName;
        PredictedLabelColumnName = predictedLabelColumnName;
        Calibrator = calibrator;
    }

    /// <summary>The column with the probability.</summary>
    public string ProbabilityColumnName { get; }

    /// <summary>The column with the decision.</summary>
    public string PredictedLabelColumnName { get; }

    /// <summary>The method's numbers: slope and intercept (Platt), the temperature, or a, b and c (beta). Empty for others.</summary>
    public IReadOnlyList<double> Parameters => Calibrator.Parameters;

    internal Calibrator Calibrator { get; }

    private protected override string Kind => TypeName;

    private protected override string[] ColumnNames => [ScoreColumnName, ProbabilityColumnName, PredictedLabelColumnName];

    internal static CalibrationTransformer Read(string score, JsonElement json) => new(
        score, json.GetProperty("probability").GetString() ?? "", json.GetProperty("predictedLabel").GetString() ?? "", Calibrator.Read(json.GetProperty("calibrator")));

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema) =>
        [Calibrator.FromProbability ? Single(schema, ProbabilityColumnName, "probability") : Single(schema, ScoreColumnName, "score")];

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema)
    {
        DataViewSchema.Annotations.Builder normalized = new();
        normalized.Add("IsNormalized", BooleanDataViewType.Instance, (ref bool v) => v = true);
        return
        [
            new(ScoreColumnName, NumberDataViewType.Single, Annotations(schema, ScoreColumnName, NumberDataViewType.Single)),
            new(ProbabilityColumnName, NumberDataViewType.Single, schema.GetColumnOrNull(ProbabilityColumnName) is null ? normalized.ToAnnotations() : Annotations(schema, ProbabilityColumnName, NumberDataViewType.Single)),
            new(PredictedLabelColumnName, BooleanDataViewType.Instance, Annotations(schema, PredictedLabelColumnName, BooleanDataViewType.Instance)),
        ];
    }

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Computation(row, inputs[0], this);

    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteString("probability", ProbabilityColumnName);
        json.WriteString("predictedLabel", PredictedLabelColumnName);
        json.WriteStartObject("calibrator");
        Calibrator.Write(json);
        json.WriteEndObject();
    }

    private sealed class Computation(DataViewRow row, DataViewSchema.Column input, CalibrationTransformer owner) : RowComputation(row)
    {
        private readonly ValueGetter<float> _getter = row.GetGetter<float>(input);
        private float _value, _probability, _score;

        public override Delegate CreateGetter(string column)
        {
            if (column == owner.PredictedLabelColumnName)
            {
                return (ValueGetter<bool>)((ref bool value) =>
                {
                    Prepare();
                    value = _score > 0;
                });
            }

            bool score = column == owner.ScoreColumnName;
            return (ValueGetter<float>)((ref float value) =>
            {
                Prepare();
                value = score ? _score : _probability;
            });
        }

        protected override void Compute()
        {
            _getter(ref _value);
            double probability = float.IsNaN(_value) ? double.NaN : owner.Calibrator.Apply(_value);
            _probability = (float)probability;
            _score = (float)Calibrator.Logit(probability);
        }
    }
}
