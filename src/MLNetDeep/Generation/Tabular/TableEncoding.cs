using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MLNetDeep.Initializers;

namespace MLNetDeep.Generation.Tabular;

/// <summary>
/// How rows of a table become rows of numbers for networks, and back: first the number of each field that has one, then a block of choices for each field that has several.
/// A condition is a one-hot vector over the categories of all fields of categories.
/// </summary>
internal sealed class TableEncoding
{
    // Of more values modes are found in that many, evenly taken.
    private const int MixtureValues = 10_000;

    // What share of the rows has a value of a quantity that is a choice of its own.
    private const double CommonShare = 0.05;

    private readonly int[] _numberAt, _blockAt, _conditionAt;

    private TableEncoding(TableColumn[] columns, TableField[] fields)
    {
        (Columns, Fields) = (columns, fields);
        FirstField = new int[columns.Length];
        for (int c = 1; c < columns.Length; c++)
            FirstField[c] = FirstField[c - 1] + columns[c - 1].Size;
        _numberAt = new int[fields.Length];
        _blockAt = new int[fields.Length];
        _conditionAt = new int[fields.Length];
        foreach (TableField field in fields)
            Numbers += field.HasNumber ? 1 : 0;
        List<int> blocks = [], conditioned = [], conditionedBlocks = [];
        int number = 0, at = Numbers;
        for (int f = 0; f < fields.Length; f++)
        {
            _numberAt[f] = fields[f].HasNumber ? number++ : -1;
            _blockAt[f] = fields[f].Choices > 1 ? at : -1;
            _conditionAt[f] = -1;
            if (fields[f].Choices < 2)
                continue;
            if (fields[f].Counts is not null)
            {
                _conditionAt[f] = Conditions;
                Conditions += fields[f].Choices;
                conditioned.Add(f);
                conditionedBlocks.Add(blocks.Count);
            }

            blocks.Add(fields[f].Choices);
            at += fields[f].Choices;
        }

        (Blocks, Width, Conditioned, ConditionedBlocks) = (blocks, at, conditioned, conditionedBlocks);
    }

    public TableColumn[] Columns { get; }

    /// <summary>A field for each slot of each column.</summary>
    public TableField[] Fields { get; }

    /// <summary>The first field of each column.</summary>
    public int[] FirstField { get; }

    /// <summary>Numbers that an encoded row begins with.</summary>
    public int Numbers { get; }

    /// <summary>Sizes of the blocks after them.</summary>
    public IReadOnlyList<int> Blocks { get; }

    /// <summary>Size of an encoded row.</summary>
    public int Width { get; }

    /// <summary>The fields that rows can be asked for by.</summary>
    public IReadOnlyList<int> Conditioned { get; }

    /// <summary>Their blocks.</summary>
    public IReadOnlyList<int> ConditionedBlocks { get; }

    /// <summary>Size of a condition; 0 where there are no categories.</summary>
    public int Conditions { get; }

    /// <summary>Finds out how a table is to be encoded, and encodes it.</summary>
    /// <exception cref="ArgumentException">A column is missing, of the wrong type or has too many categories, there are no rows, or nothing in them varies.</exception>
    /// <exception cref="InvalidOperationException">A value is infinite; column and row are named.</exception>
    public static (TableEncoding Encoding, EncodedTable Table) Fit(IDataView data, TabularOptions options, int seed)
    {
        // One more than may be: so that too many are noticed.
        TableColumn[] columns = TableColumn.Find(data.Schema, options.ColumnNames, Math.Min(options.MaxCategories, int.MaxValue - 1) + 1);
        List<double>[] cells = ReadCells(data, columns, options.MaxCategories, options.CancellationToken);
        int rows = cells[0].Count;
        if (rows == 0)
            throw new ArgumentException("There are no rows to learn from: the data is empty.");
        List<TableField> fields = [];
        foreach (TableColumn column in columns)
        {
            if (column.Texts is { } texts)
                texts.Grows = false;
            for (int slot = 0; slot < column.Size; slot++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                fields.Add(FieldOf(column, column.SlotName(slot), [.. cells[fields.Count]], options));
            }
        }

        TableEncoding encoding = new(columns, [.. fields]);
        if (encoding.Width == 0)
            throw new ArgumentException($"There is nothing to learn: {(fields.Count == 1 ? "the only column is" : $"all {fields.Count} columns are")} the same in all {rows} rows.");
        return (encoding, EncodedTable.Of(encoding, cells, seed));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that.</exception>
    public static TableEncoding Read(JsonElement json)
    {
        TableColumn[] columns = [.. json.GetProperty("columns").EnumerateArray().Select(TableColumn.Read)];
        JsonElement[] kept = [.. json.GetProperty("fields").EnumerateArray()];
        if (columns.Length == 0 || columns.Sum(c => (long)c.Size) != kept.Length)
            throw new InvalidDataException($"there are {kept.Length} fields for the slots of {columns.Length} columns.");
        List<TableField> fields = [];
        foreach (TableColumn column in columns)
        {
            for (int slot = 0; slot < column.Size; slot++)
            {
                TableField field = TableField.Read(kept[fields.Count], column.SlotName(slot));

                // Texts are looked up by number.
                for (int choice = 0; column.Texts is { } texts && choice < field.Choices; choice++)
                {
                    if (field.HasNumber || field.Decode(choice, 0) is var place && !(place >= 0 && place < texts.Texts.Count && place == Math.Floor(place)))
                        throw new InvalidDataException($"the field '{field.Name}' has a text that is not in its list.");
                }

                fields.Add(field);
            }
        }

        TableEncoding encoding = new(columns, [.. fields]);
        return encoding.Width > 0 ? encoding : throw new InvalidDataException("nothing in the table varies.");
    }

    /// <summary>Writes the encoding as properties of the object that is open.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("columns");
        foreach (TableColumn column in Columns)
            column.Write(json);
        json.WriteEndArray();
        json.WriteStartArray("fields");
        foreach (TableField field in Fields)
            field.Write(json);
        json.WriteEndArray();
    }

    /// <summary>The columns of the training data.</summary>
    public DataViewSchema ToSchema()
    {
        DataViewSchema.Builder builder = new();
        foreach (TableColumn column in Columns)
            column.AddTo(builder);
        return builder.ToSchema();
    }

    /// <summary>Writes an encoded row of choices and numbers.</summary>
    public void Expand(ReadOnlySpan<int> choices, ReadOnlySpan<float> numbers, Span<float> row)
    {
        row.Clear();
        for (int f = 0; f < choices.Length; f++)
        {
            if (_numberAt[f] >= 0)
                row[_numberAt[f]] = numbers[f];
            if (_blockAt[f] >= 0)
                row[_blockAt[f] + choices[f]] = 1;
        }
    }

    /// <summary>Draws choices by the probabilities that a network gave.</summary>
    /// <param name="row">An encoded row of numbers and probabilities.</param>
    /// <param name="random">Draws uniform numbers by place.</param>
    /// <param name="at">The row's first place; <see cref="Draws"/> of them are used.</param>
    /// <param name="deviations">Deviations of normal noise on the numbers; empty for none.</param>
    /// <param name="choices">Takes the choices.</param>
    /// <param name="numbers">Takes the numbers.</param>
    public void Draw(ReadOnlySpan<float> row, CounterRandom random, long at, ReadOnlySpan<float> deviations, Span<int> choices, Span<float> numbers)
    {
        for (int f = 0; f < Fields.Length; f++)
        {
            choices[f] = 0;
            numbers[f] = 0;
            if (_numberAt[f] is >= 0 and var number)
                numbers[f] = deviations.IsEmpty ? row[number] : Math.Clamp((float)(row[number] + (deviations[number] * random.Normal(at + (2 * f) + 1))), -1, 1);
            if (_blockAt[f] is not (>= 0 and var block))
                continue;
            double place = random.Uniform(at + (2 * f)), sum = 0;
            int last = Fields[f].Choices - 1;
            for (int c = 0; c <= last; c++)
                sum += row[block + c];
            place *= sum;
            int choice = 0;
            while (choice < last && (place -= row[block + choice]) >= 0)
                choice++;
            choices[f] = choice;
        }
    }

    /// <summary>Random numbers that <see cref="Draw"/> uses.</summary>
    public int Draws => 2 * Fields.Length;

    /// <summary>The place of a field's category in a condition.</summary>
    public int ConditionOf(int field, int choice) => _conditionAt[field] + choice;

    /// <summary>The field and category of a place in a condition.</summary>
    public (int Field, int Choice) OfCondition(int condition)
    {
        int field = Conditioned.Last(f => _conditionAt[f] <= condition);
        return (field, condition - _conditionAt[field]);
    }

    /// <summary>The first number of a field's probabilities in an encoded row; -1 where there is nothing to choose.</summary>
    public int BlockAt(int field) => _blockAt[field];

    /// <summary>The place of a field's number in an encoded row; -1 for none.</summary>
    public int NumberAt(int field) => _numberAt[field];

    /// <summary>What a user asks for as a place in a condition.</summary>
    /// <exception cref="ArgumentException">There is no such column or category, or the column has none; the message says what there is.</exception>
    public int Find(TableCondition condition)
    {
        int field = Array.FindIndex(Fields, f => f.Name == condition.Column);
        string able = Conditioned.Count == 0 ? "The table has no columns of categories." : $"Columns that rows can be asked for by are {Listed(Conditioned.Select(f => Fields[f].Name))}.";
        if (field < 0)
            throw new ArgumentException($"There is no column '{condition.Column}' in the table. {able}", nameof(condition));
        if (Fields[field] is not CategoryField categories)
            throw new ArgumentException($"The column '{condition.Column}' is {(Fields[field].HasNumber ? "one of quantities, not of categories" : "the same in all training rows")}: rows cannot be asked for by it. {able}", nameof(condition));
        TableColumn column = ColumnOf(field);
        int choice = categories.Cells.ToList().FindIndex(c => column.Describe(c) == (condition.Value ?? ""));
        return choice >= 0 ? ConditionOf(field, choice) : throw new ArgumentException(
            $"The column '{condition.Column}' never was '{condition.Value}' in training; it was {Listed(categories.Cells.Select(column.Describe))}.", nameof(condition));
    }

    /// <summary>The column that a field is a slot of.</summary>
    public TableColumn ColumnOf(int field) => Columns[Array.FindLastIndex(FirstField, f => f <= field)];

    private static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return $"{string.Join(", ", all.Take(20).Select(n => $"'{n}'"))}{(all.Length > 20 ? ", ..." : "")}";
    }

    // Of each field the cells of all rows.
    private static List<double>[] ReadCells(IDataView data, TableColumn[] columns, int mostCategories, CancellationToken cancellation)
    {
        List<double>[] cells = [.. Enumerable.Range(0, columns.Sum(c => c.Size)).Select(_ => new List<double>())];
        using DataViewRowCursor cursor = data.GetRowCursor(columns.Select(c => c.In(data.Schema)));
        TableReader reader = new(cursor, columns);
        double[] row = new double[cells.Length];
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            reader.Read(row);
            for (int f = 0; f < row.Length; f++)
                cells[f].Add(row[f]);
        }

        if (Array.Find(columns, c => c.Texts is { } texts && texts.Texts.Count > mostCategories) is { } many)
        {
            throw new ArgumentException(
                $"The column '{many.Name}' has more than {mostCategories} different texts (MaxCategories): a name or a number of things rather than a category. Leave it out (ColumnNames), or group rare texts.");
        }

        return cells;
    }

    private static TableField FieldOf(TableColumn column, string name, double[] cells, TabularOptions options)
    {
        Dictionary<double, long> counts = [];
        foreach (double cell in cells)
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, cell, out _)++;

            // Of quantities no more is to be known than that they are many.
            if (column.Codec.IsNumber && counts.Count > options.CategoricalNumbers + 3)
                break;
        }

        bool hasMissing = column.Codec.IsNumber && Array.Exists(cells, double.IsNaN);
        int present = counts.Count - (counts.ContainsKey(double.NaN) ? 1 : 0);
        if (counts.Count == 1)
            return new ConstantField(name, cells[0]);
        if (!column.Codec.IsNumber || present < 2 || (present <= options.CategoricalNumbers && cells.Length >= 10L * present))
        {
            if (counts.Count > options.MaxCategories)
            {
                throw new ArgumentException(
                    $"The column '{name}' has {counts.Count} different values, more than {options.MaxCategories} (MaxCategories): a name or a number of things rather than a category. Leave it out (ColumnNames), or group rare ones.");
            }

            double[] kinds = [.. counts.Keys.Order()];
            return new CategoryField(name, kinds, [.. kinds.Select(k => counts[k])]);
        }

        double[] known = hasMissing ? Array.FindAll(cells, c => !double.IsNaN(c)) : cells;
        double[] common = [.. known.CountBy(c => c).Where(c => c.Value >= CommonShare * cells.Length).Select(c => c.Key).Order()];
        double[] others = common.Length == 0 ? known : Array.FindAll(known, c => Array.IndexOf(common, c) < 0);
        if (others.Length == 0)
            (common, others) = ([], known);
        double[] some = others.Length <= MixtureValues ? others : [.. Enumerable.Range(0, MixtureValues).Select(i => others[(long)i * others.Length / MixtureValues])];
        VariationalMixture.Mode[] modes = VariationalMixture.Fit(some, options.Modes);
        return new NumberField(name, modes, common, hasMissing, known.Min(), known.Max(), Rounding.Of(known, column.Codec));
    }
}
