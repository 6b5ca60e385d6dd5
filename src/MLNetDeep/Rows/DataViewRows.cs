using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Graphs;
using MLNetDeep.Tasks;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Rows;

/// <summary>The rows of a data view as a trainer takes them: features, label, weight.</summary>
internal sealed class DataViewRows : IRowSource
{
    private readonly IDataView _data;
    private readonly IReadOnlyList<FeatureColumn> _features;
    private readonly IReadOnlyList<int?> _ids;
    private readonly PredictionTask _task;
    private readonly string _label;
    private readonly string? _weight;
    private readonly float[]? _classWeights;

    /// <param name="data">The rows.</param>
    /// <param name="features">The columns to learn from.</param>
    /// <param name="ids">For each of them the number of ids that the network knows; null where it takes any.</param>
    /// <param name="task">What the label is.</param>
    /// <param name="label">The label column.</param>
    /// <param name="weight">The column that says how much a row counts; null for all the same.</param>
    /// <param name="classWeights">How much the rows of each class count; null for all the same.</param>
    public DataViewRows(IDataView data, IReadOnlyList<FeatureColumn> features, IReadOnlyList<int?> ids, PredictionTask task, string label, string? weight, float[]? classWeights)
    {
        _data = data;
        _features = features;
        _ids = ids;
        _task = task;
        _label = label;
        _weight = weight;
        _classWeights = classWeights;
        List<RowColumn> columns = [.. features.Select(f => new RowColumn(f.Name, f.DType, f.Size)), task.Target(label)];
        if (weight is not null || classWeights is not null)
            columns.Add(new("weight", DType.Float32, 1));
        Columns = columns;
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public IRowReader Read() => new Reader(this);

    private sealed class Reader : IRowReader
    {
        private readonly DataViewRows _owner;
        private readonly DataViewRowCursor _cursor;
        private readonly DataViewSchema.Column[] _columns;
        private readonly Action<RowBuffer, int>[] _readers;
        private readonly LabelReader _label;
        private readonly ValueGetter<float>? _weight;

        public Reader(DataViewRows owner)
        {
            _owner = owner;
            DataViewSchema schema = owner._data.Schema;
            _columns = [.. owner._features.Select(f => ColumnRef.Find(schema, f.Name, "feature"))];
            DataViewSchema.Column label = ColumnRef.Find(schema, owner._label, "label");
            DataViewSchema.Column? weight = owner._weight is { } name ? ColumnRef.Find(schema, name, "weight") : null;
            List<DataViewSchema.Column> needed = [.. _columns, label];
            if (weight is { } w)
                needed.Add(w);
            _cursor = owner._data.GetRowCursor(needed);
            _readers = [.. owner._features.Select(Bind)];
            _label = owner._task.BindLabel(_cursor, label);
            _weight = weight is { } column ? _cursor.GetGetter<float>(column) : null;
        }

        public bool Read(RowBuffer rows, int index)
        {
            int target = _owner._features.Count;
            int label;
            do
            {
                if (!_cursor.MoveNext())
                    return false;
                label = _label(rows, target, index);
            }
            while (label < 0);
            foreach (Action<RowBuffer, int> reader in _readers)
                reader(rows, index);
            if (target + 1 < rows.Columns.Count)
                rows.Rows<float>(target + 1, index)[0] = Weight() * (_owner._classWeights?[label] ?? 1);
            return true;
        }

        public void Dispose() => _cursor.Dispose();

        private float Weight()
        {
            if (_weight is null)
                return 1;
            float weight = 0;
            _weight(ref weight);
            return weight >= 0 && float.IsFinite(weight)
                ? weight
                : throw new InvalidOperationException($"The weight column '{_owner._weight}' is {weight} in data row {_cursor.Position + 1}, expected at least 0.");
        }

        private Action<RowBuffer, int> Bind(FeatureColumn feature, int column)
        {
            if (feature.DType == DType.Int32)
            {
                FeatureColumn.IdReader ints = feature.BindInts(_cursor, _columns[column]);
                uint limit = (uint)(_owner._ids[column] ?? int.MaxValue);
                return (rows, index) =>
                {
                    Span<int> values = rows.Rows<int>(column, index);
                    ints(values);
                    for (int i = 0; i < values.Length; i++)
                    {
                        if ((uint)values[i] >= limit)
                        {
                            throw feature.Sequence is null
                                ? new InvalidOperationException($"The feature column '{feature.Name}'{Slot(feature, column, i)} is {values[i]} in data row {_cursor.Position + 1}, but the network's embedding knows the ids 0 to {limit - 1}.")
                                : TokenColumn.OutOfRange(feature.Name, i, values[i], _cursor.Position, (int)limit);
                        }
                    }
                };
            }

            FeatureColumn.Reader<float> floats = feature.BindFloats(_cursor, _columns[column]);
            return (rows, index) =>
            {
                Span<float> values = rows.Rows<float>(column, index);
                floats(values);
                for (int i = 0; i < values.Length; i++)
                {
                    if (!float.IsFinite(values[i]))
                        throw NotANumber(feature, column, i, values[i]);
                }
            };
        }

        private InvalidOperationException NotANumber(FeatureColumn feature, int column, int slot, float value) => new(string.Create(
            CultureInfo.InvariantCulture,
            $"The feature column '{feature.Name}'{Slot(feature, column, slot)} is {value} in data row {_cursor.Position + 1}. Replace missing values first, for instance with ReplaceMissingValues, or leave such rows out with FilterRowsByMissingValues."));

        private string Slot(FeatureColumn feature, int column, int slot)
        {
            if (feature.Type is not VectorDataViewType)
                return "";
            VBuffer<ReadOnlyMemory<char>> names = default;
            if (_columns[column].HasSlotNames())
                _columns[column].GetSlotNames(ref names);
            string? name = names.Length > slot ? names.GetItemOrDefault(slot).ToString() : null;
            return string.IsNullOrEmpty(name) ? $", slot {slot}" : $", slot {slot} ('{name}')";
        }
    }
}
