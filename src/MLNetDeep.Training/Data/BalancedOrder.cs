using MLNetDeep.Graphs;

namespace MLNetDeep.Training.Data;

/// <summary>An order of rows in which all classes come equally often: one of each class in turn, the classes in a new random order each turn.</summary>
internal sealed class BalancedOrder
{
    private readonly int[][] _classes;
    private readonly int _count;

    /// <param name="rows">The rows.</param>
    /// <param name="column">The column of classes.</param>
    /// <param name="count">Number of rows.</param>
    /// <exception cref="ArgumentException">The column holds no classes.</exception>
    public BalancedOrder(RowBuffer rows, int column, int count)
    {
        RowColumn target = rows.Columns[column];
        if (target.Size != 1)
            throw new ArgumentException($"BalancedBatches needs one class a row, but the target '{target.Name}' has {target.Size} elements.");
        _count = count;
        _classes = [.. Enumerable.Range(0, count).GroupBy(i => target.DType == DType.Int32 ? rows.Rows<int>(column, i)[0] : Class(rows.Rows<float>(column, i)[0])).OrderBy(g => g.Key).Select(g => g.ToArray())];

        int Class(float value) => value is 0 or 1
            ? (int)value
            : throw new ArgumentException(FormattableString.Invariant($"BalancedBatches needs classes, but the target '{target.Name}' holds {value}; expected 0 or 1."));
    }

    /// <summary>The rows of an epoch, as many as there are. Each class's are used up in random order before they come again.</summary>
    public IEnumerable<int> Rows(RandomNumbers random)
    {
        int[][] decks = [.. _classes.Select(c => (int[])c.Clone())];
        int[] next = new int[decks.Length], turn = [.. Enumerable.Range(0, decks.Length)];
        for (int i = 0; i < _count; i++)
        {
            int place = i % turn.Length;
            Swap(turn, place, place + random.Next(turn.Length - place));
            int[] deck = decks[turn[place]];
            int at = next[turn[place]];
            if (at == deck.Length)
                at = 0;
            Swap(deck, at, at + random.Next(deck.Length - at));
            next[turn[place]] = at + 1;
            yield return deck[at];
        }
    }

    private static void Swap(int[] items, int a, int b) => (items[a], items[b]) = (items[b], items[a]);
}
