using Microsoft.ML.Data;
using Microsoft.ML.Tests.Support;
using static Microsoft.ML.Transforms.MissingValueReplacingEstimator;

namespace Microsoft.ML.Tests.Transforms;

/// <summary>Transforms read rows when they are asked for rows, and only the columns they need.</summary>
public class LazinessTests
{
    private readonly MLContext _ml = new(seed: 1);
    private int _readings;

    private IDataView Data() => _ml.Data.LoadFromEnumerable(Rows());

    private IEnumerable<Row> Rows()
    {
        _readings++;
        yield return new() { A = 1, B = 2, Name = "x" };
        yield return new() { A = 3, B = float.NaN, Name = "y" };
    }

    public static TheoryData<string, int> Estimators => new()
    {
        { "concatenate", 0 }, { "copy", 0 }, { "drop", 0 }, { "convert", 0 }, { "indicate", 0 }, { "replace by zero", 0 },
        { "normalize", 1 }, { "replace by mean", 1 }, { "keys", 1 }, { "one-hot", 1 },
    };

    private IEstimator<ITransformer> Estimator(string name) => name switch
    {
        "concatenate" => _ml.Transforms.Concatenate("O", "A", "B"),
        "copy" => _ml.Transforms.CopyColumns("O", "A"),
        "drop" => _ml.Transforms.DropColumns("A"),
        "convert" => _ml.Transforms.Conversion.ConvertType("O", "A", DataKind.Double),
        "indicate" => _ml.Transforms.IndicateMissingValues("O", "B"),
        "replace by zero" => _ml.Transforms.ReplaceMissingValues("O", "B"),
        "normalize" => _ml.Transforms.NormalizeMinMax([new("O", "A"), new("P", "B")]),
        "replace by mean" => _ml.Transforms.ReplaceMissingValues("O", "B", ReplacementMode.Mean),
        "keys" => _ml.Transforms.Conversion.MapValueToKey([new("O", "A"), new("P", "Name")]),
        _ => _ml.Transforms.Categorical.OneHotEncoding([new("O", "A"), new("P", "Name")]),
    };

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Fitting_reads_the_rows_once_at_most_and_transforming_never(string name, int readings)
    {
        var data = Data();
        var model = Estimator(name).Fit(data);
        Assert.Equal(readings, _readings);
        var result = model.Transform(data);
        Assert.Equal(model.GetOutputSchema(data.Schema).Count, result.Schema.Count);
        Assert.Equal(readings, _readings);
        Text.Rows(result, "A", "B", "O");
        Assert.Equal(readings + 1, _readings);
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Columns_that_are_not_needed_are_not_read(string name, int readings)
    {
        var data = Data();
        var result = Estimator(name).Fit(data).Transform(data);
        Assert.True(readings <= _readings);
        using var cursor = result.GetRowCursor(result.Schema.Where(column => column.Name == "B"));
        Assert.False(cursor.IsColumnActive(result.Schema["Trap"]));
        Assert.True(cursor.MoveNext());
    }

    private sealed class Row
    {
        public float A { get; set; }
        public float B { get; set; }
        public string Name { get; set; } = "";
        public float Trap => float.Parse("there is no number here", null);
    }
}
