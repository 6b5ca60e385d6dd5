using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.Support;

/// <summary>Fits an estimator and checks what every transformer must keep: schema promises, saving, rows one at a time.</summary>
internal static class Trial
{
    /// <summary>The transformed data, after the checks that do not depend on the estimator.</summary>
    public static IDataView Run(MLContext ml, IDataView data, IEstimator<ITransformer> estimator, IDataView? scored = null)
    {
        scored ??= data;
        var model = estimator.Fit(data);
        var result = model.Transform(scored);

        string all = Text.Of(result);
        Assert.Equal(Text.Of(result.Schema), Text.Of(model.GetOutputSchema(scored.Schema)));
        Assert.Equal(all, Text.Of(result));

        Assert.Equal(all, Text.Of(Reloaded(ml, model, data.Schema).Transform(scored)));

        if (model.IsRowToRowMapper)
            Assert.Equal(Text.Rows(result), RowByRow(model, scored));
        return result;
    }

    /// <summary>The shape an estimator promises for the data's schema, of the named columns.</summary>
    public static string Promise(IDataView data, IEstimator<ITransformer> estimator, params string[] only) =>
        Text.Of(estimator.GetOutputSchema(Text.ShapeOf(data.Schema)), only);

    /// <summary>The model after a trip through its zip file.</summary>
    public static ITransformer Reloaded(MLContext ml, ITransformer model, DataViewSchema schema)
    {
        using var zip = new MemoryStream();
        ml.Model.Save(model, schema, zip);
        zip.Position = 0;
        return new MLContext().Model.Load(zip, out _);
    }

    private static string RowByRow(ITransformer model, IDataView data)
    {
        var mapper = model.GetRowToRowMapper(data.Schema);
        var wanted = mapper.OutputSchema.Where(column => !column.IsHidden).ToList();
        var lines = new List<string>();
        using var cursor = data.GetRowCursor(mapper.GetDependencies(wanted));
        using var row = mapper.GetRow(cursor, wanted);
        var readers = wanted.Select(column => Text.Reader(row, column)).ToArray();
        while (cursor.MoveNext())
            lines.Add(string.Join(" | ", readers.Select(read => read())));
        return string.Join("\n", lines);
    }
}
