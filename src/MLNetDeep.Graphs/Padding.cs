using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetDeep;

/// <summary>
/// What is put around images or sequences before a window moves over them: <c>"valid"</c> (nothing, the default), <c>"same"</c>, <c>"causal"</c>, or numbers of cells.
/// </summary>
/// <remarks>
/// <c>same</c>, as in Keras and TensorFlow: as many positions as there are cells, divided by the stride and rounded up; where the cells to add are odd in number,
/// one more goes behind than before. PyTorch pads both sides alike: <c>Padding.Explicit(1)</c>, or just <c>1</c>.
/// </remarks>
[JsonConverter(typeof(Converter))]
public readonly struct Padding : IEquatable<Padding>
{
    private readonly Kind _kind;
    private readonly int[]? _cells;

    private Padding(Kind kind, int[]? cells = null)
    {
        _kind = kind;
        _cells = cells;
    }

    private enum Kind
    {
        Valid,
        Same,
        Causal,
        Explicit,
    }

    /// <summary>Nothing.</summary>
    public static Padding Valid => default;

    /// <summary>So much that a window of stride 1 gives as many cells as there were.</summary>
    public static Padding Same => new(Kind.Same);

    /// <summary>All before the first step, so that no output depends on later steps; for sequences.</summary>
    public static Padding Causal => new(Kind.Causal);

    /// <summary>Numbers of cells before and after, for each axis, or once for all axes.</summary>
    /// <exception cref="ArgumentException">A number is negative, or there are none or more than three pairs.</exception>
    public static Padding Explicit(params ReadOnlySpan<(int Before, int After)> sides)
    {
        List<int> cells = [];
        foreach ((int before, int after) in sides)
            cells.AddRange([before, after]);
        return FromCells([.. cells]);
    }

    /// <summary>The same number of cells on every side.</summary>
    /// <exception cref="ArgumentException">It is negative.</exception>
    public static Padding Explicit(int cells) => FromCells([cells, cells]);

    /// <summary>The same number of cells on every side.</summary>
    public static implicit operator Padding(int cells) => Explicit(cells);

    /// <summary>By Keras's word: <c>"valid"</c>, <c>"same"</c> or <c>"causal"</c>.</summary>
    /// <exception cref="ArgumentException">It is another word.</exception>
    public static implicit operator Padding(string word) => word switch
    {
        "valid" => Valid,
        "same" => Same,
        "causal" => Causal,
        _ => throw new ArgumentException($"Padding is '{word}', expected 'valid', 'same', 'causal' or numbers of cells.", nameof(word)),
    };

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(Padding left, Padding right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(Padding left, Padding right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Padding other) => _kind == other._kind && _cells.AsSpan().SequenceEqual(other._cells);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Padding other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (_cells ?? []).Aggregate((int)_kind, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => _kind == Kind.Explicit ? $"[{string.Join(", ", _cells!)}]" : _kind.ToString().ToLowerInvariant();

    internal bool IsSame => _kind == Kind.Same;

    internal bool IsExplicit => _kind == Kind.Explicit;

    // Cells before and after along axis number axis of so many, for a window that reaches over so many of size cells.
    internal (int Before, int After) For(int axis, int axes, int size, long reach, int stride)
    {
        switch (_kind)
        {
            case Kind.Same:
                long positions = ((long)size + stride - 1) / stride, total = Math.Max(((positions - 1) * stride) + reach - size, 0);
                return checked(((int)(total / 2), (int)(total - (total / 2))));
            case Kind.Causal:
                return axes == 1 ? (checked((int)(reach - 1)), 0) : throw new ArgumentException("padding 'causal' is for sequences.");
            case Kind.Explicit:
                if (_cells!.Length != 2 && _cells.Length != 2 * axes)
                    throw new ArgumentException($"padding {this} has {_cells.Length} numbers, expected {2 * axes}: before and after for each axis.");
                int at = _cells.Length == 2 ? 0 : 2 * axis;
                return (_cells[at], _cells[at + 1]);
            default:
                return (0, 0);
        }
    }

    private static Padding FromCells(int[] cells) => cells.Length is 2 or 4 or 6 && cells.All(c => c is >= 0 and <= 1 << 20)
        ? new(Kind.Explicit, cells)
        : throw new ArgumentException($"Padding is [{string.Join(", ", cells)}], expected one to three pairs of numbers of at least 0.", nameof(cells));

    // A word, or the list of numbers.
    private sealed class Converter : JsonConverter<Padding>
    {
        public override Padding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
                return reader.GetString()!;
            List<int> cells = [];
            if (reader.TokenType != JsonTokenType.StartArray)
                throw new JsonException("A padding is a word or a list of numbers.");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (cells.Count == 6)
                    throw new JsonException("A padding has at most six numbers.");
                cells.Add(reader.GetInt32());
            }

            return FromCells([.. cells]);
        }

        public override void Write(Utf8JsonWriter writer, Padding value, JsonSerializerOptions options)
        {
            if (value._kind != Kind.Explicit)
            {
                writer.WriteStringValue(value.ToString());
                return;
            }

            writer.WriteStartArray();
            foreach (int cells in value._cells!)
                writer.WriteNumberValue(cells);
            writer.WriteEndArray();
        }
    }
}
