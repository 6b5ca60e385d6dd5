using System.Collections.Immutable;
using System.Numerics;
using static Microsoft.ML.Transforms.NormalizingTransformer;

namespace Microsoft.ML;

/// <summary>(value - offset) * scale, or value * scale where there is no offset.</summary>
internal sealed class AffineFunction<T>(bool isVector, T[] scale, T[]? offset) : SlotFunction<T>(isVector, scale.Length)
    where T : struct, IFloatingPointIeee754<T>
{
    public override NormalizerModelParametersBase Parameters => IsVector
        ? new AffineNormalizerModelParameters<ImmutableArray<T>>(Immutable(scale), Immutable(offset))
        : new AffineNormalizerModelParameters<T>(scale[0], offset is null ? T.Zero : offset[0]);

    protected override bool IsAffine => true;

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column) => offset is null
        ? Getters.Map<T, T>(row, column, (slot, value) => value * scale[slot], keepsDefaults: true)
        : Getters.Map<T, T>(row, column, (slot, value) => (value - offset[slot]) * scale[slot], keepsDefaults: false);

    internal static AffineFunction<T> Read(ModelLoadContext ctx)
    {
        var isVector = ctx.Reader.ReadBoolean();
        var hasOffset = ctx.Reader.ReadBoolean();
        var count = ReadSlots(ctx, isVector, numbersPerSlot: hasOffset ? 2 : 1);
        return new(isVector, Read(ctx.Reader, count), hasOffset ? Read(ctx.Reader, count) : null);
    }

    protected override void SaveNumbers(BinaryWriter writer)
    {
        writer.Write(IsVector);
        writer.Write(offset is not null);
        writer.Write(scale.Length);
        Write(writer, scale);
        if (offset is not null)
            Write(writer, offset);
    }
}
