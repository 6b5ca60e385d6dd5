using MLNetDeep.Initializers;

namespace MLNetDeep.Generation.Tabular;

/// <summary>The rows of a table as choices and numbers, and which rows are of which category.</summary>
internal sealed class EncodedTable
{
    private readonly int[] _choices;
    private readonly float[] _numbers;
    private readonly int _fields;

    // Of each field of categories the rows, category by category, and where each category's begin.
    private readonly int[][] _rowsOf, _starts;

    private EncodedTable(TableEncoding encoding, int count)
    {
        (Encoding, Count, _fields) = (encoding, count, encoding.Fields.Length);
        _choices = new int[checked(count * _fields)];
        _numbers = new float[_choices.Length];
        _rowsOf = new int[encoding.Conditioned.Count][];
        _starts = new int[encoding.Conditioned.Count][];
    }

    public TableEncoding Encoding { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    public static EncodedTable Of(TableEncoding encoding, IReadOnlyList<double>[] cells, int seed)
    {
        EncodedTable table = new(encoding, cells[0].Count);
        for (int f = 0; f < table._fields; f++)
        {
            CounterRandom random = new(Initializer.SeedFor(seed, FormattableString.Invariant($"mode/{f}")));
            for (int row = 0; row < table.Count; row++)
                (table._choices[(row * table._fields) + f], table._numbers[(row * table._fields) + f]) = encoding.Fields[f].Encode(cells[f][row], random.Uniform(row));
        }

        for (int i = 0; i < table._rowsOf.Length; i++)
            table.Group(i);
        return table;
    }

    /// <summary>The choices of a row's fields.</summary>
    public ReadOnlySpan<int> Choices(int row) => _choices.AsSpan(row * _fields, _fields);

    /// <summary>Writes a row as networks take it.</summary>
    public void Expand(int row, Span<float> target) => Encoding.Expand(Choices(row), _numbers.AsSpan(row * _fields, _fields), target);

    /// <summary>The cell of a row's field, as the encoding gives it back.</summary>
    public double Cell(int row, int field) => Encoding.Fields[field].Decode(_choices[(row * _fields) + field], _numbers[(row * _fields) + field]);

    /// <summary>A row that is of a category, by a number from 0 to 1.</summary>
    /// <param name="conditioned">Which of <see cref="TableEncoding.Conditioned"/>.</param>
    /// <param name="choice">The category.</param>
    /// <param name="at">The number.</param>
    public int RowOf(int conditioned, int choice, double at)
    {
        int start = _starts[conditioned][choice], count = _starts[conditioned][choice + 1] - start;
        return _rowsOf[conditioned][start + Math.Min((int)(at * count), count - 1)];
    }

    private void Group(int conditioned)
    {
        int field = Encoding.Conditioned[conditioned];
        int[] starts = new int[Encoding.Fields[field].Choices + 1];
        for (int row = 0; row < Count; row++)
            starts[_choices[(row * _fields) + field] + 1]++;
        for (int c = 1; c < starts.Length; c++)
            starts[c] += starts[c - 1];
        int[] next = [.. starts], rows = new int[Count];
        for (int row = 0; row < Count; row++)
            rows[next[_choices[(row * _fields) + field]]++] = row;
        (_rowsOf[conditioned], _starts[conditioned]) = (rows, starts);
    }
}
