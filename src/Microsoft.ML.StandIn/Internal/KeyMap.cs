using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Values and the keys they have: 1 for the first, and so on; 0 for a missing or unknown value.</summary>
internal abstract class KeyMap(PrimitiveDataViewType itemType)
{
    /// <summary>The type of the values.</summary>
    public PrimitiveDataViewType ItemType => itemType;

    /// <summary>How many values there are.</summary>
    public abstract int Count { get; }

    /// <summary>An empty map over values of a type.</summary>
    public static KeyMap Create(PrimitiveDataViewType itemType)
        => Getters.Call<KeyMap>(typeof(KeyMap), nameof(CreateTyped), [itemType.RawType], itemType);

    /// <summary>Makes what takes the column's present values in, until there are so many.</summary>
    public abstract Action MakeReader(DataViewRow row, DataViewSchema.Column column, int maximumNumberOfKeys);

    /// <summary>Gives the keys anew, in the order of their values.</summary>
    public abstract void Sort();

    /// <summary>The getter of a column's keys.</summary>
    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Adds what the keys stand for.</summary>
    public abstract void Annotate(DataViewSchema.Annotations.Builder annotations, bool asText);

    /// <summary>Writes the type and the values.</summary>
    public void Save(ModelSaveContext ctx)
    {
        ctx.Writer.Write((byte)(DataViewTypes.KindOrNull(ItemType)
            ?? throw new NotSupportedException($"Keys of values of type {ItemType} cannot be saved.")));
        ctx.Writer.Write(DataViewTypes.KeyCountOf(ItemType));
        ctx.Writer.Write(Count);
        SaveValues(ctx.Writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static KeyMap Load(ModelLoadContext ctx)
    {
        var kind = (DataKind)ctx.Reader.ReadByte();
        if (!Enum.IsDefined(kind))
            throw new FormatException($"Corrupt model: there is no kind of data {(byte)kind}.");
        var type = DataViewTypes.PrimitiveOf(kind);
        var keyCount = ctx.Reader.ReadUInt64();
        if (keyCount > 0)
        {
            if (!KeyDataViewType.IsValidDataType(type.RawType))
                throw new FormatException($"Corrupt model: there are no keys of type {type}.");
            type = new KeyDataViewType(type.RawType, keyCount);
        }
        var map = Create(type);
        map.LoadValues(ctx.Reader, ctx.ReadCount(minimumItemSize: 1));
        return map;
    }

    protected abstract void SaveValues(BinaryWriter writer);

    protected abstract void LoadValues(BinaryReader reader, int count);

    private static KeyMap<T> CreateTyped<T>(PrimitiveDataViewType itemType)
        where T : notnull
        => new(itemType);
}
