using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel), "Select columns", ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps or drops columns.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(string[] columns, bool drops, bool keepHidden)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Columns = columns;
        Drops = drops;
        _keepHidden = keepHidden;
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal string[] Columns { get; }

    internal bool Drops { get; }

    private static VersionInfo Version => new("SELCTCOL", 1, 1, 1, typeof(ColumnSelectingTransformer).Assembly.FullName!, LoaderSignature);

    /// <summary>The columns that <see cref="Transform"/> will give.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return MakeMapping(inputSchema).OutputSchema;
    }

    /// <summary>The table with its chosen columns.</summary>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedDataView(input, MakeMapping(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new RowMapper(MakeMapping(inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(Drops);
        ctx.Writer.Write(_keepHidden);
        ctx.Writer.Write(Columns.Length);
        foreach (var column in Columns)
            ctx.SaveNonEmptyString(column);
    }

    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        var drops = ctx.Reader.ReadBoolean();
        var keepHidden = ctx.Reader.ReadBoolean();
        var columns = new string[ctx.ReadCount(minimumItemSize: 2)];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = ctx.LoadNonEmptyString();
        return new(columns, drops, keepHidden);
    }

    private SelectMapping MakeMapping(DataViewSchema inputSchema)
    {
        foreach (var name in Columns)
            inputSchema.Find(name);
        var kept = Drops
            ? inputSchema.Where(column => !Columns.Contains(column.Name))
            : Columns.SelectMany(name => inputSchema.Where(column => column.Name == name));
        return new(inputSchema, [.. kept.Where(column => _keepHidden || !column.IsHidden).Select(column => column.Index)]);
    }
}
