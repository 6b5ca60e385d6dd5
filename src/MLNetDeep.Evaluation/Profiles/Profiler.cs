using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Rows;

namespace MLNetDeep.Evaluation.Profiles;

/// <summary>Looks at data column by column.</summary>
internal static class Profiler
{
    private const int MostDistinct = 100_000, MostClasses = 100, Bins = 20;

    public static DataProfile Look(IDataView data, ProfileOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (options.MaxRows < 1 || options.MaxSlots < 1)
            throw new ArgumentException($"{nameof(options.MaxRows)} is {options.MaxRows}, {nameof(options.MaxSlots)} {options.MaxSlots}; expected at least 1.");
        DataViewSchema.Column? label = options.LabelColumn is { } name ? ColumnRef.Find(data.Schema, name, "label") : null;
        DataViewSchema.Column[] columns = [.. data.Schema.Where(c => !c.IsHidden && c.Name != label?.Name && !options.Ignore.Contains(c.Name) && Readable(c.Type))];
        List<Slot> slots = [];
        List<string> labels = [];
        List<double> numbers = [];
        HashSet<UInt128> rowsSeen = [], featuresSeen = [];
        long rows = 0, duplicates = 0, conflicts = 0;
        using (DataViewRowCursor cursor = data.GetRowCursor(label is { } l ? [l, .. columns] : columns))
        {
            Func<string>? readLabel = label is { } text ? Reading.Text(cursor, text) : null;
            Func<double>? readNumber = label is { } n && Reading.IsNumber(n.Type) ? Reading.Number(cursor, n, "label") : null;
            Action<Hash>[] readers = [.. columns.Select(c => Reader(cursor, c, slots, options.MaxSlots))];
            while (rows < options.MaxRows && cursor.MoveNext())
            {
                rows++;
                Hash hash = new();
                foreach (Action<Hash> reader in readers)
                    reader(hash);
                UInt128 features = hash.Value;
                string own = readLabel?.Invoke() ?? "";
                hash.Add(own);
                bool repeated = !featuresSeen.Add(features);
                if (!rowsSeen.Add(hash.Value))
                    duplicates++;
                else if (repeated)
                    conflicts++;
                labels.Add(own);
                numbers.Add(readNumber?.Invoke() ?? double.NaN);
            }
        }

        if (rows == 0)
            throw new ArgumentException("The data has no rows; there is nothing to look at.");
        bool isClass = label is { } c && (c.Type is BooleanDataViewType or KeyDataViewType or TextDataViewType || labels.Distinct().Take(21).Count() <= 20);
        int[] classes = ClassesOf(labels, numbers, label is not null, isClass, out string[] classNames, out long without);
        List<KeyValuePair<string, long>> counts = isClass
            ? [.. classNames.Select((n, i) => KeyValuePair.Create(n, (long)classes.Count(v => v == i))).OrderByDescending(p => p.Value)]
            : [];
        ColumnProfile[] profiles = [.. slots.Select(s => s.Profile(label is null ? null : classes, classNames.Length, isClass))];
        return new(rows, duplicates, conflicts, label?.Name, without, counts, profiles, [.. Advise(options, rows, duplicates, conflicts, without, label?.Name, counts, profiles)]);
    }

    private static bool Readable(DataViewType type) => Reading.IsNumber(type) || type is TextDataViewType
        || type is VectorDataViewType { Size: > 0, ItemType: NumberDataViewType item } && item.RawType == typeof(float);

    private static int[] ClassesOf(List<string> labels, List<double> numbers, bool labelled, bool isClass, out string[] names, out long without)
    {
        without = 0;
        names = [];
        if (!labelled)
            return [.. labels.Select(_ => 0)];
        if (isClass)
        {
            Dictionary<string, int> indices = [];
            int[] classes = new int[labels.Count];
            for (int i = 0; i < classes.Length; i++)
            {
                classes[i] = -1;
                if (labels[i] is "" or "NaN")
                    without++;
                else if (!indices.TryGetValue(labels[i], out classes[i]))
                    indices.Add(labels[i], classes[i] = indices.Count);
            }

            names = [.. indices.Keys];
            return classes;
        }

        // A label of many numbers is looked at in parts of equally many rows.
        without = numbers.Count(double.IsNaN);
        int[] bins = Quantiles([.. numbers], 10);
        names = [.. Enumerable.Range(0, 10).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return bins;
    }

    private static Action<Hash> Reader(DataViewRow row, DataViewSchema.Column column, List<Slot> slots, int maxSlots)
    {
        if (column.Type is VectorDataViewType vector)
        {
            Func<float[]> read = Reading.Vector(row, column, "feature");
            IReadOnlyList<string>? names = Reading.Names(column);
            Slot[] own = [.. Enumerable.Range(0, Math.Min(vector.Size, maxSlots)).Select(i => new Slot(names is not null && names[i].Length > 0 ? names[i] : $"{column.Name}[{i}]", "Single", isNumber: true))];
            slots.AddRange(own);
            return hash =>
            {
                float[] values = read();
                foreach (float value in values)
                    hash.Add(value);
                for (int i = 0; i < own.Length; i++)
                    own[i].Add(values[i], null);
            };
        }

        bool number = column.Type is NumberDataViewType or BooleanDataViewType;
        Slot slot = new(column.Name, column.Type.ToString()!, number);
        slots.Add(slot);
        if (number)
        {
            Func<double> read = Reading.Number(row, column, "feature");
            return hash =>
            {
                double value = read();
                hash.Add(value);
                slot.Add(value, null);
            };
        }

        Func<string> text = Reading.Text(row, column);
        return hash =>
        {
            string value = text();
            hash.Add(value);
            slot.Add(0, value);
        };
    }

    private static IEnumerable<string> Advise(
        ProfileOptions options, long rows, long duplicates, long conflicts, long without, string? label, List<KeyValuePair<string, long>> classes, ColumnProfile[] columns)
    {
        if (classes.Count == 1)
            yield return $"All rows of '{label}' are '{classes[0].Key}': there is nothing to learn.";
        if (classes.Count is > 1 and <= MostClasses)
        {
            (string rare, long least) = classes[^1];
            double share = (double)least / rows;
            if (share < 0.1 && classes.Count == 2 || classes[0].Value >= 10 * least)
                yield return string.Create(CultureInfo.InvariantCulture, $"The class '{rare}' is rare: {least} of {rows} rows ({share:P2}). A model that never predicts it is right in {(double)(rows - least) / rows:P1}; judge by average precision, G-mean or cost, not accuracy, split with StratifiedFolds, and tune the threshold or weigh classes.");
            if (least < 30)
                yield return $"The class '{rare}' has {least} {(least == 1 ? "row" : "rows")}: its figures will hardly mean anything. Collect more, or join it with another.";
        }
        else if (classes.Count > MostClasses)
        {
            yield return $"The label '{label}' has {classes.Count} classes; if it is an identifier or a number to be predicted, it is no class.";
        }

        if (without > 0)
            yield return $"{without} rows have no label; trainers leave them out.";
        if (duplicates > 0)
            yield return $"{duplicates} rows are duplicates of others. Rows that are in training and test at once make a model look better than it is: remove them, or keep them in one fold with a group column.";
        if (conflicts > 0)
            yield return $"{conflicts} rows say the same as another but for the label: no model can tell them apart.";
        foreach (ColumnProfile c in columns)
        {
            if (c.Distinct <= 1 && c.Missing == 0)
                yield return $"'{c.Name}' is constant: leave it out.";
            else if (c.Missing == rows)
                yield return $"'{c.Name}' is always missing: leave it out.";
            else if (c.Missing > 0)
                yield return string.Create(CultureInfo.InvariantCulture, $"'{c.Name}' is missing in {c.Missing} rows ({(double)c.Missing / rows:P1}): replace missing values (ReplaceMissingValues), and add an indicator (IndicateMissingValues) if that it is missing may say something.");
            if (c.LabelAuc >= options.LeakageAuc || c.LabelInformation >= options.LeakageInformation)
                yield return string.Create(CultureInfo.InvariantCulture, $"'{c.Name}' alone tells the label (AUC {c.LabelAuc:F3}, information {c.LabelInformation:F3}): is it known when predictions are made? If it was written down after the fact, leave it out.");
        }

        foreach (ColumnProfile c in columns.Where(c => c.Mean is null && c.Distinct > 50 && c.Distinct >= 0.95 * (rows - c.Missing)))
            yield return $"'{c.Name}' has a value of its own in nearly every row: it looks like an identifier, from which nothing can be learned.";
    }

    /// <summary>Parts of about equally many rows; equal values are in one. -1 for NaN.</summary>
    private static int[] Quantiles(double[] values, int parts)
    {
        int[] bins = new int[values.Length], order = [.. Enumerable.Range(0, values.Length).Where(i => !double.IsNaN(values[i]))];
        Array.Fill(bins, -1);
        double[] keys = [.. order.Select(i => values[i])];
        Array.Sort(keys, order);
        for (int i = 0; i < order.Length; i++)
            bins[order[i]] = i > 0 && keys[i] == keys[i - 1] ? bins[order[i - 1]] : (int)((long)i * parts / order.Length);
        return bins;
    }

    /// <summary>Two independent sums over what a row says: 128 bits, so that chance does not make duplicates.</summary>
    private sealed class Hash
    {
        private ulong _a = 14695981039346656037, _b = 0x9e3779b97f4a7c15;

        public UInt128 Value => new(_a, _b);

        public void Add(double value) => Add((ulong)BitConverter.DoubleToInt64Bits(value));

        public void Add(string value)
        {
            foreach (char c in value)
                Add((ulong)c);
            Add(ulong.MaxValue);
        }

        private void Add(ulong value)
        {
            _a = Mixed((_a ^ value) * 0xbf58476d1ce4e5b9);
            _b = Mixed((_b + value) * 0x94d049bb133111eb);
        }

        private static ulong Mixed(ulong value) => value ^ (value >> 29);
    }

    private sealed class Slot(string name, string type, bool isNumber)
    {
        private readonly List<double> _values = [];
        private readonly Dictionary<string, int> _texts = [];
        private readonly HashSet<double> _distinct = [];

        public void Add(double number, string? text)
        {
            if (text is not null)
            {
                if (text.Length == 0)
                    number = double.NaN;
                else if (_texts.TryGetValue(text, out int index))
                    number = index;
                else
                    _texts.Add(text, (int)(number = _texts.Count));
            }

            _values.Add(number);
            if (!double.IsNaN(number) && _distinct.Count < MostDistinct)
                _distinct.Add(number);
        }

        public ColumnProfile Profile(int[]? labels, int classes, bool isClass)
        {
            double[] values = [.. _values], known = [.. values.Where(v => !double.IsNaN(v))];
            double? mean = null, deviation = null, min = null, max = null;
            if (isNumber && known.Length > 0)
            {
                (mean, min, max) = (known.Average(), known.Min(), known.Max());
                deviation = known.Length < 2 ? 0 : Math.Sqrt(known.Sum(v => (v - mean.Value) * (v - mean.Value)) / (known.Length - 1));
            }

            double? auc = labels is not null && isClass && classes is > 1 and <= MostClasses ? Auc(values, labels, classes) : null;
            double? information = labels is not null && classes > 1 ? Information(values, labels, classes) : null;
            return new(name, type, values.Length - known.Length, _distinct.Count, mean, deviation, min, max, auc, information);
        }

        // Of texts, each value is ranked by how often it comes with the class, as a tree would split them. A value seen few times would tell its own label: it counts as all rows do.
        private double Auc(double[] values, int[] labels, int classes)
        {
            double best = 0.5;
            double[] weights = [.. labels.Select((l, i) => l < 0 || double.IsNaN(values[i]) ? 0.0 : 1)];
            double[] ranked = values;
            for (int c = classes == 2 ? 1 : 0; c < classes; c++)
            {
                int index = c;
                if (!isNumber)
                {
                    int[] all = new int[_texts.Count], own = new int[_texts.Count];
                    for (int i = 0; i < values.Length; i++)
                    {
                        if (weights[i] == 0)
                            continue;
                        all[(int)values[i]]++;
                        own[(int)values[i]] += labels[i] == c ? 1 : 0;
                    }

                    double share = (double)own.Sum() / Math.Max(1, all.Sum());
                    ranked = [.. values.Select(v => double.IsNaN(v) || all[(int)v] < 5 ? share : (double)own[(int)v] / all[(int)v])];
                }

                double[] filled = [.. ranked.Select(v => double.IsNaN(v) ? 0 : v)];
                double auc = Ranking.Areas(Ranking.Order(filled), filled, i => labels[i] == index, weights).Roc;
                if (double.IsFinite(auc))
                    best = Math.Max(best, Math.Max(auc, 1 - auc));
            }

            return best;
        }

        // Missing is a value too: that something was not written down may be the leak. Rare values are taken together, as they would each tell their own label.
        private double Information(double[] values, int[] labels, int classes)
        {
            int[] bins;
            if (_distinct.Count <= Bins)
            {
                Dictionary<double, int> places = _distinct.Select((v, i) => (v, i)).ToDictionary(p => p.v, p => p.i);
                bins = [.. values.Select(v => double.IsNaN(v) ? -1 : places[v])];
            }
            else if (isNumber)
            {
                bins = Quantiles(values, Bins);
            }
            else
            {
                Dictionary<double, int> frequent = values.Where(v => !double.IsNaN(v)).GroupBy(v => v).Where(g => g.Count() >= 5).OrderByDescending(g => g.Count()).Take(200)
                    .Select((g, i) => (g.Key, i)).ToDictionary(p => p.Key, p => p.i);
                bins = [.. values.Select(v => double.IsNaN(v) ? -1 : frequent.GetValueOrDefault(v, frequent.Count))];
            }

            int count = bins.Length == 0 ? 1 : bins.Max() + 2;
            double[,] joint = new double[count, classes];
            double[] byBin = new double[count], byClass = new double[classes];
            double total = 0;
            for (int i = 0; i < bins.Length; i++)
            {
                if (labels[i] < 0)
                    continue;
                joint[bins[i] + 1, labels[i]]++;
                byBin[bins[i] + 1]++;
                byClass[labels[i]]++;
                total++;
            }

            double entropy = -byClass.Where(c => c > 0).Sum(c => c / total * Math.Log(c / total)), information = 0;
            for (int b = 0; b < count; b++)
            {
                for (int c = 0; c < classes; c++)
                {
                    if (joint[b, c] > 0)
                        information += joint[b, c] / total * Math.Log(joint[b, c] * total / (byBin[b] * byClass[c]));
                }
            }

            return entropy <= 0 ? 0 : Math.Clamp(information / entropy, 0, 1);
        }
    }
}
