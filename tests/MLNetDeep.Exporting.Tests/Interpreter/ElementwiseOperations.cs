using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Arithmetic, comparisons and activations, element by element.</summary>
internal static class ElementwiseOperations
{
    private const double SeluScale = 1.0507009873554804934193349852946, SeluAlpha = 1.6732632423543772848170429916717;

    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = new()
    {
        // Of one.
        ["Neg"] = Unary(x => -x, x => -x),
        ["Abs"] = Unary(Math.Abs, Math.Abs),
        ["Sign"] = Unary(x => double.IsNaN(x) ? x : Math.Sign(x), x => Math.Sign(x)),
        ["Square"] = Unary(x => x * x, x => x * x),
        ["Sqrt"] = Unary(Math.Sqrt),
        ["Rsqrt"] = Unary(x => 1 / Math.Sqrt(x)),
        ["Reciprocal"] = Unary(x => 1 / x),
        ["Inv"] = Unary(x => 1 / x),
        ["Exp"] = Unary(Math.Exp),
        ["Expm1"] = Unary(Expm1),
        ["Log"] = Unary(Math.Log),
        ["Log1p"] = Unary(Log1p),
        ["Sin"] = Unary(Math.Sin),
        ["Cos"] = Unary(Math.Cos),
        ["Erf"] = Unary(Erf),
        ["Floor"] = Unary(Math.Floor),
        ["Ceil"] = Unary(Math.Ceiling),
        ["Rint"] = Unary(x => Math.Round(x, MidpointRounding.ToEven)),
        ["Round"] = Unary(x => Math.Round(x, MidpointRounding.ToEven), x => x),
        ["Relu"] = Unary(x => x < 0 ? 0 : x, x => Math.Max(x, 0)),
        ["Relu6"] = Unary(x => Math.Min(Math.Max(x, 0), 6)),
        ["Elu"] = Unary(x => x < 0 ? Expm1(x) : x),
        ["Selu"] = Unary(x => x < 0 ? SeluScale * SeluAlpha * Expm1(x) : SeluScale * x),
        ["Softplus"] = Unary(Softplus),
        ["Softsign"] = Unary(x => x / (1 + Math.Abs(x))),
        ["Sigmoid"] = Unary(Sigmoid),
        ["Tanh"] = Unary(Math.Tanh),
        ["OnesLike"] = Unary(_ => 1, _ => 1),
        ["ZerosLike"] = Unary(_ => 0, _ => 0),
        ["Invert"] = Unary(null, x => ~x),
        ["IsNan"] = Test(double.IsNaN),
        ["IsInf"] = Test(double.IsInfinity),
        ["IsFinite"] = Test(double.IsFinite),
        ["LeakyRelu"] = call => Map(call, x => x > 0 ? x : x * call.Real("alpha", 0.2f), null),
        ["LogicalNot"] = call => Value.Of(DataType.DtBool, Truths(call, 0).Dims, [.. call[0].Wholes.Select(x => 1 - x)]),
        ["Cast"] = Cast,
        ["Bitcast"] = Bitcast,

        // Of two, which stretch to one another.
        ["Add"] = Binary((a, b) => a + b, (a, b) => a + b),
        ["AddV2"] = Binary((a, b) => a + b, (a, b) => a + b),
        ["Sub"] = Binary((a, b) => a - b, (a, b) => a - b),
        ["Mul"] = Binary((a, b) => a * b, (a, b) => a * b),
        ["MulNoNan"] = Binary((a, b) => b == 0 ? 0 : a * b),
        ["Div"] = Binary((a, b) => a / b, (a, b) => a / b),
        ["RealDiv"] = Binary((a, b) => a / b),
        ["DivNoNan"] = Binary((a, b) => b == 0 ? 0 : a / b),
        ["FloorDiv"] = Binary((a, b) => Math.Floor(a / b), FloorDiv),
        ["FloorMod"] = Binary((a, b) => a - (Math.Floor(a / b) * b), (a, b) => a - (FloorDiv(a, b) * b)),
        ["TruncateDiv"] = Binary(null, (a, b) => a / b),
        ["Maximum"] = Binary((a, b) => a < b ? b : a, Math.Max),
        ["Minimum"] = Binary((a, b) => a > b ? b : a, Math.Min),
        ["Pow"] = Binary(Math.Pow),
        ["SquaredDifference"] = Binary((a, b) => (a - b) * (a - b), (a, b) => (a - b) * (a - b)),
        ["Atan2"] = Binary(Math.Atan2),
        ["Xlogy"] = Binary((a, b) => a == 0 ? 0 : a * Math.Log(b)),
        ["Xdivy"] = Binary((a, b) => a == 0 ? 0 : a / b),
        ["BitwiseAnd"] = Binary(null, (a, b) => a & b),
        ["BitwiseOr"] = Binary(null, (a, b) => a | b),
        ["BitwiseXor"] = Binary(null, (a, b) => a ^ b),
        ["LeftShift"] = Binary(null, (a, b) => a << (int)b),
        ["RightShift"] = RightShift,
        ["Greater"] = Compare((a, b) => a > b, (a, b) => a > b),
        ["GreaterEqual"] = Compare((a, b) => a >= b, (a, b) => a >= b),
        ["Less"] = Compare((a, b) => a < b, (a, b) => a < b),
        ["LessEqual"] = Compare((a, b) => a <= b, (a, b) => a <= b),
        ["Equal"] = Compare((a, b) => a == b, (a, b) => a == b),
        ["NotEqual"] = Compare((a, b) => a != b, (a, b) => a != b),
        ["LogicalAnd"] = Logic((a, b) => a & b),
        ["LogicalOr"] = Logic((a, b) => a | b),

        // Gradients: two of one shape, which do not stretch.
        ["ReluGrad"] = Gradient((dy, x) => x > 0 ? dy : 0),
        ["Relu6Grad"] = Gradient((dy, x) => x is > 0 and < 6 ? dy : 0),
        ["LeakyReluGrad"] = call => Pair(call, (dy, x) => x > 0 ? dy : dy * call.Real("alpha", 0.2f)),
        ["EluGrad"] = Gradient((dy, y) => y < 0 ? dy * (y + 1) : dy),
        ["SeluGrad"] = Gradient((dy, y) => y < 0 ? dy * (y + (SeluScale * SeluAlpha)) : dy * SeluScale),
        ["SoftplusGrad"] = Gradient((dy, x) => dy * Sigmoid(x)),
        ["SoftsignGrad"] = Gradient((dy, x) => dy / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)))),
        ["SigmoidGrad"] = Gradient((y, dy) => dy * y * (1 - y)),
        ["TanhGrad"] = Gradient((y, dy) => dy * (1 - (y * y))),
        ["SqrtGrad"] = Gradient((y, dy) => dy * 0.5 / y),
        ["RsqrtGrad"] = Gradient((y, dy) => dy * -0.5 * y * y * y),
        ["ReciprocalGrad"] = Gradient((y, dy) => -dy * y * y),
        ["InvGrad"] = Gradient((y, dy) => -dy * y * y),

        // Of several.
        ["AddN"] = AddN,
        ["SelectV2"] = SelectV2,
        ["Select"] = Select,
        ["ClipByValue"] = call => Zip(call, Zip(call, call[0], call[1], Math.Max, Math.Max), call[2], Math.Min, Math.Min),
    };

    /// <summary>Two tensors stretched to one another and combined.</summary>
    public static Value Zip(OpCall call, Value a, Value b, Func<double, double, double>? real, Func<long, long, long>? whole)
    {
        if (a.Type != b.Type)
            throw call.Error($"takes two tensors of one type, received {a} and {b}");
        int[] dims = Extents.Broadcast(a.Dims, b.Dims), left = Extents.Stretched(a.Dims, dims), right = Extents.Stretched(b.Dims, dims);
        return a.IsReal
            ? Value.Of(a.Type, dims, [.. left.Zip(right, (i, j) => (real ?? throw call.Error($"does not take {a.Type}"))(a.Reals[i], b.Reals[j]))])
            : Value.Of(a.Type, dims, [.. left.Zip(right, (i, j) => (whole is not null && a.Type != DataType.DtBool ? whole : throw call.Error($"does not take {a.Type}"))(a.Wholes[i], b.Wholes[j]))]);
    }

    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static Func<OpCall, Value> Unary(Func<double, double>? real, Func<long, long>? whole = null) => call => Map(call, real, whole);

    private static Value Map(OpCall call, Func<double, double>? real, Func<long, long>? whole)
    {
        call.RequireCount(1);
        call.RequireType("T", 0);
        Value x = call[0];
        if (x.IsReal)
            return Value.Of(x.Type, x.Dims, Array.ConvertAll(x.Reals, v => (real ?? throw call.Error($"does not take {x.Type}"))(v)));
        return Value.Of(x.Type, x.Dims, Array.ConvertAll(x.Wholes, v => (whole ?? throw call.Error($"does not take {x.Type}"))(v)));
    }

    private static Func<OpCall, Value> Test(Func<double, bool> test) => call =>
    {
        call.RequireType("T", 0);
        return Value.Bools([.. call[0].Reals.Select(test)], call[0].Dims);
    };

    private static Func<OpCall, Value> Binary(Func<double, double, double>? real, Func<long, long, long>? whole = null) => call =>
    {
        call.RequireCount(2);
        call.RequireType("T", 0, 1);
        return Zip(call, call[0], call[1], real, whole);
    };

    private static Func<OpCall, Value> Compare(Func<double, double, bool> real, Func<long, long, bool> whole) => call =>
    {
        call.RequireCount(2);
        call.RequireType("T", 0, 1);
        (Value a, Value b) = (call[0], call[1]);
        int[] dims = Extents.Broadcast(a.Dims, b.Dims), left = Extents.Stretched(a.Dims, dims), right = Extents.Stretched(b.Dims, dims);
        return Value.Bools([.. left.Zip(right, (i, j) => a.IsReal ? real(a.Reals[i], b.Reals[j]) : whole(a.Wholes[i], b.Wholes[j]))], dims);
    };

    private static Func<OpCall, Value> Logic(Func<long, long, long> combine) => call =>
    {
        call.RequireCount(2);
        (Value a, Value b) = (Truths(call, 0), Truths(call, 1));
        int[] dims = Extents.Broadcast(a.Dims, b.Dims), left = Extents.Stretched(a.Dims, dims), right = Extents.Stretched(b.Dims, dims);
        return Value.Of(DataType.DtBool, dims, [.. left.Zip(right, (i, j) => combine(a.Wholes[i], b.Wholes[j]))]);
    };

    private static Value Truths(OpCall call, int input) => call[input].Type == DataType.DtBool ? call[input] : throw call.Error($"takes truth values, received {call[input]}");

    private static Func<OpCall, Value> Gradient(Func<double, double, double> real) => call => Pair(call, real);

    private static Value Pair(OpCall call, Func<double, double, double> real)
    {
        call.RequireCount(2);
        call.RequireType("T", 0, 1);
        call.RequireSameShape(0, 1);
        return Zip(call, call[0], call[1], real, null);
    }

    // A number is cut off on its way to an integer; to a truth value, all but 0 is true.
    private static Value Cast(OpCall call)
    {
        call.RequireType("SrcT", 0);
        DataType to = call.Type("DstT");
        Value x = call[0];
        if (Value.IsRealType(to))
            return Value.Of(to, x.Dims, x.IsReal ? Array.ConvertAll(x.Reals, v => v) : Array.ConvertAll(x.Wholes, v => x.Type == DataType.DtUint64 ? (double)(ulong)v : v));
        if (to == DataType.DtBool)
            return Value.Of(to, x.Dims, x.IsReal ? Array.ConvertAll(x.Reals, v => v != 0 ? 1L : 0) : Array.ConvertAll(x.Wholes, v => v != 0 ? 1L : 0));
        return Value.Of(to, x.Dims, x.IsReal ? Array.ConvertAll(x.Reals, v => (long)v) : Array.ConvertAll(x.Wholes, v => v));
    }

    private static Value Bitcast(OpCall call)
    {
        call.RequireType("T", 0);
        DataType to = call.Type("type");
        Value x = call[0];
        bool wide = x.Type is DataType.DtDouble or DataType.DtInt64 or DataType.DtUint64;
        if (wide != to is DataType.DtDouble or DataType.DtInt64 or DataType.DtUint64)
            throw call.Error($"from {x.Type} to {to} is not between types of one size");
        long[] bits = x.IsReal ? [.. x.Reals.Select(v => wide ? BitConverter.DoubleToInt64Bits(v) : BitConverter.SingleToInt32Bits((float)v))] : [.. x.Wholes];
        return Value.IsRealType(to)
            ? Value.Of(to, x.Dims, [.. bits.Select(b => wide ? BitConverter.Int64BitsToDouble(b) : BitConverter.Int32BitsToSingle((int)b))])
            : Value.Of(to, x.Dims, bits);
    }

    // Signed integers keep their sign, others are filled with zeros.
    private static Value RightShift(OpCall call)
    {
        call.RequireType("T", 0, 1);
        return Zip(call, call[0], call[1], null, (a, b) => call[0].Type == DataType.DtUint64 ? (long)((ulong)a >> (int)b) : a >> (int)b);
    }

    private static long FloorDiv(long a, long b) => (a / b) - (a % b != 0 && a < 0 != b < 0 ? 1 : 0);

    private static Value AddN(OpCall call)
    {
        if (call.Whole("N") != call.Inputs.Length || call.Inputs.Any(i => !i.Dims.SequenceEqual(call[0].Dims) || i.Type != call.Type("T")))
            throw call.Error($"takes N tensors of one shape, received {string.Join(", ", call.Inputs.Select(i => i.ToString()))}");
        return call.Inputs.Aggregate((a, b) => Zip(call, a, b, (x, y) => x + y, (x, y) => x + y));
    }

    private static Value SelectV2(OpCall call)
    {
        call.RequireCount(3);
        call.RequireType("T", 1, 2);
        (Value condition, Value a, Value b) = (Truths(call, 0), call[1], call[2]);
        int[] dims = Extents.Broadcast(condition.Dims, a.Dims, b.Dims);
        int[] c = Extents.Stretched(condition.Dims, dims), left = Extents.Stretched(a.Dims, dims), right = Extents.Stretched(b.Dims, dims);
        return a.IsReal
            ? Value.Of(a.Type, dims, [.. c.Select((p, i) => condition.Wholes[p] != 0 ? a.Reals[left[i]] : b.Reals[right[i]])])
            : Value.Of(a.Type, dims, [.. c.Select((p, i) => condition.Wholes[p] != 0 ? a.Wholes[left[i]] : b.Wholes[right[i]])]);
    }

    // The older op: a condition of the shape of both, a vector of one for each row, or one for all.
    private static Value Select(OpCall call)
    {
        call.RequireCount(3);
        call.RequireType("T", 1, 2);
        call.RequireSameShape(1, 2);
        (Value condition, Value a, Value b) = (Truths(call, 0), call[1], call[2]);
        int each = condition.Dims.SequenceEqual(a.Dims) || condition.Rank == 0 || (condition.Rank == 1 && a.Rank >= 1 && condition.Dims[0] == a.Dims[0])
            ? a.Length / Math.Max(condition.Length, 1)
            : throw call.Error($"takes a condition of the shape of the others or a vector, received {condition} for {a}");
        return a.IsReal
            ? Value.Of(a.Type, a.Dims, [.. a.Reals.Select((v, i) => condition.Wholes[i / each] != 0 ? v : b.Reals[i])])
            : Value.Of(a.Type, a.Dims, [.. a.Wholes.Select((v, i) => condition.Wholes[i / each] != 0 ? v : b.Wholes[i])]);
    }

    private static double Softplus(double x) => x > 30 ? x : Log1p(Math.Exp(x));

    private static double Log1p(double x) => Math.Abs(x) < 1e-4 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);

    private static double Expm1(double x) => Math.Abs(x) < 1e-4 ? x + (x * x / 2) + (x * x * x / 6) : Math.Exp(x) - 1;

    // The series of Abramowitz and Stegun 7.1.6, whose terms are all of one sign; beyond 6 the difference from 1 is lost.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
            return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
