using Microsoft.ML.Data;

namespace Microsoft.ML.Tests;

public class TextLoaderTests
{
    private static readonly TextLoader.Column[] Texts = [new("A", DataKind.String, 0), new("B", DataKind.String, 1)];
    private static readonly TextLoader.Column[] Reals = [new("A", DataKind.Single, 0), new("B", DataKind.Single, 1)];
    private static readonly TextLoader.Column[] LabelAndVector = [new("Label", DataKind.Single, 0), new("V", DataKind.Single, 1, 2)];

    [Theory]
    [InlineData("a,b\nc,d\n", "'a','b' | 'c','d'")]
    [InlineData("a,b\r\nc,d", "'a','b' | 'c','d'")]
    [InlineData("a,b\n\n  \nc,d", "'a','b' | '','' | 'c','d'")]
    [InlineData("a\nc,d,e,f\n,\n", "'a','' | 'c','d' | '',''")]
    [InlineData(" a , b \n  ,\t\n", "'a ','b ' | '','\t'")]
    [InlineData("\"a,x\",b\n", "'\"a','x\"'")]
    [InlineData("#c,d\n// x,y\na,b\n// z\n#@ x\n", "'a','b' | '#@ x',''")]
    [InlineData("\uFEFFä,日本\n", "'ä','日本'")]
    [InlineData("", "")]
    public void Plain_fields(string text, string expected) => Assert.Equal(expected, TestData.Rows(TestData.Load(text, Texts)));

    [Theory]
    [InlineData("\"a,x\",b\n\"a\"\"q\",\"\"\n", "'a,x','b' | 'a\"q',''")]
    [InlineData(" a b , c \n\"x\" ,\"y\"z\n", "'a b ','c ' | 'x',''")]
    [InlineData("a\"b\"c,d\n", "'a\"b\"c','d'")]
    [InlineData("\"abc,d\ne,f\n", "'','' | 'e','f'")]
    [InlineData("\"\",\" \"\n", "'',' '")]
    [InlineData("\"a\nb\",c\n", "'','' | 'b\"','c'")]
    public void Quoted_fields(string text, string expected)
        => Assert.Equal(expected, TestData.Rows(TestData.Load(text, Texts, o => o.AllowQuoting = true)));

    [Theory]
    [InlineData("\"a\nb\",c\nd,e\n")]
    [InlineData("\"a\r\nb\",c\r\nd,e\r\n")]
    public void Quoted_fields_over_several_lines(string text)
        => Assert.Equal("'a\nb','c' | 'd','e'", TestData.Rows(TestData.Load(text, Texts, o =>
        {
            o.AllowQuoting = true;
            o.ReadMultilines = true;
        })));

    [Fact]
    public void A_quoted_field_over_several_lines_has_to_end()
        => Assert.Throws<FormatException>(() => TestData.Rows(TestData.Load("a,b\n\"c,d\ne,f\n", Texts, o =>
        {
            o.AllowQuoting = true;
            o.ReadMultilines = true;
        })));

    [Fact]
    public void Headers_over_several_lines()
        => Assert.Equal("'a','b'", TestData.Rows(TestData.Load("\"h\n1\",h2\na,b\n", Texts, o =>
        {
            o.AllowQuoting = true;
            o.ReadMultilines = true;
            o.HasHeader = true;
        })));

    [Theory]
    [InlineData("16777217", 0x4B800000u)]
    [InlineData("0.1", 0x3DCCCCCDu)]
    [InlineData("7.0e-46", 0u)]
    [InlineData("7.1e-46", 1u)]
    [InlineData("3.4028236e38", 0x7F800000u)]
    public void Reals_are_rounded_to_the_nearest(string text, uint bits)
        => Assert.Equal(bits, BitConverter.SingleToUInt32Bits(TestData.Load($"{text},0\n", Reals).GetColumn<float>("A").Single()));

    [Fact]
    public void Escaped_quotes()
        => Assert.Equal("'a\"b','c'", TestData.Rows(TestData.Load("\"a\\\"b\",c\n", Texts, o =>
        {
            o.AllowQuoting = true;
            o.EscapeChar = '\\';
        })));

    [Fact]
    public void Trimming_is_of_line_ends_only()
        => Assert.Equal("'a ','b' | 'a','b' | '',''", TestData.Rows(TestData.Load(" a , b \n a,b  \n  ,\t\n", Texts, o => o.TrimWhitespace = true)));

    [Theory]
    [InlineData("1e3,-2.5\n+4,.5\n5., 8 \n", "1000,-2.5 | 4,0.5 | 5,8")]
    [InlineData("NaN,?\nna,NA\nabc,1 2\n0x10,--1\n1_0,1e\n", "NaN,NaN | NaN,NaN | NaN,NaN | NaN,NaN | NaN,NaN")]
    [InlineData("Infinity,-Infinity\n∞,-∞\n1e400,-1e400\n1e-400,0\n", "Infinity,-Infinity | Infinity,-Infinity | Infinity,-Infinity | 0,0")]
    [InlineData("infinity,+Infinity\ninf,-inf\n", "NaN,NaN | NaN,NaN")]
    [InlineData("1,\n,2\n3\n", "1,0 | 0,2 | 3,0")]
    public void Reals_and_what_is_no_number(string text, string expected) => Assert.Equal(expected, TestData.Rows(TestData.Load(text, Reals)));

    [Fact]
    public void Empty_reals_are_nan_if_wanted()
        => Assert.Equal("1,NaN | NaN,2 | 3,NaN", TestData.Rows(TestData.Load("1,\n,2\n3\n", Reals, o => o.MissingRealsAsNaNs = true)));

    [Fact]
    public void Decimal_commas()
        => Assert.Equal("1.5,2", TestData.Rows(TestData.Load("1,5;2\n", Reals, o =>
        {
            o.Separators = [';'];
            o.DecimalMarker = ',';
        })));

    [Theory]
    [InlineData("x")]
    [InlineData("1.5")]
    [InlineData("2147483648")]
    [InlineData("?")]
    [InlineData("+4")]
    [InlineData("3 ")]
    public void What_is_no_integer_is_an_error_that_names_line_and_column(string text)
    {
        var data = TestData.Load($"1,a\n{text},b\n", [new("N", DataKind.Int32, 0)]);
        var error = Assert.Throws<FormatException>(() => TestData.Rows(data));
        Assert.Contains($"Could not parse value {text} in line 2, column N", error.Message);
    }

    [Theory]
    [InlineData("1 true TRUE tRuE yes t y +1 +", true)]
    [InlineData("0 false no f n -1 -", false)]
    public void Booleans(string words, bool expected)
    {
        foreach (var word in words.Split(' '))
            Assert.Equal([expected], TestData.Load($"{word},x\n", [new("A", DataKind.Boolean, 0)]).GetColumn<bool>("A"));
    }

    [Fact]
    public void What_is_no_boolean_is_an_error()
        => Assert.Throws<FormatException>(() => TestData.Rows(TestData.Load("on,x\n", [new("A", DataKind.Boolean, 0)])));

    [Fact]
    public void Dates_are_utc()
        => Assert.Equal("2020-01-02T00:00:00.0000000Z | 2021-01-02T10:00:00.0000000Z | 0001-01-01T00:00:00.0000000",
            TestData.Rows(TestData.Load("2020-01-02,\n01/02/2021 10:00,\n,x\n", [new("A", DataKind.DateTime, 0)])));

    [Fact]
    public void Keys_count_from_one_and_what_is_beyond_them_is_missing()
    {
        var data = TestData.Load("0,\n1,\n4,\n5,\n,x\n-1,\nx,\n2.0,\n", [new("K", DataKind.UInt32, [new TextLoader.Range(0)], new KeyCount(5))]);
        Assert.Equal("K: Key<UInt32, 0-4>", TestData.Columns(data));
        Assert.Equal([1u, 2, 5, 0, 0, 0, 0, 0], data.GetColumn<uint>("K"));
    }

    [Fact]
    public void Vectors_of_ranges()
    {
        var data = TestData.Load("1,2,3,4\n5,6\n,,0,7\n", [new("V", DataKind.Single, [new TextLoader.Range(0, 1), new TextLoader.Range(3)])]);
        Assert.Equal("V: Vector<Single, 3>", TestData.Columns(data));
        Assert.Equal("[1 2 4] | [5 6 0] | [0 0 7]", TestData.Rows(data));
    }

    [Fact]
    public void Sparse_vectors()
    {
        var data = TestData.Load("1,5 0:1 3:2\n2,5 1:7\n3,1 2 3\n4,3 0:1 3:2\n", [new("L", DataKind.Single, 0), new("V", DataKind.Single, 1, 5)], o =>
        {
            o.AllowSparse = true;
            o.Separators = [' ', ','];
        });
        Assert.Equal("1,[1 0 0 2 0] | 2,[0 7 0 0 0] | 3,[1 2 3 0 0] | 4,[1 0 0 0 0]", TestData.Rows(data));
    }

    [Theory]
    [InlineData("L,p,q\n1,2,3\n", "p/q")]
    [InlineData("\nL, p ,q \n1,2,3\n", "p/q")]
    [InlineData("L,p\n1,2,3\n", "p/")]
    [InlineData("L,,q\n1,2,3\n", "/q")]
    [InlineData("L,\"p,1\",\"q\"\n1,2,3\n", "p,1/q")]
    public void Headers_name_the_slots_of_vectors(string text, string expected)
    {
        var data = TestData.Load(text, LabelAndVector, o =>
        {
            o.HasHeader = true;
            o.AllowQuoting = true;
        });
        Assert.Equal(expected, TestData.SlotNames(data.Schema["V"]));
        Assert.Equal("1,[2 3]", TestData.Rows(data));
    }

    [Fact]
    public void Without_options_headers_are_only_skipped()
    {
        var data = new MLContext().Data.LoadFromTextFile(TestData.FileOf("L,p,q\n1,2,3\n"), LabelAndVector, ',', hasHeader: true);
        Assert.False(data.Schema["V"].HasSlotNames());
        Assert.Equal("1,[2 3]", TestData.Rows(data));
    }

    [Fact]
    public void Without_columns_there_are_label_and_features()
    {
        var data = TestData.Load("1,2,3\n4,5,6\n", null);
        Assert.Equal("Label: Single; Features: Vector<Single, 2>", TestData.Columns(data));
        Assert.Equal("1,[2 3] | 4,[5 6]", TestData.Rows(data));
    }

    [Fact]
    public void Several_files_are_one_table_and_each_has_its_header()
    {
        var loader = new MLContext().Data.CreateTextLoader(Texts, ',', hasHeader: true);
        Assert.Equal("'a','b' | 'c','d'", TestData.Rows(loader.Load(TestData.FileOf("h,h\na,b\n"), TestData.FileOf("h,h\nc,d\n"))));
    }

    [Fact]
    public void Rows_can_be_limited()
        => Assert.Equal("'a','b' | 'c','d'", TestData.Rows(TestData.Load("a,b\nc,d\ne,f\n", Texts, o => o.MaxRows = 2)));

    [Fact]
    public void Columns_of_a_class()
    {
        var data = new MLContext().Data.LoadFromTextFile<Row>(TestData.FileOf("h1,h2,h3,h4,h5,h6\n1.5,\"a,b\",2,3,true,1\n"), ',', hasHeader: true, allowQuoting: true);
        Assert.Equal("A: Single; Text: String; C: Vector<Single, 2>; K: Key<UInt32, 0-4>; D: Boolean", TestData.Columns(data));
        Assert.Equal("1.5,'a,b',[2 3],2,True", TestData.Rows(data));
    }

    [Fact]
    public void A_member_without_load_column_is_an_error_that_names_it()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new MLContext().Data.LoadFromTextFile<Unmarked>(TestData.FileOf("1\n"), ','));
        Assert.Contains("'Lost'", error.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_that_names_it()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new MLContext().Data.LoadFromTextFile("/no/such.csv", Texts, ','));
        Assert.Contains("/no/such.csv", error.Message);
    }

    [Fact]
    public void Colons_and_quotes_cannot_always_separate()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TestData.Load("a", Texts, o => o.Separators = ['"']));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestData.Load("a", Texts, o =>
        {
            o.Separators = [':'];
            o.AllowSparse = true;
        }));
    }

    public sealed class Row
    {
        [LoadColumn(0)]
        public float A;

        [LoadColumn(1), ColumnName("Text")]
        public string? B;

        [LoadColumn(2, 3), VectorType(2)]
        public float[]? C;

        [LoadColumn(5), KeyType(5)]
        public uint K;

        [LoadColumn(4)]
        public bool D { get; set; }
    }

    public sealed class Unmarked
    {
        public float Lost;
    }
}
