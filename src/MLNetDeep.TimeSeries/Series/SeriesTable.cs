using Microsoft.ML;

namespace MLNetDeep.TimeSeries.Series;

/// <summary>All series of a data view.</summary>
internal sealed class SeriesTable
{
    private SeriesTable(SeriesSettings settings, IReadOnlyList<SeriesHistory> series)
    {
        Settings = settings;
        Series = series;
    }

    /// <summary>The settings, with step and calendar found from the data where they were left open.</summary>
    public SeriesSettings Settings { get; }

    /// <summary>The series in the order of their first rows.</summary>
    public IReadOnlyList<SeriesHistory> Series { get; }

    /// <summary>Reads the rows.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or there are no rows.</exception>
    /// <exception cref="InvalidOperationException">Rows do not make a series; it and the step are named.</exception>
    public static SeriesTable Read(IDataView data, SeriesSettings settings, CancellationToken cancellation)
    {
        IReadOnlyList<DataViewSchema.Column> columns = SeriesColumns.Find(data.Schema, settings);
        Dictionary<string, List<(DateTime? Time, float Value, float[] Covariates)>> rows = new(StringComparer.Ordinal);
        List<string> keys = [];
        using (DataViewRowCursor cursor = data.GetRowCursor(columns))
        {
            SeriesRowReader reader = new(cursor, settings);
            while (cursor.MoveNext())
            {
                cancellation.ThrowIfCancellationRequested();
                reader.Read();
                if (!rows.TryGetValue(reader.Key, out List<(DateTime?, float, float[])>? list))
                {
                    rows.Add(reader.Key, list = []);
                    keys.Add(reader.Key);
                }

                list.Add((reader.Time, reader.Value, reader.Covariates.Length == 0 ? reader.Covariates : [.. reader.Covariates]));
            }
        }

        if (keys.Count == 0)
            throw new ArgumentException("There are no rows to learn from: the data is empty.");
        if (settings.TimeColumn is not null)
        {
            TimeStep step = settings.Step ?? TimeStep.Infer(keys.Select(k => rows[k].Select(r => r.Time!.Value).ToArray()))
                ?? throw new ArgumentException($"The step of the series cannot be told from the time column '{settings.TimeColumn}': no series has two dates. Set Options.Step.");
            settings = settings with { Step = step, Calendar = CalendarEncoder.Resolve(settings.Calendar, step) };
        }

        List<SeriesHistory> series = [];
        foreach (string key in keys)
        {
            SeriesHistory history = new(key, settings);
            foreach ((DateTime? time, float value, float[] covariates) in rows[key])
                history.Append(time, value, covariates);
            series.Add(history);
        }

        return new(settings, series);
    }

    /// <summary>The same series up to so many steps of each.</summary>
    public SeriesTable Until(Func<SeriesHistory, int> count) => new(Settings, [.. Series.Select(s => s.Copy(count(s)))]);
}
