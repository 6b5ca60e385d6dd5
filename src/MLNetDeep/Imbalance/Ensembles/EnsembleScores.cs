using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tasks;

namespace MLNetDeep.Imbalance.Ensembles;

/// <summary>The mean of what the models give for the row that a source stands on, found when first asked for.</summary>
internal sealed class EnsembleScores : Scores, IDisposable
{
    // The odds of a probability of exactly 0 or 1 would be without bounds.
    private const float LeastProbability = 1e-7f;

    private readonly DataViewRow _source;
    private readonly EnsembleBindings _bindings;
    private readonly DataViewRow[] _rows;
    private readonly ValueGetter<float>[] _numbers;
    private readonly ValueGetter<VBuffer<float>>[] _vectors;
    private readonly double[] _sums;
    private readonly float[] _output;
    private readonly float[] _logits = new float[1];
    private VBuffer<float> _vector;
    private long? _position;

    public EnsembleScores(EnsembleBindings bindings, DataViewRow source)
    {
        _bindings = bindings;
        _source = source;
        _rows = [.. bindings.Mappers.Select((m, i) => m.GetRow(source, [bindings.Wanted[i]]))];
        bool isBinary = bindings.Transformer.Task is BinaryTask;
        _numbers = isBinary ? [.. _rows.Select((r, i) => r.GetGetter<float>(bindings.Wanted[i]))] : [];
        _vectors = isBinary ? [] : [.. _rows.Select((r, i) => r.GetGetter<VBuffer<float>>(bindings.Wanted[i]))];
        _sums = new double[bindings.Transformer.Task.OutputUnits];
        _output = new float[_sums.Length];
    }

    public override ReadOnlySpan<float> Output
    {
        get
        {
            Score();
            return _output;
        }
    }

    public override ReadOnlySpan<float> Logits
    {
        get
        {
            Score();
            return _logits;
        }
    }

    public override ReadOnlySpan<float> Inner => [];

    public override int Length => 1;

    public void Dispose()
    {
        foreach (DataViewRow row in _rows)
            row.Dispose();
    }

    private void Score()
    {
        if (_position == _source.Position)
            return;
        Array.Clear(_sums);
        for (int i = 0; i < _rows.Length; i++)
        {
            double weight = _bindings.Transformer.Weights[i];
            if (_numbers.Length > 0)
            {
                float number = 0;
                _numbers[i](ref number);
                _sums[0] += weight * number;
                continue;
            }

            _vectors[i](ref _vector);
            foreach (KeyValuePair<int, float> item in _vector.Items())
                _sums[item.Key] += weight * item.Value;
        }

        if (_numbers.Length > 0 && !_bindings.HasProbability)
        {
            _logits[0] = (float)_sums[0];
            _output[0] = (float)(1 / (1 + Math.Exp(-_sums[0])));
        }
        else
        {
            for (int i = 0; i < _sums.Length; i++)
                _output[i] = (float)_sums[i];
            double p = Math.Clamp(_sums[0], LeastProbability, 1 - LeastProbability);
            _logits[0] = (float)Math.Log(p / (1 - p));
        }

        _position = _source.Position;
    }
}
