using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>What linear models share.</summary>
internal static class Linear
{
    /// <summary>The sum of features times the weights from an offset on.</summary>
    public static float Dot(in VBuffer<float> features, float[] weights, int offset)
    {
        var values = features.GetValues();
        double sum = 0;
        if (features.IsDense)
        {
            for (var i = 0; i < values.Length; i++)
                sum += (double)values[i] * weights[offset + i];
            return (float)sum;
        }
        var indices = features.GetIndices();
        for (var i = 0; i < values.Length; i++)
            sum += (double)values[i] * weights[offset + indices[i]];
        return (float)sum;
    }

    /// <summary>Exponentials that add up to 1.</summary>
    public static void Softmax(Span<float> values)
    {
        var most = float.NegativeInfinity;
        foreach (var value in values)
            most = MathF.Max(most, value);
        double sum = 0;
        for (var i = 0; i < values.Length; i++)
            sum += values[i] = MathF.Exp(values[i] - most);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(values[i] / sum);
    }

    public static void Save(ModelSaveContext ctx, float[] values)
    {
        ctx.Writer.Write(values.Length);
        foreach (var value in values)
            ctx.Writer.Write(value);
    }

    public static float[] Load(ModelLoadContext ctx)
    {
        var values = new float[ctx.ReadCount(sizeof(float))];
        for (var i = 0; i < values.Length; i++)
            values[i] = ctx.Reader.ReadSingle();
        return values;
    }
}
