using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns what to put where values are missing.</summary>
public sealed class MissingValueReplacingEstimator : IEstimator<MissingValueReplacingTransformer>
{
    private readonly IHost _host;
    private readonly InputOutputColumnPair[] _columns;
    private readonly ReplacementMode _mode;
    private readonly bool _bySlot;

    internal MissingValueReplacingEstimator(IHostEnvironment env, InputOutputColumnPair[] columns, ReplacementMode mode, bool bySlot)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _host = env.Register(nameof(MissingValueReplacingEstimator));
        _columns = columns;
        _mode = mode;
        _bySlot = bySlot;
    }

    /// <summary>What is put where a value is missing.</summary>
    public enum ReplacementMode : byte
    {
        /// <summary>Zero.</summary>
        DefaultValue = 0,

        /// <summary>The mean.</summary>
        Mean = 1,

        /// <summary>The smallest value.</summary>
        Minimum = 2,

        /// <summary>The largest value.</summary>
        Maximum = 3,

        /// <summary>The most frequent value.</summary>
        Mode = 5,
    }

    /// <summary>Reads the rows once, unless zero is put everywhere, and gives the transformer.</summary>
    public MissingValueReplacingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var inputs = Array.ConvertAll(_columns, pair => input.Schema.Find(pair.InputColumnName));
        foreach (var column in inputs)
            Check(column.Name, DataViewTypes.ItemTypeOf(column.Type));

        var replacements = Array.ConvertAll(inputs, column =>
            new Replacement(_mode, column.Type is VectorDataViewType vector && _bySlot && _mode != ReplacementMode.DefaultValue ? vector.Size : 0));
        if (_mode != ReplacementMode.DefaultValue)
        {
            using var cursor = input.GetRowCursor(inputs.DistinctBy(column => column.Index));
            var readers = inputs.Zip(replacements, (column, replacement) => Getters.Call<Action>(typeof(MissingValueReplacingEstimator), nameof(MakeReader),
                [DataViewTypes.ItemTypeOf(column.Type).RawType], cursor, column, replacement)).ToArray();
            while (cursor.MoveNext())
                foreach (var read in readers)
                    read();
        }
        return new(_host, _columns, [.. inputs.Zip(replacements, (column, replacement) => (DataViewTypes.ItemTypeOf(column.Type).RawType, replacement.ToValues()))]);
    }

    /// <summary>The shape of the columns that the transformer gives.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(pair =>
        {
            var input = inputSchema.Find(pair.InputColumnName);
            Check(input.Name, input.ItemType);
            return new SchemaShape.Column(pair.OutputColumnName, input.Kind, input.ItemType, false,
                new SchemaShape(input.Take(AnnotationNames.SlotNames, AnnotationNames.IsNormalized)));
        }));
    }

    private static void Check(string name, DataViewType itemType)
    {
        if (itemType.RawType != typeof(float) && itemType.RawType != typeof(double))
            throw new ArgumentOutOfRangeException("inputSchema", $"Column '{name}': type '{itemType}' is not supported since it doesn't have a missing value");
    }

    private static Action MakeReader<T>(DataViewRow row, DataViewSchema.Column column, Replacement replacement)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (column.Type is not VectorDataViewType)
        {
            var getter = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                getter(ref value);
                replacement.Add(0, double.CreateChecked(value));
            };
        }
        var vectorGetter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            vectorGetter(ref values);
            foreach (var (slot, value) in values.Items(all: true))
                replacement.Add(slot, double.CreateChecked(value));
        };
    }

    /// <summary>The statistics of one column: one for each slot, or one for all where <paramref name="slots"/> is 0.</summary>
    private sealed class Replacement(ReplacementMode mode, int slots)
    {
        private readonly long[] _count = new long[Math.Max(1, slots)];
        private readonly double[] _value = StartOf(mode, Math.Max(1, slots));
        private readonly Dictionary<(int Slot, double Value), long> _frequencies = [];

        public void Add(int slot, double value)
        {
            if (double.IsNaN(value))
                return;
            var at = slots == 0 ? 0 : slot;
            switch (mode)
            {
                case ReplacementMode.Mean when double.IsFinite(value):
                    _value[at] += (value - _value[at]) / ++_count[at];
                    break;
                case ReplacementMode.Minimum:
                    _value[at] = Math.Min(_value[at], value);
                    break;
                case ReplacementMode.Maximum:
                    _value[at] = Math.Max(_value[at], value);
                    break;
                case ReplacementMode.Mode:
                    var frequency = _frequencies[(at, value)] = _frequencies.GetValueOrDefault((at, value)) + 1;
                    if (frequency > _count[at])
                        (_count[at], _value[at]) = (frequency, value);
                    break;
            }
        }

        public double[] ToValues() => _value;

        private static double[] StartOf(ReplacementMode mode, int count)
        {
            var start = new double[count];
            if (mode is ReplacementMode.Minimum or ReplacementMode.Maximum)
                Array.Fill(start, mode == ReplacementMode.Minimum ? double.PositiveInfinity : double.NegativeInfinity);
            return start;
        }
    }
}
