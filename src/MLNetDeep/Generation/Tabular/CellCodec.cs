using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Generation.Tabular;

/// <summary>
/// Values of one of ML.NET's types as double-precision numbers ("cells") and back: numbers and times as they are (times in ticks from the year 2000 on), Booleans as 0 and 1,
/// keys by their number, texts by their place in a list. A missing number is NaN, a missing key 0.
/// </summary>
internal abstract class CellCodec
{
    private static readonly long Epoch = new DateTime(2000, 1, 1).Ticks;

    private static readonly CellCodec[] Plain =
    [
        new Typed<float>(NumberDataViewType.Single, v => v, v => (float)v) { IsNumber = true },
        new Typed<double>(NumberDataViewType.Double, v => v, v => v) { IsNumber = true },
        Whole<sbyte>(NumberDataViewType.SByte, v => v, v => (sbyte)v, sbyte.MinValue, sbyte.MaxValue),
        Whole<byte>(NumberDataViewType.Byte, v => v, v => (byte)v, byte.MinValue, byte.MaxValue),
        Whole<short>(NumberDataViewType.Int16, v => v, v => (short)v, short.MinValue, short.MaxValue),
        Whole<ushort>(NumberDataViewType.UInt16, v => v, v => (ushort)v, ushort.MinValue, ushort.MaxValue),
        Whole<int>(NumberDataViewType.Int32, v => v, v => (int)v, int.MinValue, int.MaxValue),
        Whole<uint>(NumberDataViewType.UInt32, v => v, v => (uint)v, uint.MinValue, uint.MaxValue),

        // The greatest double below 2⁶³, and below 2⁶⁴: the limits themselves are not doubles.
        Whole<long>(NumberDataViewType.Int64, v => v, v => (long)v, long.MinValue, Math.BitDecrement(9223372036854775808.0)),
        Whole<ulong>(NumberDataViewType.UInt64, v => v, v => (ulong)v, ulong.MinValue, Math.BitDecrement(18446744073709551616.0)),
        new Typed<bool>(BooleanDataViewType.Instance, v => v ? 1 : 0, v => v != 0),
        new Typed<DateTime>(DateTimeDataViewType.Instance, v => v.Ticks - Epoch, v => new DateTime(Ticks(v))) { IsNumber = true, IsTime = true },
        new Typed<DateTimeOffset>(DateTimeOffsetDataViewType.Instance, v => v.UtcTicks - Epoch, v => new DateTimeOffset(Ticks(v), TimeSpan.Zero)) { IsNumber = true, IsTime = true },
        new Typed<TimeSpan>(TimeSpanDataViewType.Instance, v => v.Ticks, v => new TimeSpan((long)Math.Clamp(v, long.MinValue, Math.BitDecrement(9223372036854775808.0)))) { IsNumber = true, IsTime = true },
    ];

    /// <summary>Puts the present row's cells into a span, one for each slot.</summary>
    public delegate void Reader(Span<double> cells);

    /// <summary>ML.NET's type.</summary>
    public required DataViewType ItemType { get; init; }

    /// <summary>Whether cells are quantities, not names of things.</summary>
    public bool IsNumber { get; private init; }

    /// <summary>Whether values are whole numbers.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Whether values are points or spans of time, in ticks.</summary>
    public bool IsTime { get; private init; }

    /// <summary>The codec of a type; null where there is none.</summary>
    public static CellCodec? Of(DataViewType item) => item switch
    {
        KeyDataViewType key => key.RawType == typeof(byte) ? new Typed<byte>(key, v => v, v => (byte)v)
            : key.RawType == typeof(ushort) ? new Typed<ushort>(key, v => v, v => (ushort)v)
            : key.RawType == typeof(uint) ? new Typed<uint>(key, v => v, v => (uint)v)
            : new Typed<ulong>(key, v => v, v => (ulong)v),
        TextDataViewType => new Text(),
        _ => Array.Find(Plain, c => c.ItemType.Equals(item)),
    };

    /// <summary>The type that <see cref="ItemType"/>'s name stands for; null for a key and for what has no codec.</summary>
    public static DataViewType? TypeOf(string name) => name == TextDataViewType.Instance.ToString() ? TextDataViewType.Instance : Array.Find(Plain, c => c.ItemType.ToString() == name)?.ItemType;

    /// <summary>Makes a reader of a column over a row or cursor.</summary>
    /// <param name="row">The row or cursor.</param>
    /// <param name="column">The column.</param>
    /// <param name="texts">The texts of the column, where it has texts.</param>
    public abstract Reader Bind(DataViewRow row, DataViewSchema.Column column, TextList? texts);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of values of cells.</summary>
    /// <param name="size">Number of slots of a vector; null for a single value.</param>
    /// <param name="cell">The present row's cell of a slot.</param>
    /// <param name="texts">The texts of the column, where it has texts.</param>
    public abstract Delegate CreateGetter(int? size, Func<int, double> cell, TextList? texts);

    private static Typed<T> Whole<T>(DataViewType type, Func<T, double> to, Func<double, T> from, double least, double most) =>
        new(type, to, v => from(Math.Clamp(Math.Round(v), least, most))) { IsNumber = true, IsWhole = true };

    private static long Ticks(double cell) => (long)Math.Clamp(cell + Epoch, 0, DateTime.MaxValue.Ticks - 1024);

    private static Reader Bind<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double> convert)
    {
        if (column.Type is not VectorDataViewType { Size: var size })
        {
            ValueGetter<T> scalar = row.GetGetter<T>(column);
            T value = default!;
            return cells =>
            {
                scalar(ref value);
                cells[0] = convert(value);
            };
        }

        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        double absent = convert(default!);
        return cells =>
        {
            getter(ref buffer);
            if (buffer.Length != size)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Column '{column.Name}' has {buffer.Length} slots in data row {row.Position + 1}, expected {size} as its type says."));
            if (!buffer.IsDense)
                cells.Fill(absent);
            foreach (KeyValuePair<int, T> item in buffer.Items())
                cells[item.Key] = convert(item.Value);
        };
    }

    private static Delegate CreateGetter<T>(int? size, Func<int, double> cell, Func<double, T> convert)
    {
        if (size is not { } slots)
            return (ValueGetter<T>)((ref T value) => value = convert(cell(0)));
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, slots);
            for (int i = 0; i < slots; i++)
                editor.Values[i] = convert(cell(i));
            value = editor.Commit();
        });
    }

    private sealed class Typed<T> : CellCodec
    {
        private readonly Func<T, double> _to;
        private readonly Func<double, T> _from;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Typed(DataViewType type, Func<T, double> to, Func<double, T> from) => (ItemType, _to, _from) = (type, to, from);

        public override Reader Bind(DataViewRow row, DataViewSchema.Column column, TextList? texts) => Bind(row, column, _to);

        public override Delegate CreateGetter(int? size, Func<int, double> cell, TextList? texts) => CreateGetter(size, cell, _from);
    }

    private sealed class Text : CellCodec
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Text() => ItemType = TextDataViewType.Instance;

        public override Reader Bind(DataViewRow row, DataViewSchema.Column column, TextList? texts) => Bind<ReadOnlyMemory<char>>(row, column, text => texts!.IndexOf(text.Span));

        public override Delegate CreateGetter(int? size, Func<int, double> cell, TextList? texts) => CreateGetter(size, cell, index => texts!.Texts[(int)index].AsMemory());
    }
}
