using Microsoft.ML;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Rows;

namespace MLNetDeep.Transformers;

/// <summary>Puts the features of a row where an executable takes them from.</summary>
internal sealed class FeatureFeeder
{
    private readonly IExecutable _executable;
    private readonly DataViewRow _row;
    private readonly Input[] _inputs;
    private readonly bool _isPerToken;

    /// <param name="row">The rows.</param>
    /// <param name="features">The columns, as they are in the rows.</param>
    /// <param name="ids">For each of them the number of ids that the network knows; null where it takes any.</param>
    /// <param name="inputs">The network's inputs.</param>
    /// <param name="executable">What is fed.</param>
    /// <param name="capacity">Most rows of a batch.</param>
    /// <param name="isPerToken">Whether sequences must be equally long in a row.</param>
    public FeatureFeeder(DataViewRow row, IReadOnlyList<FeatureColumn> features, IReadOnlyList<int?> ids, IReadOnlyList<Tensor> inputs, IExecutable executable, int capacity, bool isPerToken)
    {
        _isPerToken = isPerToken;
        _executable = executable;
        _row = row;
        _inputs = new Input[features.Count];
        for (int i = 0; i < features.Count; i++)
        {
            DataViewSchema.Column column = ColumnRef.Find(row.Schema, features[i].Name, "feature");
            bool isIds = features[i].DType == DType.Int32;
            _inputs[i] = new(inputs[i], features[i], ids[i], isIds ? null : features[i].BindFloats(row, column), isIds ? features[i].BindInts(row, column) : null);
        }

        Lengths = new int[capacity];
    }

    /// <summary>For each row that has been fed the number of tokens that the first column has, truncated or not.</summary>
    public int[] Lengths { get; }

    /// <summary>Takes the present row as row <paramref name="index"/> of a batch of up to <paramref name="batch"/>.</summary>
    /// <exception cref="InvalidOperationException">A token id is out of range, or a sequence too long that is not to be truncated.</exception>
    public void Feed(int index, int batch)
    {
        for (int i = 0; i < _inputs.Length; i++)
        {
            (Tensor input, FeatureColumn column, int? known, FeatureColumn.Reader<float>? floats, FeatureColumn.IdReader? ints) = _inputs[i];

            // An input that the outputs do not depend on is not fed.
            if (!_executable.Feeds.Contains(input))
                continue;
            if (floats is not null)
            {
                floats(_executable.Feed<float>(input, batch).Slice(index * column.Size, column.Size));
                continue;
            }

            Span<int> values = _executable.Feed<int>(input, batch).Slice(index * column.Size, column.Size);
            int length = ints!(values);
            if (i == 0)
                Lengths[index] = length;
            else if (_isPerToken && column.Sequence is not null && length != Lengths[index])
                throw TokenColumn.Unequal(_inputs[0].Column.Name, Lengths[index], column.Name, length, _row.Position);
            if (known is { } limit && values.ContainsAnyExceptInRange(0, limit - 1))
            {
                int slot = values.IndexOfAnyExceptInRange(0, limit - 1);
                throw TokenColumn.OutOfRange(column.Name, slot, values[slot], _row.Position, limit);
            }
        }
    }

    private readonly record struct Input(Tensor Tensor, FeatureColumn Column, int? Ids, FeatureColumn.Reader<float>? Floats, FeatureColumn.IdReader? Ints);
}
