namespace MLNetDeep.Sequences;

/// <summary>Draws tokens from what a network gives as their probabilities.</summary>
internal sealed class TokenSampler
{
    private readonly double _temperature, _topP;
    private readonly int _topK;
    private readonly Random _random;
    private int[] _order = [];
    private double[] _weights = [];

    /// <param name="temperature">Probabilities are taken to the power of one over this: below 1 the likely become likelier. 0 always takes the likeliest.</param>
    /// <param name="topK">Only so many of the likeliest are drawn from; null for all.</param>
    /// <param name="topP">Only the fewest of the likeliest are drawn from that have this share of all probability together (Holtzman et al. 2020); null for all.</param>
    /// <param name="seed">The same draws the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public TokenSampler(double temperature, int? topK, double? topP, int seed)
    {
        if (!(temperature is >= 0 and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "Expected 0 to 1000.");
        if (topK < 1)
            throw new ArgumentOutOfRangeException(nameof(topK), topK, "Expected at least 1, or null for all tokens.");
        if (topP is { } share && !(share is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(topP), topP, "Expected more than 0 and at most 1, or null for all tokens.");
        (_temperature, _topK, _topP, _random) = (temperature, topK ?? int.MaxValue, topP ?? 1, new(seed));
    }

    /// <summary>Draws one of the tokens.</summary>
    /// <param name="probabilities">Of each token.</param>
    public int Draw(ReadOnlySpan<float> probabilities)
    {
        int count = Candidates(probabilities);
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += _weights[i];
        double at = _random.NextDouble() * sum;
        for (int i = 0; i < count - 1; i++)
        {
            at -= _weights[i];
            if (at < 0)
                return _order[i];
        }

        return _order[count - 1];
    }

    /// <summary>The tokens that may be drawn, the likeliest first, of equally likely ones the one that stands first.</summary>
    internal IReadOnlyList<int> Allowed(ReadOnlySpan<float> probabilities)
    {
        int count = Candidates(probabilities);
        return _order[..count];
    }

    // Fills the order and, as far as is returned, the weights to draw by.
    private int Candidates(ReadOnlySpan<float> probabilities)
    {
        if (_order.Length != probabilities.Length)
            (_order, _weights) = (new int[probabilities.Length], new double[probabilities.Length]);
        for (int i = 0; i < _order.Length; i++)
            (_order[i], _weights[i]) = (i, -probabilities[i]);
        Array.Sort(_weights, _order, 0, _order.Length);

        // The sort is not stable; only which of the likeliest stands first must not hang on it, and which are left out.
        Settle(probabilities);
        if (_temperature == 0)
        {
            _weights[0] = 1;
            return 1;
        }

        int count = Math.Min(_topK, _order.Length);
        double largest = Math.Max(probabilities[_order[0]], double.Epsilon), sum = 0;
        for (int i = 0; i < count; i++)
            sum += _weights[i] = Math.Pow(probabilities[_order[i]] / largest, 1 / _temperature);
        if (_topP >= 1)
            return count;
        double wanted = _topP * sum, held = 0;
        for (int i = 0; i < count; i++)
        {
            held += _weights[i];
            if (held >= wanted)
                return i + 1;
        }

        return count;
    }

    private void Settle(ReadOnlySpan<float> probabilities)
    {
        for (int start = 0; start < _order.Length;)
        {
            int end = start + 1;
            while (end < _order.Length && probabilities[_order[end]] == probabilities[_order[start]])
                end++;
            if (end - start > 1)
                Array.Sort(_order, start, end - start);
            start = end;
        }
    }
}
