using System.Collections.Concurrent;
using Microsoft.ML;

namespace MLNetDeep.Generation.Tabular;

/// <summary>Compares synthetic rows of a table with real ones.</summary>
internal sealed class TabularEvaluator
{
    private readonly TabularEvaluationOptions _options;
    private readonly TableColumn[] _columns;
    private readonly string[] _names;
    private readonly bool[] _isQuantity;
    private readonly double[][] _real, _made;
    private readonly double[][]? _holdout;

    public TabularEvaluator(IDataView real, IDataView synthetic, IDataView? holdout, TabularEvaluationOptions options)
    {
        if (options.DistanceRows < 1 || options.Bins < 2)
            throw new ArgumentException($"DistanceRows is {options.DistanceRows} and Bins {options.Bins}, expected at least 1 and 2.", nameof(options));
        _options = options;
        _columns = TableColumn.Find(real.Schema, options.ColumnNames);
        if (options.LabelColumnName is { } label && Array.Find(_columns, c => c.Name == label) is not { Size: 1 })
            throw new ArgumentException($"The label column '{label}' is not a column of single values among those compared: {string.Join(", ", _columns.Select(c => $"'{c.Name}'"))}.");
        if (options.LabelColumnName is not null && holdout is null)
            throw new ArgumentException("A LabelColumnName was given but no held-out rows, on which models could be tested: give some real rows that no model has seen.");
        _names = [.. _columns.SelectMany(c => Enumerable.Range(0, c.Size).Select(c.SlotName))];
        _isQuantity = [.. _columns.SelectMany(c => Enumerable.Repeat(c.Codec.IsNumber, c.Size))];
        _real = Read(real, "real");
        _made = Read(synthetic, "synthetic");
        _holdout = holdout is null ? null : Read(holdout, "held-out");
    }

    public TabularMetrics Evaluate()
    {
        TabularColumnMetrics[] columns = [.. _names.Select((name, f) => new TabularColumnMetrics(
            name, _isQuantity[f], TableComparison.Shape(_real[f], _made[f], _isQuantity[f]), Missing(f, _real), Missing(f, _made)))];

        // Quantities as categories, for pairs with those.
        double[][] realBins = [.. _real.Select((c, f) => _isQuantity[f] ? TableComparison.Bins(c, c, _options.Bins) : c)];
        double[][] madeBins = [.. _made.Select((c, f) => _isQuantity[f] ? TableComparison.Bins(c, _real[f], _options.Bins) : c)];
        ConcurrentDictionary<(int, int), double?> trends = [];
        Parallel.For(0, _names.Length, new() { CancellationToken = _options.CancellationToken }, a =>
        {
            for (int b = a + 1; b < _names.Length; b++)
            {
                trends[(a, b)] = _isQuantity[a] && _isQuantity[b]
                    ? TableComparison.CorrelationSimilarity((_real[a], _real[b]), (_made[a], _made[b]))
                    : TableComparison.ContingencySimilarity((realBins[a], realBins[b]), (madeBins[a], madeBins[b]));
            }
        });
        TabularPairMetrics[] pairs = [.. trends.OrderBy(t => t.Key).Select(t => new TabularPairMetrics(_names[t.Key.Item1], _names[t.Key.Item2], t.Value))];
        return new(columns, pairs, Utility(), Privacy());
    }

    private TabularUtility? Utility()
    {
        if (_options.LabelColumnName is not { } label || _holdout is null)
            return null;
        int field = Array.IndexOf(_names, label);
        return new TableModels(_names, _isQuantity, field, _real, _made, _holdout, _options).Compare();
    }

    private TabularPrivacy Privacy()
    {
        HashSet<Row> known = [.. Enumerable.Range(0, _real[0].Length).Select(i => new Row(_real, i))];
        long Copies(double[][] table) => Enumerable.Range(0, table[0].Length).LongCount(i => known.Contains(new Row(table, i)));
        int[] all = [.. Enumerable.Range(0, _real[0].Length)], some = Some(_made[0].Length, _options.DistanceRows);
        double[] ranges = [.. _real.Select((c, f) => TableComparison.Range(c, _isQuantity[f]))];
        double[] made = Closest(_made, some, _real, all, ranges);
        TabularPrivacy privacy = new(_made[0].Length, Copies(_made), Median(made));
        if (_holdout is null)
            return privacy;
        double[] held = Closest(_holdout, Some(_holdout[0].Length, _options.DistanceRows), _real, all, ranges);
        double[] sorted = [.. held.Order()];
        double near = sorted[(int)(0.05 * sorted.Length)];

        // Of as many rows of both kinds, so that neither is nearer by number.
        int fair = Math.Min(_real[0].Length, _holdout[0].Length);
        double[] toReal = Closest(_made, some, _real, Some(_real[0].Length, fair), ranges), toHoldout = Closest(_made, some, _holdout, Some(_holdout[0].Length, fair), ranges);
        return privacy with
        {
            HoldoutRows = _holdout[0].Length,
            HoldoutCopies = Copies(_holdout),
            HoldoutMedianDistance = Median(held),
            CloseShare = made.Count(d => d < near) / (double)made.Length,
            NearerToRealShare = toReal.Zip(toHoldout).Average(p => p.First < p.Second ? 1 : p.First > p.Second ? 0 : 0.5),
        };
    }

    // Of each row the distance to the closest row of another table.
    private double[] Closest(double[][] table, int[] rows, double[][] others, int[] among, double[] ranges)
    {
        double[] distances = new double[rows.Length];
        Parallel.For(0, rows.Length, new() { CancellationToken = _options.CancellationToken }, i =>
        {
            double least = double.PositiveInfinity;
            foreach (int other in among)
                least = Math.Min(least, TableComparison.Distance(table, rows[i], others, other, ranges, least));
            distances[i] = least;
        });
        return distances;
    }

    private static int[] Some(int rows, int most) => [.. Enumerable.Range(0, Math.Min(rows, most)).Select(i => (int)((long)i * rows / Math.Min(rows, most)))];

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private double Missing(int field, double[][] table)
    {
        TableColumn column = _columns[0];
        for (int c = 0, at = 0; c < _columns.Length; at += _columns[c++].Size)
        {
            if (at <= field)
                column = _columns[c];
        }

        return table[field].Count(v => column.IsMissing(v)) / (double)table[field].Length;
    }

    // The cells of all rows, slot by slot.
    private double[][] Read(IDataView data, string kind)
    {
        List<double>[] cells = [.. _names.Select(_ => new List<double>())];
        using DataViewRowCursor cursor = data.GetRowCursor(_columns.Select(c => c.In(data.Schema)));
        TableReader reader = new(cursor, _columns);
        double[] row = new double[cells.Length];
        while (cursor.MoveNext())
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            reader.Read(row);
            for (int f = 0; f < row.Length; f++)
                cells[f].Add(row[f]);
        }

        return cells[0].Count > 0 ? [.. cells.Select(c => c.ToArray())] : throw new ArgumentException($"There are no {kind} rows to compare: the data is empty.");
    }

    private readonly struct Row(double[][] table, int index) : IEquatable<Row>
    {
        private readonly double[][] _table = table;
        private readonly int _index = index;

        public bool Equals(Row other)
        {
            for (int f = 0; f < _table.Length; f++)
            {
                if (!_table[f][_index].Equals(other._table[f][other._index]))
                    return false;
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is Row other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            foreach (double[] column in _table)
                hash.Add(column[_index]);
            return hash.ToHashCode();
        }
    }
}
