using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow.Emitters;

/// <summary>
/// The CPU engine's random numbers, bit for bit: both count with Philox4x32-10, here by StatelessRandomUniformFullIntV2. The key is the seed, the counter's lower half
/// the number of the block of four words, the upper half the step. Sixteen blocks make a group of 64 values: the first words of all, then the second words and so on.
/// </summary>
internal static class Randomness
{
    private const int Blocks = 16, Words = 4, Group = Blocks * Words;

    // TensorFlow's number of Philox among its algorithms.
    private const int Philox = 1;

    [Operation("StatelessRandomUniform")]
    public static Value[] Uniform(Emission e) => [InShape(e, e.Transpose(Uniforms(e), 0, 2, 1))];

    [Operation("DropoutMask")]
    public static Value[] DropoutMask(Emission e)
    {
        float rate = e.Attributes.Get<float>("rate");
        Value kept = e.Op("GreaterEqual", Emission.Bool, [Uniform(e)[0], e.Number(rate)], ("T", Emission.Float));
        return [e.Select(kept, e.Number(1 / (1 - rate)), e.Number(0f))];
    }

    // Box and Muller: the first and second words of a block make two values, and the third and fourth.
    [Operation("StatelessRandomNormal")]
    public static Value[] Normal(Emission e)
    {
        Value uniforms = Uniforms(e);
        Value[] parts = [.. Pair(0), .. Pair(2)];
        return [InShape(e, e.Op("Pack", Emission.Float, parts, ("N", Words), ("T", Emission.Float), ("axis", 1)))];

        Value[] Pair(int word)
        {
            // The logarithm's argument is in (0, 1].
            Value u = e.Arithmetic("AddV2", Word(word), e.Number(1f / (1 << 24)));
            Value radius = e.Arithmetic("Sqrt", e.Arithmetic("Mul", e.Arithmetic("Log", u), e.Number(-2f)));
            Value angle = e.Arithmetic("Mul", Word(word + 1), e.Number(2 * MathF.PI));
            return [e.Arithmetic("Mul", radius, e.Arithmetic("Cos", angle)), e.Arithmetic("Mul", radius, e.Arithmetic("Sin", angle))];
        }

        Value Word(int word) => e.Reshape(e.Slice(uniforms, [0, 0, word], [-1, -1, 1]), -1, Blocks);
    }

    // (groups, 16, 4), multiples of 2⁻²⁴: the upper 24 bits of each word.
    private static Value Uniforms(Emission e)
    {
        Shape shape = e.OutShape();
        Value groups = shape.IsBatched
            ? e.Arithmetic("FloorDiv", e.Arithmetic("AddV2", e.Size(shape), e.Number(Group - 1)), e.Number(Group))
            : e.Number((int)(((long)shape.UnitSize + Group - 1) / Group));
        Value size = e.Op("Pack", Emission.Int, [groups, e.Number(Blocks), e.Number(Words)], ("N", 3), ("T", Emission.Int));
        Value key = e.Constant<ulong>(DataType.DtUint64, [(uint)e.Attributes.Get<int>("seed")], [1]);
        Value step = e.Cast(e.Cast(e.In(1), DataType.DtUint32), DataType.DtUint64);
        Value counter = e.Op("Pack", DataType.DtUint64, [e.Constant<ulong>(DataType.DtUint64, [0], []), step], ("N", 2), ("T", DataType.DtUint64));
        Value bits = e.Op("StatelessRandomUniformFullIntV2", Emission.Int, [size, key, counter, e.Number(Philox)], ("dtype", Emission.Int), ("Tshape", Emission.Int));
        Value upper = e.Arithmetic("BitwiseAnd", e.Arithmetic("RightShift", bits, e.Number(8)), e.Number(0xFFFFFF));
        return e.Arithmetic("Mul", e.Cast(upper, Emission.Float), e.Number(1f / (1 << 24)));
    }

    // Of whole groups the first values, in the output's shape.
    private static Value InShape(Emission e, Value values)
    {
        Shape shape = e.OutShape();
        Value flat = e.Reshape(values, -1);
        Value size = e.Op("Reshape", Emission.Int, [e.Size(shape), e.Integers([1])], ("T", Emission.Int), ("Tshape", Emission.Int));
        Value first = e.Slice(flat, e.Integers([0]), size);
        return e.Reshape(first, [.. shape.Dims.ToArray().Select(d => d < 0 ? -1 : d)]);
    }
}
