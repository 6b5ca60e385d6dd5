using System.Collections.Immutable;
using System.Numerics;
using static Microsoft.ML.Transforms.NormalizingTransformer;

namespace Microsoft.ML;

/// <summary>The cumulative normal distribution of the value; 0 for a missing value and for a slot that does not vary.</summary>
internal sealed class CdfFunction<T>(bool isVector, T[] mean, T[] deviation) : SlotFunction<T>(isVector, mean.Length)
    where T : struct, IFloatingPointIeee754<T>
{
    public override NormalizerModelParametersBase Parameters => IsVector
        ? new CdfNormalizerModelParameters<ImmutableArray<T>>(Immutable(mean), Immutable(deviation), useLog: false)
        : new CdfNormalizerModelParameters<T>(mean[0], deviation[0], useLog: false);

    protected override bool IsAffine => false;

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column)
        => Getters.Map<T, T>(row, column, Of, keepsDefaults: false);

    internal static CdfFunction<T> Read(ModelLoadContext ctx)
    {
        var isVector = ctx.Reader.ReadBoolean();
        var count = ReadSlots(ctx, isVector, numbersPerSlot: 2);
        return new(isVector, Read(ctx.Reader, count), Read(ctx.Reader, count));
    }

    protected override void SaveNumbers(BinaryWriter writer)
    {
        writer.Write(IsVector);
        writer.Write(mean.Length);
        Write(writer, mean);
        Write(writer, deviation);
    }

    private T Of(int slot, T value)
    {
        if (T.IsZero(deviation[slot]))
            return T.Zero;
        var standard = double.CreateChecked((value - mean[slot]) / deviation[slot]);
        var result = 0.5 * (1 + ErrorFunction(standard / Math.Sqrt(2)));
        return double.IsNaN(result) ? T.Zero : T.CreateChecked(result);
    }

    // Winitzki's approximation; its error is at most 0.00012.
    private static double ErrorFunction(double x)
    {
        const double a = 0.147;
        var square = x * x;
        return Math.CopySign(Math.Sqrt(1 - Math.Exp(-square * ((4 / Math.PI) + (a * square)) / (1 + (a * square)))), x);
    }
}
