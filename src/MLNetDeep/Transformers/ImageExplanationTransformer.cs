using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.Explanations;
using MLNetDeep.Graphs;
using MLNetDeep.Interop;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Transformers;

/// <summary>
/// Adds a column that shows what a trained network sees in each row's picture. It holds the network itself, and is saved with it; rows need only the network's
/// feature columns. Computed where the column is asked for, from any number of threads.
/// </summary>
public sealed class ImageExplanationTransformer : RowTransformer
{
    private readonly NeuralNetworkFile _file;

    internal ImageExplanationTransformer(NeuralNetworkFile file, ExplanationSettings settings, string outputColumnName, IEngine engine)
    {
        _file = file;
        OutputColumnName = outputColumnName;
        Explanation = Explanation.Create(settings, file.Model, file.Task, engine);
        Explanation.CheckInputs(file.Features);
    }

    /// <summary>Name of the column that is added.</summary>
    public string OutputColumnName { get; }

    /// <summary>The layer that is looked at; null where none is (an occlusion map).</summary>
    public string? LayerName => Explanation.Settings.LayerName;

    internal Explanation Explanation { get; }

    private protected override void Save(ModelSaveContext ctx) => ExplanationLoader.Save(ctx, Write);

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema) =>
        [.. _file.Features.Select(f => f.In(schema).OfSize(f.Size)).Select(f => schema[f.Name])];

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema) =>
        [new(OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, Explanation.Dimensions.ToArray()), new DataViewSchema.Annotations.Builder().ToAnnotations())];

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Seeing(Explanation, [.. _file.Features.Select(f => f.In(row.Schema).OfSize(f.Size))], row);

    /// <summary>Writes what <see cref="Load"/> reads.</summary>
    internal void Write(Stream stream)
    {
        ModelText.Write(stream, OutputColumnName);
        ModelText.Write(stream, Explanation.Settings.Write());
        _file.Write(stream);
    }

    /// <exception cref="InvalidDataException">It is damaged, or not such a file.</exception>
    internal static ImageExplanationTransformer Load(Stream stream)
    {
        string column = ModelText.Read(stream), settings = ModelText.Read(stream);
        NeuralNetworkFile file = NeuralNetworkFile.Read(stream);
        return NeuralNetworkFile.Guarded(() => new ImageExplanationTransformer(
            file, ExplanationSettings.Read(settings), column.Length > 0 ? column : throw new InvalidDataException("the column's name is empty."), DefaultEngine.Instance));
    }

    private sealed class Seeing : RowComputation
    {
        private readonly Explanation _explanation;
        private readonly RowBuffer _buffer;
        private readonly Action[] _readers;
        private readonly float[] _seen;

        public Seeing(Explanation explanation, FeatureColumn[] features, DataViewRow row)
            : base(row)
        {
            _explanation = explanation;
            _buffer = new([.. features.Select(f => new RowColumn(f.Name, f.DType, f.Size))], 1);
            _readers = [.. features.Select((f, i) => Reader(row, f, i))];
            _seen = new float[explanation.Dimensions.Aggregate(1, (a, b) => a * b)];
        }

        public override Delegate CreateGetter(string column) => Vector(_seen);

        protected override void Compute()
        {
            foreach (Action read in _readers)
                read();
            _explanation.Explain(_buffer, _seen);
        }

        private Action Reader(DataViewRow row, FeatureColumn feature, int index)
        {
            DataViewSchema.Column column = row.Schema[feature.Name];
            if (feature.DType == DType.Int32)
            {
                FeatureColumn.IdReader ints = feature.BindInts(row, column);
                return () => ints(_buffer.Rows<int>(index, 0));
            }

            FeatureColumn.Reader<float> floats = feature.BindFloats(row, column);
            return () => floats(_buffer.Rows<float>(index, 0));
        }
    }
}
