using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns the values of columns and gives each a key.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly InputOutputColumnPair[] _columns;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _asText;
    private readonly IDataView? _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, int maximumNumberOfKeys, KeyOrdinality ordinality,
        bool asText, IDataView? keyData)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (maximumNumberOfKeys <= 0)
            throw new ArgumentOutOfRangeException(nameof(maximumNumberOfKeys), "Must be positive");
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        _columns = columns;
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _ordinality = ordinality;
        _asText = asText;
        _keyData = keyData;
    }

    /// <summary>The order of the keys.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>The order in which the values are first seen.</summary>
        ByOccurrence = 0,

        /// <summary>The order of the values.</summary>
        ByValue = 1,
    }

    /// <summary>Reads the rows once, or the table of keys, and gives the transformer.</summary>
    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var inputs = Array.ConvertAll(_columns, pair => input.Schema.Find(pair.InputColumnName));
        var maps = Array.ConvertAll(inputs, column => KeyMap.Create((PrimitiveDataViewType)DataViewTypes.ItemTypeOf(column.Type)));
        if (_keyData is null)
            Read(input, inputs, maps);
        else
            foreach (var map in maps)
                Read(_keyData, [KeyColumn(map.ItemType)], [map]);
        if (_ordinality == KeyOrdinality.ByValue)
            foreach (var map in maps)
                map.Sort();
        return new(_host, _columns, maps, _asText);
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(pair =>
        {
            var input = inputSchema.Find(pair.InputColumnName);
            var values = _asText
                ? Shapes.KeyValues(TextDataViewType.Instance)
                : new SchemaShape.Column(AnnotationNames.KeyValues, SchemaShape.Column.VectorKind.Vector, input.ItemType, input.IsKey);
            return new SchemaShape.Column(pair.OutputColumnName, input.Kind, NumberDataViewType.UInt32, true,
                new SchemaShape([.. input.Take(AnnotationNames.SlotNames), values]));
        }));
    }

    private void Read(IDataView data, DataViewSchema.Column[] columns, KeyMap[] maps)
    {
        using var cursor = data.GetRowCursor(columns.DistinctBy(column => column.Index));
        var readers = columns.Zip(maps, (column, map) => map.MakeReader(cursor, column, _maximumNumberOfKeys)).ToArray();
        while (cursor.MoveNext())
            foreach (var read in readers)
                read();
    }

    private DataViewSchema.Column KeyColumn(PrimitiveDataViewType itemType)
    {
        var columns = _keyData!.Schema.Where(column => !column.IsHidden).ToArray();
        if (columns.Length != 1)
            throw new ArgumentOutOfRangeException("keyData",
                $"If specified, this data view should contain only a single column containing the terms to map, but this had {columns.Length} columns.");
        return DataViewTypes.ItemTypeOf(columns[0].Type).Equals(itemType)
            ? columns[0]
            : throw new ArgumentOutOfRangeException("keyData", $"Input data's column must be of type '{itemType}' but was '{columns[0].Type}'");
    }
}
