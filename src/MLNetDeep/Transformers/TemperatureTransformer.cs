using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Decisions;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;

namespace MLNetDeep.Transformers;

/// <summary>Gives probabilities of several classes that hold: the softmax of the logarithms of a model's probabilities (or of its scores) divided by a temperature (Guo et al. 2017). The decision stays.</summary>
public sealed class TemperatureTransformer : DecisionTransformer
{
    internal const string TypeName = "temperature";

    internal TemperatureTransformer(string scoreColumnName, double temperature, bool fromProbabilities)
        : base(scoreColumnName)
    {
        Temperature = temperature;
        FromProbabilities = fromProbabilities;
    }

    /// <summary>The temperature: above 1 for a model that was too sure.</summary>
    public double Temperature { get; }

    /// <summary>Whether the model's scores are probabilities; else they are taken as they are.</summary>
    public bool FromProbabilities { get; }

    private protected override string Kind => TypeName;

    private protected override string[] ColumnNames => [ScoreColumnName];

    internal static TemperatureTransformer Read(string score, JsonElement json) => json.GetProperty("temperature").GetDouble() is > 0 and <= double.MaxValue and var temperature
        ? new(score, temperature, json.GetProperty("fromProbabilities").GetBoolean())
        : throw new InvalidDataException("the temperature is no number above 0.");

    /// <summary>The logarithms that are divided by the temperature.</summary>
    internal static double[] Logits(ReadOnlySpan<float> scores, bool fromProbabilities)
    {
        double[] logits = new double[scores.Length];
        for (int i = 0; i < logits.Length; i++)
            logits[i] = fromProbabilities ? Math.Log(Math.Max(scores[i], Calibrator.Least)) : Math.Clamp(scores[i], float.MinValue, float.MaxValue);
        return logits;
    }

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, ScoreColumnName, "score");
        return column.Type is VectorDataViewType { ItemType: NumberDataViewType item } && item.RawType == typeof(float)
            ? [column]
            : throw new ArgumentException($"The score column '{ScoreColumnName}' has type {column.Type}; expected a vector of Single.");
    }

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema) => [new(ScoreColumnName, schema[ScoreColumnName].Type, schema[ScoreColumnName].Annotations)];

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Computation(row, inputs[0], this);

    private protected override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("temperature", Temperature);
        json.WriteBoolean("fromProbabilities", FromProbabilities);
    }

    private sealed class Computation(DataViewRow row, DataViewSchema.Column score, TemperatureTransformer owner) : RowComputation(row)
    {
        private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(score);
        private VBuffer<float> _scores;
        private double[] _result = [];

        public override Delegate CreateGetter(string column) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            Prepare();
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, _result.Length);
            for (int i = 0; i < _result.Length; i++)
                editor.Values[i] = (float)_result[i];
            value = editor.Commit();
        });

        protected override void Compute()
        {
            _getter(ref _scores);
            float[] dense = new float[_scores.Length];
            _scores.CopyTo(dense);
            _result = Logits(dense, owner.FromProbabilities);
            double largest = _result.Length == 0 ? 0 : _result.Max(), sum = 0;
            for (int i = 0; i < _result.Length; i++)
                sum += _result[i] = Math.Exp((_result[i] - largest) / owner.Temperature);
            for (int i = 0; i < _result.Length; i++)
                _result[i] /= sum;
        }
    }
}
