using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>A function of each slot of a column, as a normaliser learns it.</summary>
internal abstract class SlotFunction
{
    /// <summary>The type of the numbers.</summary>
    public abstract PrimitiveDataViewType ItemType { get; }

    /// <summary>The number of slots; 0 for a scalar.</summary>
    public abstract int VectorSize { get; }

    /// <summary>The function's parameters, for users.</summary>
    public abstract NormalizingTransformer.NormalizerModelParametersBase Parameters { get; }

    /// <summary>The getter of the function's values over a row's column.</summary>
    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Whether a column is one that the function can take.</summary>
    public bool Takes(DataViewType type)
        => type is VectorDataViewType vector ? vector.Size == VectorSize && vector.ItemType.Equals(ItemType) : VectorSize == 0 && type.Equals(ItemType);

    /// <summary>Writes the function.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(IsAffine);
        writer.Write(ItemType.RawType == typeof(double));
        SaveNumbers(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static SlotFunction Load(ModelLoadContext ctx)
    {
        var isAffine = ctx.Reader.ReadBoolean();
        var isDouble = ctx.Reader.ReadBoolean();
        return (isAffine, isDouble) switch
        {
            (true, true) => AffineFunction<double>.Read(ctx),
            (true, false) => AffineFunction<float>.Read(ctx),
            (false, true) => CdfFunction<double>.Read(ctx),
            (false, false) => CdfFunction<float>.Read(ctx),
        };
    }

    protected abstract bool IsAffine { get; }

    protected abstract void SaveNumbers(BinaryWriter writer);
}
