using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;

namespace Microsoft.ML.Tests.Transforms;

/// <summary>Conversion.ConvertType.</summary>
public class ConvertTypeTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { I = 7, D = 1.5, F = -2.75f, B = true, T = "3.25", L = 1L << 40, Key = 2, V = [1, 2], U = 255, UL = 1UL << 33 },
        new Row { I = -7, D = double.NaN, F = float.NaN, B = false, T = "", L = -1, Key = 0, V = [-1, 0], U = 0, UL = 0 },
        new Row { I = 0, D = 1e300, F = 1e10f, B = true, T = "-Infinity", L = 3, Key = 3, V = [5, 300], U = 9, UL = 77 },
    });

    private static readonly string[] Columns = ["I", "D", "F", "B", "T", "L", "V", "U", "UL"];

    [Theory]
    [InlineData(DataKind.Single)]
    [InlineData(DataKind.Double)]
    [InlineData(DataKind.String)]
    [InlineData(DataKind.Boolean)]
    public void Anything_but_keys_to(DataKind kind)
    {
        var result = Trial.Run(_ml, Data(), _ml.Transforms.Conversion.ConvertType([.. Columns.Select(name => new InputOutputColumnPair(name))], kind));
        string text = Text.Rows(result, Columns);
        Expect.Text(kind switch
        {
            DataKind.Single => """
                7 | 1.5 | -2.75 | 1 | 3.25 | 1.09951E+12 | [1 2] | 255 | 8.58993E+09
                -7 | NaN | NaN | 0 | 0 | -1 | [-1 0] | 0 | 0
                0 | Infinity | 1E+10 | 1 | -Infinity | 3 | [5 300] | 9 | 77
                """,
            DataKind.Double => """
                7 | 1.5 | -2.75 | 1 | 3.25 | 1.09951163E+12 | [1 2] | 255 | 8.58993459E+09
                -7 | NaN | NaN | 0 | 0 | -1 | [-1 0] | 0 | 0
                0 | 1E+300 | 1E+10 | 1 | -Infinity | 3 | [5 300] | 9 | 77
                """,
            DataKind.String => """
                7 | 1.5 | -2.75 | True | 3.25 | 1099511627776 | [1 2] | 255 | 8589934592
                -7 | NaN | NaN | False |  | -1 | [-1 0] | 0 | 0
                0 | 1.0000000000000001E+300 | 1E+10 | True | -Infinity | 3 | [5 300] | 9 | 77
                """,
            _ => """
                True | True | True | True | False | True | [True True] | True | True
                True | True | True | False | False | True | [True False] | False | False
                False | True | True | True | False | True | [True True] | True | True
                """,
        }, text);
    }

    [Fact]
    public void Whole_numbers_to_whole_numbers()
    {
        Expect.Text("""
            I: Int32
            B: Int32 {IsNormalized=True}
            L: Int32
            V: Int32[2]
            7 | 1 | 0 | [1 2]
            -7 | 0 | -1 | [-1 0]
            0 | 1 | 3 | [5 300]
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.ConvertType([new("I"), new("L"), new("V"), new("B")], DataKind.Int32)), "I", "L", "V", "B"));
        Expect.Text("""
            I: Int64
            B: Int64 {IsNormalized=True}
            L: Int64
            V: Int64[2]
            7 | 1 | 1099511627776 | [1 2]
            -7 | 0 | -1 | [-1 0]
            0 | 1 | 3 | [5 300]
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.ConvertType([new("I"), new("L"), new("V"), new("B")], DataKind.Int64)), "I", "L", "V", "B"));
        Expect.Text("""
            I: SByte
            B: SByte {IsNormalized=True}
            L: SByte
            V: SByte[2]
            7 | 1 | 0 | [1 2]
            -7 | 0 | -1 | [-1 0]
            0 | 1 | 3 | [5 44]
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.ConvertType([new("I"), new("L"), new("V"), new("B")], DataKind.SByte)), "I", "L", "V", "B"));
        Expect.Text("""
            U: UInt32
            UL: UInt32
            255 | 0
            0 | 0
            9 | 77
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.ConvertType([new("U"), new("UL")], DataKind.UInt32)), "U", "UL"));
        Expect.Text("""
            U: UInt64
            UL: UInt64
            255 | 8589934592
            0 | 0
            9 | 77
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.Conversion.ConvertType([new("U"), new("UL")], DataKind.UInt64)), "U", "UL"));
    }

    [Theory]
    [InlineData("I", DataKind.UInt32)]
    [InlineData("I", DataKind.Byte)]
    [InlineData("U", DataKind.Int32)]
    [InlineData("D", DataKind.Int32)]
    [InlineData("F", DataKind.Int64)]
    [InlineData("B", DataKind.Byte)]
    [InlineData("Key", DataKind.Single)]
    [InlineData("Key", DataKind.Int32)]
    [InlineData("Key", DataKind.String)]
    public void Conversions_that_there_are_not(string column, DataKind kind)
    {
        var error = Record.Exception(() => _ml.Transforms.Conversion.ConvertType(column, outputKind: kind).Fit(Data()).Transform(Data()));
        Assert.Contains($"'{column}'", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_to_keys()
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey("K", "T");
        Expect.Text("""
            K: Key2<UInt64> {KeyValues=[3.25 -Infinity]}
            1
            0
            2
            """, Text.Of(Trial.Run(_ml, Data(), keyed.Append(_ml.Transforms.Conversion.ConvertType("K", outputKind: DataKind.UInt64))), "K"));
        Expect.Text("""
            K: Key2<Byte> {KeyValues=[3.25 -Infinity]}
            1
            0
            2
            """, Text.Of(Trial.Run(_ml, Data(), keyed.Append(_ml.Transforms.Conversion.ConvertType("K", outputKind: DataKind.Byte))), "K"));
    }

    [Fact]
    public void Text_to_numbers()
    {
        string Converted(DataKind kind, params string[] texts) => Text.Rows(Trial.Run(_ml, _ml.Data.LoadFromEnumerable(texts.Select(t => new Word { T = t })),
            _ml.Transforms.Conversion.ConvertType("O", "T", kind)), "O").Replace('\n', ' ');
        Expect.Text("1 -2.5 0 1000 NaN NaN -Infinity 0.5 NaN NaN 7", Converted(DataKind.Single, "1", "-2.5", "", "1e3", "NaN", "?", "-Infinity", ".5", "abc", "1,000", "+7"));
        Expect.Text("0.1 -2.5 0 1E+300 NaN NaN", Converted(DataKind.Double, "0.1", "-2.5", "", "1e300", "NaN", "x"));
        Expect.Text("1 -2 0 2147483647 -2147483648", Converted(DataKind.Int32, "1", "-2", "", "2147483647", "-2147483648"));
        Expect.Text("1 0 0 4294967295 0", Converted(DataKind.UInt32, "1", "-2", "", "4294967295", "x"));
        Expect.Text("""
            True False True False True False True False True False True False False False False
            """, Converted(DataKind.Boolean, "1", "0", "true", "False", "yes", "no", "+", "-", "t", "F", "Y", "n", "on", "2", ""));
        Expect.Text("Infinity -Infinity NaN NaN NaN 7 7 0 Infinity NaN 1 NaN NaN 1", Converted(DataKind.Single, "∞", "-Infinity", "infinity", "inf", "nan", " 7", "7 ", " ", "1e39", "0x1", "1.", "e5", "1 2", "+1"));
        Expect.Text("0 0 0 0 0", Converted(DataKind.UInt32, "+1", " ", "7 ", "4294967296", "-0"));
        Expect.Text("True False False True False", Converted(DataKind.Boolean, "+1", "-1", " ", "TRUE", " true"));
        Assert.NotNull(Record.Exception(() => Converted(DataKind.Int32, " ")));
        Assert.NotNull(Record.Exception(() => Converted(DataKind.Int32, "x")));
        Assert.NotNull(Record.Exception(() => Converted(DataKind.Int32, "2147483648")));
    }

    [Fact]
    public void Slot_names_stay()
    {
        var pipeline = _ml.Transforms.Concatenate("FF", "F", "F").Append(_ml.Transforms.Conversion.ConvertType("W", "FF", DataKind.Double));
        Expect.Text("W: Double[2] {SlotNames=[F F]}", Text.Of(Trial.Run(_ml, Data(), pipeline).Schema, "W"));
        Expect.Text("W: Double[n] {SlotNames: Text[n]}", Trial.Promise(Data(), pipeline, "W"));
        Expect.Text("""
            F: Double {IsNormalized=True}
            B: Double {IsNormalized=True}
            L: Double
            """, Text.Of(Trial.Run(_ml, Data(), _ml.Transforms.NormalizeMinMax("F").Append(_ml.Transforms.Conversion.ConvertType([new("F"), new("B"), new("L")], DataKind.Double))).Schema, "F", "B", "L"));
        Expect.Text("B: Single", Trial.Promise(Data(), _ml.Transforms.Conversion.ConvertType("B"), "B"));
        Expect.Text("W: Single", Trial.Promise(Data(), _ml.Transforms.Conversion.ConvertType("W", "I"), "W"));
        Expect.Text("W: Boolean[n]", Trial.Promise(Data(), _ml.Transforms.Conversion.ConvertType("W", "V", DataKind.Boolean), "W"));
        Expect.Text("K: UInt64 {KeyValues: Text[n]}", Trial.Promise(Data(), _ml.Transforms.Conversion.MapValueToKey("K", "T").Append(_ml.Transforms.Conversion.ConvertType("K", outputKind: DataKind.UInt64)), "K"));
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        Assert.Contains("Nowhere", Record.Exception(() => _ml.Transforms.Conversion.ConvertType("Nowhere").Fit(Data()).Transform(Data()))!.Message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public int I { get; set; }
        public double D { get; set; }
        public float F { get; set; }
        public bool B { get; set; }
        public string T { get; set; } = "";
        public long L { get; set; }
        [KeyType(3)] public uint Key { get; set; }
        [VectorType(2)] public int[] V { get; set; } = [0, 0];
        public byte U { get; set; }
        public ulong UL { get; set; }
    }

    private sealed class Word
    {
        public string T { get; set; } = "";
    }
}
