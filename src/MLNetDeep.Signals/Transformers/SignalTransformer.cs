using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Signals.Interop;
using MLNetDeep.Signals.Spectra;
using MLNetDeep.Tasks;
using MLNetDeep.Transformers;

namespace MLNetDeep.Signals.Transformers;

/// <summary>Adds the frames, spectrogram, mel spectrogram or cepstral coefficients of a column of signals. It can be used from any number of threads at once.</summary>
public sealed class SignalTransformer : RowTransformer
{
    private readonly SignalPlan _plan;

    internal SignalTransformer(SignalSettings settings) => _plan = new(settings);

    /// <summary>Name of the column of signals.</summary>
    public string InputColumnName => _plan.Settings.InputColumn;

    /// <summary>Name of the column that is added.</summary>
    public string OutputColumnName => _plan.Settings.OutputColumn;

    /// <summary>Numbers of a frame.</summary>
    public int Bins => _plan.Bins;

    internal SignalSettings Settings => _plan.Settings;

    private protected override void Save(ModelSaveContext ctx) => SignalLoader.Save(ctx, stream => ModelText.Write(stream, _plan.Settings.Write()));

    /// <exception cref="InvalidDataException">It is damaged, or not such a file.</exception>
    internal static SignalTransformer Load(Stream stream)
    {
        SignalSettings settings = SignalSettings.Read(ModelText.Read(stream));
        return NeuralNetworkFile.Guarded(() => new SignalTransformer(settings));
    }

    /// <exception cref="ArgumentException">The type is not that of a signal.</exception>
    internal static void CheckType(string column, DataViewType itemType, bool isVector, bool isKnown, SignalSettings settings)
    {
        if (!isVector || itemType != NumberDataViewType.Single)
            throw new ArgumentException($"The signal column '{column}' has {(isVector ? "vectors" : "scalars")} of {itemType}; expected vectors of Single.");
        if (!isKnown && settings.Options.Frames is null)
            throw new ArgumentException($"The signal column '{column}' has signals of any length: say with Frames how many frames to cut or fill them to.");
    }

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, InputColumnName, "signal");
        VectorDataViewType? vector = column.Type as VectorDataViewType;
        CheckType(column.Name, vector?.ItemType ?? column.Type, vector is not null, vector is { Size: > 0 }, Settings);
        return [column];
    }

    internal override IReadOnlyList<OutputColumn> Outputs(DataViewSchema schema)
    {
        (int frames, int bins) = Dimensions(schema[InputColumnName]);
        return [new(OutputColumnName, new VectorDataViewType(NumberDataViewType.Single, frames, bins), new DataViewSchema.Annotations.Builder().ToAnnotations())];
    }

    internal override RowComputation Bind(DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) => new Transforming(this, row, inputs[0]);

    private (int Frames, int Bins) Dimensions(DataViewSchema.Column column)
    {
        // Of signals of any length the frames are given, and each is looked at when it comes.
        int size = ((VectorDataViewType)column.Type).Size;
        return _plan.Dimensions(size > 0 ? size : _plan.Framing.Span, column.Name);
    }

    private sealed class Transforming : RowComputation
    {
        private readonly SignalTransformer _owner;
        private readonly DataViewRow _row;
        private readonly ValueGetter<VBuffer<float>> _read;
        private readonly SignalWorker _worker;
        private readonly float[] _result;
        private VBuffer<float> _signal;
        private float[] _dense = [];

        public Transforming(SignalTransformer owner, DataViewRow row, DataViewSchema.Column input)
            : base(row)
        {
            _owner = owner;
            _row = row;
            _read = row.GetGetter<VBuffer<float>>(input);
            _worker = new(owner._plan);
            (int frames, int bins) = owner.Dimensions(input);
            _result = new float[frames * bins];
        }

        public override Delegate CreateGetter(string column) => Vector(_result);

        protected override void Compute()
        {
            _read(ref _signal);
            ReadOnlySpan<float> signal = _signal.IsDense ? _signal.GetValues() : Dense();
            if (_owner._plan.Framing.Fault(signal.Length) is { } fault)
                throw new ArgumentException($"The signal in column '{_owner.InputColumnName}' of data row {_row.Position + 1} cannot be cut into frames: {fault}.");
            for (int i = 0; i < signal.Length; i++)
            {
                if (!float.IsFinite(signal[i]))
                    throw new ArgumentException($"Sample {i + 1} of the signal in column '{_owner.InputColumnName}' of data row {_row.Position + 1} is {signal[i]}: leave such rows out, or replace missing values before.");
            }

            _worker.Compute(signal, _result);
        }

        private ReadOnlySpan<float> Dense()
        {
            if (_dense.Length < _signal.Length)
                _dense = new float[_signal.Length];
            Span<float> dense = _dense.AsSpan(0, _signal.Length);
            _signal.CopyTo(dense);
            return dense;
        }
    }
}
