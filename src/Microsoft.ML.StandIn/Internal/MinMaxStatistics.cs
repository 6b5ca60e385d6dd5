namespace Microsoft.ML;

/// <summary>The smallest and largest value of each slot.</summary>
internal sealed class MinMaxStatistics(bool fixZero) : SlotStatistics
{
    private double[] _min = [];
    private double[] _max = [];

    public override void Start(int slots)
    {
        _min = new double[slots];
        _max = new double[slots];
        Array.Fill(_min, double.PositiveInfinity);
        Array.Fill(_max, double.NegativeInfinity);
    }

    public override void Add(int slot, double value)
    {
        // Comparisons with NaN are false, so that missing values have no part.
        if (value < _min[slot])
            _min[slot] = value;
        if (value > _max[slot])
            _max[slot] = value;
    }

    public override SlotFunction ToFunction<T>(bool isVector)
    {
        var scale = new T[_min.Length];
        var offset = new T[_min.Length];
        for (var i = 0; i < scale.Length; i++)
        {
            if (!(_min[i] < _max[i]))
                continue;
            var (min, max) = (T.CreateChecked(_min[i]), T.CreateChecked(_max[i]));
            scale[i] = T.One / (fixZero ? T.Max(T.Abs(min), T.Abs(max)) : max - min);
            if (!fixZero && !T.IsZero(scale[i]))
                offset[i] = min;
        }
        return new AffineFunction<T>(isVector, scale, fixZero ? null : offset);
    }
}
