using MLNetDeep.Engines;
using MLNetDeep.Graphs;

namespace MLNetDeep.Sequences;

/// <summary>
/// Writes the likeliest sequence of a trained network, keeping the best few beginnings at each step (one: greedy). A beginning is kept with the state that the network was
/// left in, so that a step costs the same however long the sequence is.
/// </summary>
internal sealed class BeamSearch : IDisposable
{
    private readonly Seq2SeqModel _model;
    private readonly IExecutable _encoder, _step;
    private readonly int _width, _maximum;
    private readonly double _penalty;
    private readonly float[] _memory;
    private List<Beginning> _open = [], _next = [];

    public BeamSearch(Seq2SeqModel model, int width, int maximum, double penalty)
    {
        _model = model;
        _width = width;
        _maximum = maximum;
        _penalty = penalty;
        _encoder = model.Encoders.Rent();
        _step = model.Steps.Rent();
        _memory = new float[model.Sizes.SourceSteps * model.Units];
    }

    /// <summary>A sequence that has been written, and the logarithm of its probability over its length penalty.</summary>
    public readonly record struct Written(IReadOnlyList<int> Keys, double Score);

    /// <summary>Writes the answer to a source.</summary>
    /// <param name="source">Ids, padded to the network's length.</param>
    /// <returns>The sequences found, the best first: at most as many as the beam is wide.</returns>
    public IReadOnlyList<Written> Run(ReadOnlySpan<int> source)
    {
        source.CopyTo(_encoder.Feed<int>(_model.Source, 1));
        _encoder.Run(1);
        _encoder.Fetch<float>(_model.MemoryOut).CopyTo(_memory);
        _open.Clear();
        _open.Add(new([], 0, _encoder.Fetch<float>(_model.FirstState).ToArray()));
        List<Written> finished = [];
        while (_open.Count > 0 && finished.Count < _width)
            Step(finished);

        return [.. finished.OrderByDescending(f => f.Score)];
    }

    /// <summary>Is called once.</summary>
    public void Dispose()
    {
        _model.Encoders.Return(_encoder);
        _model.Steps.Return(_step);
    }

    private void Step(List<Written> finished)
    {
        int count = _open.Count, units = _model.Units, classes = _model.Sizes.Classes;
        Span<int> previous = _step.Feed<int>(_model.Previous, count);
        Span<float> states = _step.Feed<float>(_model.StateIn, count), memories = _step.Feed<float>(_model.MemoryIn, count);
        for (int i = 0; i < count; i++)
        {
            previous[i] = _open[i].Keys is [.., var last] ? last + 1 : Seq2SeqRows.Start;
            _open[i].State.CopyTo(states[(i * units)..]);
            _memory.CopyTo(memories[(i * _memory.Length)..]);
        }

        _step.Run(count);
        ReadOnlySpan<float> probabilities = _step.Fetch<float>(_model.Probabilities), after = _step.Fetch<float>(_model.NextState);
        List<(double LogProbability, int From, int Class)> candidates = [];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = probabilities.Slice(i * classes, classes);
            foreach (int best in Best(row, _width - finished.Count + 1))
                candidates.Add((_open[i].LogProbability + Math.Log(Math.Max(row[best], 1e-30f)), i, best));
        }

        _next.Clear();
        int wanted = _width - finished.Count;
        foreach ((double log, int from, int chosen) in candidates.OrderByDescending(c => c.LogProbability).ThenBy(c => c.From).ThenBy(c => c.Class).Take(wanted))
        {
            Beginning beginning = _open[from];
            if (chosen == Seq2SeqRows.End)
                finished.Add(new(beginning.Keys, log / Penalty(beginning.Keys.Length + 1)));
            else if (beginning.Keys.Length + 1 >= _maximum)
                finished.Add(new([.. beginning.Keys, chosen], log / Penalty(_maximum)));
            else
                _next.Add(new([.. beginning.Keys, chosen], log, after.Slice(from * units, units).ToArray()));
        }

        (_open, _next) = (_next, _open);
    }

    // Wu et al. 2016: longer sequences are less likely for being long, and should not be punished for it.
    private double Penalty(int length) => Math.Pow((5.0 + length) / 6, _penalty);

    // The classes of the highest probability, the best first.
    private static int[] Best(ReadOnlySpan<float> row, int count)
    {
        int[] best = new int[Math.Min(count, row.Length)];
        int held = 0;
        for (int i = 0; i < row.Length; i++)
        {
            int at = held;
            while (at > 0 && row[i] > row[best[at - 1]])
                at--;
            if (at >= best.Length)
                continue;
            held = Math.Min(held + 1, best.Length);
            for (int j = held - 1; j > at; j--)
                best[j] = best[j - 1];
            best[at] = i;
        }

        return best;
    }

    private sealed record Beginning(int[] Keys, double LogProbability, float[] State);
}
