using System.Globalization;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A line taken apart into its fields. One object is used for all lines of a file.</summary>
internal sealed class TextLine(TextLoader.Options options)
{
    private readonly bool _skipSpaces = !options.Separators.Contains(' ');
    private readonly List<ReadOnlyMemory<char>> _fields = [];

    // Logical column of each field, and which column each logical one is; only filled for lines with sparse parts.
    private readonly Dictionary<int, int> _sparse = [];
    private bool _isSparse;

    /// <summary>How many logical columns the line has.</summary>
    public int Count { get; private set; }

    /// <summary>The text of a logical column; empty where there is none.</summary>
    public ReadOnlyMemory<char> this[int column]
    {
        get
        {
            if (column >= Count)
                return default;
            if (!_isSparse)
                return _fields[column];
            return _sparse.TryGetValue(column, out var field) ? _fields[field] : default;
        }
    }

    /// <summary>Takes a line apart; false where a quoted field does not end in it.</summary>
    public bool Parse(string line)
    {
        _fields.Clear();
        var text = line.AsMemory();
        if (options.TrimWhitespace)
            text = text.TrimEnd();
        var complete = true;
        for (var at = 0; at >= 0;)
            at = Next(text, at, ref complete);
        Resolve();
        if (options.InputSize < Count)
            Count = options.InputSize.Value;
        return complete;
    }

    // Reads the field at a position; gives the position of the next one, or -1 after the last.
    private int Next(ReadOnlyMemory<char> text, int at, ref bool complete)
    {
        var span = text.Span;
        while (_skipSpaces && at < span.Length && span[at] == ' ')
            at++;
        if (options.AllowQuoting && at < span.Length && span[at] == '"')
            return NextQuoted(text, at, ref complete);
        var length = span[at..].IndexOfAny(options.Separators);
        _fields.Add(length < 0 ? text[at..] : text.Slice(at, length));
        return length < 0 ? -1 : at + length + 1;
    }

    private int NextQuoted(ReadOnlyMemory<char> text, int at, ref bool complete)
    {
        var span = text.Span;
        var field = new StringBuilder();
        var i = at + 1;
        for (; ; i++)
        {
            if (i >= span.Length)
            {
                // Without its end the field has no value, and nothing after it can be told apart.
                complete = false;
                _fields.Add(default);
                return -1;
            }
            var next = i + 1 < span.Length ? span[i + 1] : '\0';
            if (span[i] == options.EscapeChar && next == '"')
            {
                field.Append('"');
                i++;
            }
            else if (span[i] == '"')
                break;
            else
                field.Append(span[i]);
        }
        i++;
        while (_skipSpaces && i < span.Length && span[i] == ' ')
            i++;
        var rest = span[i..].IndexOfAny(options.Separators);
        var clean = rest == 0 || i == span.Length;
        _fields.Add(clean ? field.ToString().AsMemory() : default);
        return rest < 0 ? -1 : i + rest + 1;
    }

    // A field "n" before fields "i:v" stands for n columns, of which those at i are given.
    private void Resolve()
    {
        _isSparse = false;
        Count = _fields.Count;
        if (!options.AllowSparse || !_fields.Exists(f => f.Span.Contains(':')))
            return;
        _sparse.Clear();
        _isSparse = true;
        Count = 0;
        for (var i = 0; i < _fields.Count; i++)
        {
            if (i + 1 < _fields.Count && TrySplit(_fields[i + 1], out _, out _)
                && int.TryParse(_fields[i].Span, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var length))
            {
                while (i + 1 < _fields.Count && TrySplit(_fields[i + 1], out var index, out var value))
                {
                    i++;
                    if (index >= length)
                        continue;
                    _fields[i] = value;
                    _sparse[Count + index] = i;
                }
                Count += length;
            }
            else
                _sparse[Count++] = i;
        }
    }

    private static bool TrySplit(ReadOnlyMemory<char> field, out int index, out ReadOnlyMemory<char> value)
    {
        index = 0;
        value = default;
        var colon = field.Span.IndexOf(':');
        if (colon <= 0 || !int.TryParse(field.Span[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out index))
            return false;
        value = field[(colon + 1)..];
        return true;
    }
}
