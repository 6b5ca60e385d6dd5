namespace Microsoft.ML;

/// <summary>The mean and variance of each slot, over finite values.</summary>
internal sealed class MeanVarianceStatistics(bool fixZero, bool useCdf) : SlotStatistics
{
    private long[] _count = [];
    private double[] _mean = [];
    private double[] _squares = [];

    public override void Start(int slots)
    {
        _count = new long[slots];
        _mean = new double[slots];
        _squares = new double[slots];
    }

    public override void Add(int slot, double value)
    {
        if (!double.IsFinite(value))
            return;
        var delta = value - _mean[slot];
        _mean[slot] += delta / ++_count[slot];
        _squares[slot] += delta * (value - _mean[slot]);
    }

    public override SlotFunction ToFunction<T>(bool isVector)
    {
        var deviation = _squares.Zip(_count, (squares, count) => count == 0 ? 0 : Math.Sqrt(squares / count)).ToArray();
        if (useCdf)
            return new CdfFunction<T>(isVector, Array.ConvertAll(_mean, T.CreateChecked), Array.ConvertAll(deviation, T.CreateChecked));
        var scale = new T[_mean.Length];
        var offset = new T[_mean.Length];
        for (var i = 0; i < scale.Length; i++)
        {
            if (deviation[i] == 0)
                continue;
            var divisor = fixZero ? Math.Sqrt((deviation[i] * deviation[i]) + (_mean[i] * _mean[i])) : deviation[i];
            scale[i] = T.One / T.CreateChecked(divisor);
            offset[i] = T.CreateChecked(_mean[i]);
        }
        return new AffineFunction<T>(isVector, scale, fixZero ? null : offset);
    }
}
