using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns how to scale columns of numbers.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private const string Expected = "vector or scalar of Single or Double";

    private readonly IHost _host;
    private readonly InputOutputColumnPair[] _columns;
    private readonly long _maximumExampleCount;
    private readonly Func<SlotStatistics> _statistics;

    internal NormalizingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, long maximumExampleCount, Func<SlotStatistics> statistics)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (maximumExampleCount <= 1)
            throw new ArgumentOutOfRangeException(nameof(maximumExampleCount), "Must be greater than 1");
        _host = env.Register(nameof(NormalizingEstimator));
        _columns = columns;
        _maximumExampleCount = maximumExampleCount;
        _statistics = statistics;
    }

    /// <summary>Reads the rows once and gives the transformer that scales by what they hold.</summary>
    public NormalizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var inputs = Array.ConvertAll(_columns, pair => input.Schema.Find(pair.InputColumnName));
        foreach (var column in inputs)
            if (!IsNumeric(DataViewTypes.ItemTypeOf(column.Type)) || column.Type is VectorDataViewType { IsKnownSize: false })
                throw Shapes.Mismatch("input", column.Name, Expected + " of known size", column.Type.ToString()!);

        var statistics = Array.ConvertAll(inputs, _ => _statistics());
        using (var cursor = input.GetRowCursor(inputs.DistinctBy(column => column.Index)))
        {
            var readers = inputs.Zip(statistics, (column, slots) => Getters.Call<Action>(typeof(NormalizingEstimator), nameof(MakeReader),
                [DataViewTypes.ItemTypeOf(column.Type).RawType], cursor, column, slots)).ToArray();
            for (long row = 0; row < _maximumExampleCount && cursor.MoveNext(); row++)
                foreach (var read in readers)
                    read();
        }
        return new(_host, _columns, [.. inputs.Zip(statistics, ToFunction)]);
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(pair =>
        {
            var input = inputSchema.Find(pair.InputColumnName);
            if (input.IsKey || !IsNumeric(input.ItemType) || input.Kind == SchemaShape.Column.VectorKind.VariableVector)
                throw Shapes.Mismatch("input", input.Name, Expected, input.GetTypeString());
            return new SchemaShape.Column(pair.OutputColumnName, input.Kind, input.ItemType, false,
                new SchemaShape([Shapes.IsNormalized, .. input.Take(AnnotationNames.SlotNames)]));
        }));
    }

    private static bool IsNumeric(DataViewType type) => type.Equals(NumberDataViewType.Single) || type.Equals(NumberDataViewType.Double);

    private static SlotFunction ToFunction(DataViewSchema.Column column, SlotStatistics statistics)
    {
        var isVector = column.Type is VectorDataViewType;
        return DataViewTypes.ItemTypeOf(column.Type).RawType == typeof(double)
            ? statistics.ToFunction<double>(isVector)
            : statistics.ToFunction<float>(isVector);
    }

    private static Action MakeReader<T>(DataViewRow row, DataViewSchema.Column column, SlotStatistics statistics)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (column.Type is not VectorDataViewType vector)
        {
            statistics.Start(1);
            var getter = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                getter(ref value);
                statistics.Add(0, double.CreateChecked(value));
            };
        }
        statistics.Start(vector.Size);
        var slots = new T[vector.Size];
        var vectorGetter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            vectorGetter(ref values);
            values.CopyTo(slots);
            for (var i = 0; i < slots.Length; i++)
                statistics.Add(i, double.CreateChecked(slots[i]));
        };
    }
}
