using Microsoft.ML;

namespace MLNetDeep.TimeSeries.Series;

/// <summary>Reads the present row as a step of a series.</summary>
internal sealed class SeriesRowReader
{
    private readonly ValueGetter<float> _value;
    private readonly Func<string>? _key;
    private readonly ValueGetter<DateTime>? _time;
    private readonly ValueGetter<float>[] _covariates;

    public SeriesRowReader(DataViewRow row, SeriesSettings settings)
    {
        IReadOnlyList<DataViewSchema.Column> columns = SeriesColumns.Find(row.Schema, settings);
        int at = 0;
        _value = row.GetGetter<float>(columns[at++]);
        if (settings.KeyColumn is not null)
            _key = SeriesColumns.BindKey(row, columns[at++]);
        if (settings.TimeColumn is not null)
            _time = row.GetGetter<DateTime>(columns[at++]);
        _covariates = [.. columns.Skip(at).Select(row.GetGetter<float>)];
        Covariates = new float[_covariates.Length];
    }

    public string Key { get; private set; } = "";

    public DateTime? Time { get; private set; }

    public float Value { get; private set; }

    public float[] Covariates { get; }

    public void Read()
    {
        float value = 0;
        _value(ref value);
        Value = value;
        Key = _key?.Invoke() ?? "";
        if (_time is not null)
        {
            DateTime time = default;
            _time(ref time);
            Time = time;
        }

        for (int i = 0; i < _covariates.Length; i++)
            _covariates[i](ref Covariates[i]);
    }
}
