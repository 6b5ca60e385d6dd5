using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Loads tables from delimited text.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly Options _options;
    private readonly TextColumn[] _columns;
    private readonly DataViewSchema _schema;

    internal TextLoader(IHostEnvironment env, Options? options = null, IMultiStreamSource? dataSample = null)
    {
        ArgumentNullException.ThrowIfNull(env);
        _options = options ?? new Options();
        Check(_options);
        var sample = new Lazy<TextSample>(() => TextSample.Of(_options, dataSample));
        var columns = _options.Columns is { Length: > 0 } given ? given : sample.Value.DefaultColumns();
        _columns = [.. columns.Select(c => new TextColumn(c, sample))];
        var builder = new DataViewSchema.Builder();
        foreach (var column in _columns)
            builder.AddColumn(column.Name, column.Type,
                _options.HasHeader && dataSample is not null ? column.AnnotationsOf(sample.Value.Header) : null);
        _schema = builder.ToSchema();
    }

    /// <summary>The columns of the tables.</summary>
    public DataViewSchema GetOutputSchema() => _schema;

    /// <summary>The table in a source; it is read anew by each reading of the table.</summary>
    public IDataView Load(IMultiStreamSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new TextDataView(_schema, _columns, _options, source);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
        => throw new NotSupportedException("Text loaders cannot be saved here; save the model with its input schema.");

    /// <summary>The columns that a class declares by <see cref="LoadColumnAttribute"/>.</summary>
    internal static Column[] ColumnsOf(Type type)
        => [.. RowMember.Of(type, SchemaDefinition.Direction.Write).Select(member =>
        {
            var load = member.Attribute<LoadColumnAttribute>()
                ?? throw new InvalidOperationException($"{(member.IsProperty ? "Property" : "Field")} '{member.Name}' is missing the {nameof(LoadColumnAttribute)} attribute");
            var item = DataViewTypes.ItemTypeOf(member.DeclaredType());
            return new Column(member.ColumnName, DataViewTypes.KindOrNull(item)!.Value, [.. load.Sources], member.Attribute<KeyTypeAttribute>()?.KeyCount);
        })];

    private static void Check(Options options)
    {
        ArgumentNullException.ThrowIfNull(options.Separators);
        foreach (var separator in options.Separators)
        {
            if (separator is '"' or '\r' or '\n' || separator == options.DecimalMarker)
                throw new ArgumentOutOfRangeException("Separator", $"Illegal separator: '{separator}'");
            if (separator == ':' && options.AllowSparse)
                throw new ArgumentOutOfRangeException("Separator", "When the separator is colon, turn off allowSparse");
        }
        if (options.HeaderFile is not null)
            throw new NotSupportedException("Header files are not supported here.");
    }
}
