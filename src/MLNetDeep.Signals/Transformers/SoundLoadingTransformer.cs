using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Signals.Codec;
using MLNetDeep.Signals.Interop;
using MLNetDeep.Tasks;
using MLNetDeep.Transformers;

namespace MLNetDeep.Signals.Transformers;

/// <summary>Adds the samples of the sound files that a column names. It can be used from any number of threads at once.</summary>
public sealed class SoundLoadingTransformer : RowTransformer
{
    private readonly SoundSettings _settings;

    internal SoundLoadingTransformer(SoundSettings settings) => _settings = settings;

    /// <summary>Name of the column of paths.</summary>
    public string InputColumnName => _settings.InputColumn;

    /// <summary>Name of the column of samples.</summary>
    public string OutputColumnName => _settings.OutputColumn;

    /// <summary>Samples a second.</summary>
    public int SampleRate => _settings.SampleRate;

    /// <summary>Samples of every sound; null for as many as each has.</summary>
    public int? Samples => _settings.Samples;

    private protected override void Save(ModelSaveContext ctx) => SoundLoader.Save(ctx, stream => ModelText.Write(stream, _settings.Write()));

    /// <exception cref="InvalidDataException">It is damaged, or not such a file.</exception>
    internal static SoundLoadingTransformer Load(Stream stream) => new(SoundSettings.Read(ModelText.Read(stream)));

    /// <exception cref="ArgumentException">The type is not that of paths.</exception>
    internal static void CheckType(string column, DataViewType type)
    {
        if (type is not TextDataViewType)
            throw new ArgumentException($"The sound path column '{column}' has type {type}; paths are text.");
    }

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, InputColumnName, "sound path");
        CheckType(column.Name, column.Type);
        return [column];
    }

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema) =>
        [new(OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, Samples ?? 0), new DataViewSchema.Annotations.Builder().ToAnnotations())];

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Loading(_settings, row, inputs[0]);

    private sealed class Loading(SoundSettings settings, DataViewRow row, DataViewSchema.Column input) : RowComputation(row)
    {
        private readonly DataViewRow _row = row;
        private readonly ValueGetter<ReadOnlyMemory<char>> _read = row.GetGetter<ReadOnlyMemory<char>>(input);
        private readonly SoundFile _file = new(settings.SampleRate, settings.Samples);
        private ReadOnlyMemory<char> _path;

        public override Delegate CreateGetter(string column) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            Prepare();
            Vectors.Set(ref value, _file.Samples);
        });

        protected override void Compute()
        {
            _read(ref _path);
            string path = _path.ToString();
            string? fault = _file.Load(settings.Folder, path);
            if (fault is not null && settings.OnBadSound == OnBadSound.Error)
                throw new InvalidDataException($"The sound file '{path}' in data row {_row.Position + 1} cannot be read: {fault}");
        }
    }
}
