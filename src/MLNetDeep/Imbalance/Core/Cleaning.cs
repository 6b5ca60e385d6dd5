namespace MLNetDeep.Imbalance.Core;

/// <summary>Which rows disagree with their neighbours.</summary>
internal static class Cleaning
{
    /// <summary>Rows of Tomek links (Tomek 1976): two rows of different classes, each the other's nearest.</summary>
    /// <param name="features">All rows' features.</param>
    /// <param name="labels">All rows' classes; -1 for those that do not count.</param>
    /// <param name="cleaned">Classes that lose their rows of links.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static bool[] TomekLinks(FeatureMatrix features, int[] labels, bool[] cleaned, CancellationToken cancellation)
    {
        int[] rows = Rows(labels);
        int[] nearest = new int[labels.Length];
        int[] found = features.Nearest(rows, rows, 1, cancellation).Indices;
        for (int i = 0; i < rows.Length; i++)
            nearest[rows[i]] = found[i];
        bool[] removed = new bool[labels.Length];
        foreach (int row in rows)
        {
            int other = nearest[row];
            removed[row] = cleaned[labels[row]] && nearest[other] == row && labels[other] != labels[row];
        }

        return removed;
    }

    /// <summary>Rows whose neighbours are of other classes (Wilson 1972).</summary>
    /// <param name="features">All rows' features.</param>
    /// <param name="labels">All rows' classes; -1 for those that do not count.</param>
    /// <param name="cleaned">Classes that lose such rows.</param>
    /// <param name="neighbors">How many neighbours are asked.</param>
    /// <param name="kind">How many of them must agree.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static bool[] Edited(FeatureMatrix features, int[] labels, bool[] cleaned, int neighbors, NeighborAgreement kind, CancellationToken cancellation)
    {
        int[] rows = Rows(labels), queries = [.. rows.Where(r => cleaned[labels[r]])];
        int[] found = features.Nearest(queries, rows, neighbors, cancellation).Indices;
        bool[] removed = new bool[labels.Length];
        for (int i = 0; i < queries.Length; i++)
            removed[queries[i]] = !Agrees(labels, queries[i], found.AsSpan(i * neighbors, neighbors), kind);
        return removed;
    }

    /// <summary>Whether a row's neighbours are of its class.</summary>
    public static bool Agrees(int[] labels, int row, ReadOnlySpan<int> neighbors, NeighborAgreement kind)
    {
        Dictionary<int, int> votes = [];
        foreach (int neighbor in neighbors)
            votes[labels[neighbor]] = votes.GetValueOrDefault(labels[neighbor]) + 1;
        int own = votes.GetValueOrDefault(labels[row]);
        return kind == NeighborAgreement.All
            ? own == neighbors.Length
            : votes.All(v => v.Key == labels[row] || v.Value < own || v.Value == own && v.Key > labels[row]);
    }

    /// <summary>Checks that there are so many neighbours.</summary>
    public static void Check(int rows, int neighbors, string method)
    {
        if (neighbors >= rows)
            throw new ArgumentException($"{method} looks for {neighbors} neighbours (Neighbors), but there are {rows} rows: set it to {rows - 1} or less.");
    }

    private static int[] Rows(int[] labels) => [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] >= 0)];
}
