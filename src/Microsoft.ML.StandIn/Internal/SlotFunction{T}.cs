using System.Collections.Immutable;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A function of each slot over numbers of one type.</summary>
internal abstract class SlotFunction<T>(bool isVector, int slots) : SlotFunction
    where T : struct, IFloatingPointIeee754<T>
{
    public override PrimitiveDataViewType ItemType => DataViewTypes.PrimitiveOf(typeof(T));

    public override int VectorSize => isVector ? slots : 0;

    protected bool IsVector => isVector;

    protected static ImmutableArray<T> Immutable(T[]? values) => values is null ? [] : [.. values];

    protected static int ReadSlots(ModelLoadContext ctx, bool isVector, int numbersPerSlot)
    {
        var slots = ctx.ReadCount(numbersPerSlot * sizeof(double));
        return (isVector ? slots > 0 : slots == 1) ? slots : throw new FormatException($"Corrupt model: a normaliser has {slots} slots.");
    }

    protected static void Write(BinaryWriter writer, T[] values)
    {
        foreach (var value in values)
            writer.Write(double.CreateChecked(value));
    }

    protected static T[] Read(BinaryReader reader, int count)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = T.CreateChecked(reader.ReadDouble());
        return values;
    }
}
