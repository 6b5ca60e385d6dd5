using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx;

/// <summary>Operators on constants, worked out when the file is written.</summary>
internal static class Folding
{
    public static Func<float, float>? Unary(string op) => op switch
    {
        "Neg" => x => -x,
        "Sqrt" => MathF.Sqrt,
        "Reciprocal" => x => 1 / x,
        _ => null,
    };

    public static Func<float, float, float>? Binary(string op) => op switch
    {
        "Add" => (a, b) => a + b,
        "Sub" => (a, b) => a - b,
        "Mul" => (a, b) => a * b,
        "Div" => (a, b) => a / b,
        _ => null,
    };

    public static float[] Broadcast(float[] a, Shape aShape, float[] b, Shape bShape, Shape shape, Func<float, float, float> f)
    {
        float[] result = new float[shape.UnitSize];
        int[] aSteps = Steps(aShape, shape), bSteps = Steps(bShape, shape);
        int[] at = new int[shape.Rank];
        int i = 0, j = 0;
        for (int k = 0; k < result.Length; k++)
        {
            result[k] = f(a[i], b[j]);
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                i += aSteps[axis];
                j += bSteps[axis];
                if (++at[axis] < shape[axis])
                    break;
                i -= aSteps[axis] * shape[axis];
                j -= bSteps[axis] * shape[axis];
                at[axis] = 0;
            }
        }

        return result;
    }

    public static float[] Transpose(float[] values, Shape shape, int[] perm)
    {
        int[] strides = Strides(shape), steps = [.. perm.Select(p => strides[p])], sizes = [.. perm.Select(p => shape[p])];
        return Walk(values, sizes, steps, 0);
    }

    public static float[] Slice(float[] values, Shape shape, int axis, int begin, int size)
    {
        int[] strides = Strides(shape), sizes = shape.With(axis, size).Dims.ToArray();
        return Walk(values, sizes, strides, begin * strides[axis]);
    }

    // Elements in the order of sizes, each axis a step apart.
    private static float[] Walk(float[] values, int[] sizes, int[] steps, int from)
    {
        float[] result = new float[sizes.Aggregate(1, (a, b) => a * b)];
        int[] at = new int[sizes.Length];
        int i = from;
        for (int k = 0; k < result.Length; k++)
        {
            result[k] = values[i];
            for (int axis = sizes.Length - 1; axis >= 0; axis--)
            {
                i += steps[axis];
                if (++at[axis] < sizes[axis])
                    break;
                i -= steps[axis] * sizes[axis];
                at[axis] = 0;
            }
        }

        return result;
    }

    private static int[] Strides(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        for (int axis = shape.Rank - 1, step = 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= shape[axis];
        }

        return strides;
    }

    // Steps along the axes of the larger shape; 0 where the smaller one stretches.
    private static int[] Steps(Shape shape, Shape over)
    {
        int[] strides = Strides(shape), steps = new int[over.Rank];
        for (int axis = 0; axis < shape.Rank; axis++)
            steps[over.Rank - shape.Rank + axis] = shape[axis] == 1 ? 0 : strides[axis];
        return steps;
    }
}
