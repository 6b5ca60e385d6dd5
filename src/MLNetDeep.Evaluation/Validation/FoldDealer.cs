using Microsoft.ML;
using MLNetDeep.Evaluation.Samples;
using MLNetDeep.Rows;

namespace MLNetDeep.Evaluation.Validation;

/// <summary>Deals rows out to folds, so that each has about the same share of every class, and no group is in two.</summary>
internal static class FoldDealer
{
    /// <summary>For each repeat and row the fold; -1 for rows without a class.</summary>
    /// <exception cref="ArgumentException">A column is missing, there are no rows, or fewer rows in a class (or groups) than folds.</exception>
    public static int[][] Deal(IDataView data, string? stratifyColumn, FoldOptions options)
    {
        if (options.NumberOfFolds < 2)
            throw new ArgumentException($"{nameof(options.NumberOfFolds)} is {options.NumberOfFolds}; expected at least 2.");
        if (options.Repeats < 1)
            throw new ArgumentException($"{nameof(options.Repeats)} is {options.Repeats}; expected at least 1.");
        (int[] classes, string[] classNames, int[]? groups) = Read(data, stratifyColumn, options.GroupColumn);
        Check(classes, classNames, groups, stratifyColumn, options);
        return [.. Enumerable.Range(0, options.Repeats).Select(r =>
        {
            Random random = new(unchecked(options.Seed * 7919 + r));
            return groups is null ? ByRow(classes, classNames.Length, options.NumberOfFolds, random) : ByGroup(classes, classNames.Length, groups, options.NumberOfFolds, random);
        })];
    }

    private static (int[] Classes, string[] Names, int[]? Groups) Read(IDataView data, string? stratifyColumn, string? groupColumn)
    {
        DataViewSchema.Column? label = stratifyColumn is null ? null : ColumnRef.Find(data.Schema, stratifyColumn, "label");
        DataViewSchema.Column? group = groupColumn is null ? null : ColumnRef.Find(data.Schema, groupColumn, "group");
        List<int> classes = [], groups = [];
        Dictionary<string, int> classIndices = [], groupIndices = [];
        using DataViewRowCursor cursor = data.GetRowCursor(new[] { label, group }.OfType<DataViewSchema.Column>().DistinctBy(c => c.Index));
        Func<string>? readClass = label is { } l ? Reading.Text(cursor, l) : null, readGroup = group is { } g ? Reading.Text(cursor, g) : null;
        while (cursor.MoveNext())
        {
            string name = readClass?.Invoke() ?? "all";
            classes.Add(name is "" or "NaN" ? -1 : Index(classIndices, name));
            if (readGroup is not null)
                groups.Add(Index(groupIndices, readGroup()));
        }

        return ([.. classes], [.. classIndices.Keys], readGroup is null ? null : [.. groups]);

        static int Index(Dictionary<string, int> indices, string name)
        {
            if (!indices.TryGetValue(name, out int index))
                indices.Add(name, index = indices.Count);
            return index;
        }
    }

    private static void Check(int[] classes, string[] names, int[]? groups, string? column, FoldOptions options)
    {
        int folds = options.NumberOfFolds;
        if (classes.All(c => c < 0))
            throw new ArgumentException(column is null ? "The data has no rows; there is nothing to validate on." : $"The data has no rows whose label '{column}' is given; there is nothing to validate on.");
        for (int c = 0; c < names.Length; c++)
        {
            int rows = classes.Count(v => v == c);
            if (rows < folds)
                throw new ArgumentException(column is null
                    ? $"The data has {rows} rows, fewer than the {folds} folds."
                    : $"The class '{names[c]}' of '{column}' has {rows} {(rows == 1 ? "row" : "rows")}, fewer than the {folds} folds: some would be without it. Use fewer folds, or more rows of it. (A label of very many values is no class: validate regressions with the regression catalog.)");
            if (groups is null)
                continue;
            int holders = groups.Where((_, i) => classes[i] == c).Distinct().Count();
            if (holders < folds)
                throw new ArgumentException($"{(column is null ? "The rows are" : $"The class '{names[c]}' of '{column}' is")} in {holders} {(holders == 1 ? "group" : "groups")} of '{options.GroupColumn}' only, fewer than the {folds} folds. Use fewer folds, or a finer grouping.");
        }
    }

    private static int[] ByRow(int[] classes, int count, int folds, Random random)
    {
        int[] assigned = new int[classes.Length];
        Array.Fill(assigned, -1);

        // Dealing goes on where the class before left off, so that folds differ by one row at most.
        int next = 0;
        for (int c = 0; c < count; c++)
        {
            int[] rows = [.. Enumerable.Range(0, classes.Length).Where(i => classes[i] == c)];
            random.Shuffle(rows);
            foreach (int row in rows)
                assigned[row] = next++ % folds;
        }

        return assigned;
    }

    // As scikit-learn's StratifiedGroupKFold: groups with the most uneven classes first, each to where the classes' shares then differ least.
    private static int[] ByGroup(int[] classes, int count, int[] groups, int folds, Random random)
    {
        int groupCount = groups.Max() + 1;
        double[][] held = [.. Enumerable.Range(0, groupCount).Select(_ => new double[count])];
        double[] totals = new double[count];
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] < 0)
                continue;
            held[groups[i]][classes[i]]++;
            totals[classes[i]]++;
        }

        int[] order = [.. Enumerable.Range(0, groupCount)];
        random.Shuffle(order);
        order = [.. order.OrderByDescending(g => count > 1 ? Deviation(held[g]) : held[g][0])];
        double[][] shares = [.. Enumerable.Range(0, folds).Select(_ => new double[count])];
        double[] sizes = new double[folds];
        int[] foldOf = new int[groupCount];
        foreach (int group in order)
        {
            (int Fold, double Spread, double Size) best = (-1, 0, 0);
            for (int f = 0; f < folds; f++)
            {
                double spread = 0;
                for (int c = 0; c < count; c++)
                    spread += Deviation([.. shares.Select((s, i) => (s[c] + (i == f ? held[group][c] : 0)) / totals[c])]);
                if (best.Fold < 0 || spread < best.Spread - 1e-12 || (spread < best.Spread + 1e-12 && sizes[f] < best.Size))
                    best = (f, spread, sizes[f]);
            }

            foldOf[group] = best.Fold;
            sizes[best.Fold] += held[group].Sum();
            for (int c = 0; c < count; c++)
                shares[best.Fold][c] += held[group][c];
        }

        return [.. classes.Select((c, i) => c < 0 ? -1 : foldOf[groups[i]])];
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
