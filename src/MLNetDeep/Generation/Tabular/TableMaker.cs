using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;

namespace MLNetDeep.Generation.Tabular;

/// <summary>Makes rows of a table with a generator or decoder. All that is drawn for a row is a function of the seed and the row's number.</summary>
internal sealed class TableMaker
{
    private readonly TableEncoding _encoding;
    private readonly IExecutable _executable;
    private readonly Tensor _latent, _output;
    private readonly Tensor? _condition;
    private readonly float[] _deviations;
    private readonly double[][] _shares;

    /// <param name="encoding">The table.</param>
    /// <param name="executable">The network.</param>
    /// <param name="inputs">Its inputs: latent vectors and, where there are categories, conditions.</param>
    /// <param name="output">Its output: encoded rows.</param>
    /// <param name="deviations">Deviations of normal noise on the numbers; empty for none.</param>
    public TableMaker(TableEncoding encoding, IExecutable executable, IReadOnlyList<Tensor> inputs, Tensor output, float[] deviations)
    {
        (_encoding, _executable, _latent, _output, _deviations) = (encoding, executable, inputs[0], output, deviations);
        _condition = inputs.Count > 1 ? inputs[1] : null;
        _shares = [.. encoding.Conditioned.Select(f => encoding.Fields[f].Counts!.Select(c => (double)c).ToArray())];
    }

    /// <summary>Makes rows.</summary>
    /// <param name="rows">Their numbers.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="attempt">Rows that were not as asked for are made again with the next number.</param>
    /// <param name="condition">The place in a condition that all are asked to be; null for conditions as frequent as in training.</param>
    /// <param name="choices">Takes the choices of each row's fields.</param>
    /// <param name="numbers">Takes the numbers.</param>
    /// <param name="conditions">Takes the place in a condition that each row was asked to be; empty where nobody wants it.</param>
    public void Make(ReadOnlySpan<long> rows, int seed, int attempt, int? condition, Span<int> choices, Span<float> numbers, Span<int> conditions = default)
    {
        CounterRandom latents = Of("latent"), asked = Of("condition"), draws = Of("draw");
        int size = _latent.Shape.UnitSize, fields = _encoding.Fields.Length;
        Span<float> latent = _executable.Feed<float>(_latent, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < size; j++)
                latent[(i * size) + j] = (float)latents.Normal((rows[i] * size) + j);
        }

        if (_condition is not null)
        {
            Span<float> feed = _executable.Feed<float>(_condition, rows.Length);
            feed.Clear();
            for (int i = 0; i < rows.Length; i++)
            {
                int place = condition ?? Draw(asked, rows[i]);
                feed[(i * _encoding.Conditions) + place] = 1;
                if (!conditions.IsEmpty)
                    conditions[i] = place;
            }
        }

        _executable.Run(rows.Length);
        ReadOnlySpan<float> made = _executable.Fetch<float>(_output);
        for (int i = 0; i < rows.Length; i++)
            _encoding.Draw(made.Slice(i * _encoding.Width, _encoding.Width), draws, rows[i] * _encoding.Draws, _deviations, choices.Slice(i * fields, fields), numbers.Slice(i * fields, fields));

        CounterRandom Of(string name) => new(Initializer.SeedFor(seed, FormattableString.Invariant($"{name}/{attempt}")));
    }

    private int Draw(CounterRandom random, long row)
    {
        int column = (int)(random.Uniform(2 * row) * _shares.Length);
        return _encoding.ConditionOf(_encoding.Conditioned[column], PackedRows.Place(_shares[column], random.Uniform((2 * row) + 1)));
    }
}
