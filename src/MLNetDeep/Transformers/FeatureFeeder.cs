using Microsoft.ML;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Rows;

namespace MLNetDeep.Transformers;

/// <summary>Puts the features of a row where an executable takes them from.</summary>
internal sealed class FeatureFeeder
{
    private readonly IExecutable _executable;
    private readonly (Tensor Input, FeatureColumn.Reader<float>? Floats, FeatureColumn.Reader<int>? Ints, int Size)[] _inputs;

    public FeatureFeeder(DataViewRow row, IReadOnlyList<FeatureColumn> features, IReadOnlyList<Tensor> inputs, IExecutable executable)
    {
        _executable = executable;
        _inputs = new (Tensor, FeatureColumn.Reader<float>?, FeatureColumn.Reader<int>?, int)[features.Count];
        for (int i = 0; i < features.Count; i++)
        {
            DataViewSchema.Column column = ColumnRef.Find(row.Schema, features[i].Name, "feature");
            _inputs[i] = features[i].DType == DType.Int32
                ? (inputs[i], null, features[i].BindInts(row, column), features[i].Size)
                : (inputs[i], features[i].BindFloats(row, column), null, features[i].Size);
        }
    }

    /// <summary>Takes the present row as row <paramref name="index"/> of a batch of up to <paramref name="batch"/>.</summary>
    public void Feed(int index, int batch)
    {
        foreach ((Tensor input, FeatureColumn.Reader<float>? floats, FeatureColumn.Reader<int>? ints, int size) in _inputs)
        {
            // An input that the outputs do not depend on is not fed.
            if (!_executable.Feeds.Contains(input))
                continue;
            if (floats is not null)
                floats(_executable.Feed<float>(input, batch).Slice(index * size, size));
            else
                ints!(_executable.Feed<int>(input, batch).Slice(index * size, size));
        }
    }
}
