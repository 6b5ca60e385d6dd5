using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Engines;
using MLNetDeep.Estimators;
using MLNetDeep.Graphs;
using MLNetDeep.Interop;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Rows;
using MLNetDeep.TimeSeries.Intervals;
using MLNetDeep.TimeSeries.Models;
using MLNetDeep.TimeSeries.Series;
using MLNetDeep.TimeSeries.Transformers;
using MLNetDeep.Training;
using MLNetDeep.Training.Checkpoints;
using MLNetDeep.Training.Data;

namespace MLNetDeep.TimeSeries.Estimators;

/// <summary>
/// Trains a neural network to forecast time series: one network for all series, all steps of the horizon at once, with bounds. Each kind of network has an estimator that
/// derives from this, and stands where ML.NET's <c>ForecastBySsa</c> could.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Column</term><description>Type</description></listheader>
/// <item><term>Value (in)</term><description>Single; NaN where it is missing</description></item>
/// <item><term>series key (in, optional)</term><description>text, key, Int32 or Int64</description></item>
/// <item><term>time (in, optional)</term><description>DateTime</description></item>
/// <item><term>covariates (in, optional)</term><description>Single</description></item>
/// <item><term>Forecast (out)</term><description>vector of Single: the steps after the row</description></item>
/// <item><term>lower and upper bounds (out, optional)</term><description>vectors of Single</description></item>
/// </list>
/// </remarks>
public abstract class ForecastingEstimator : IEstimator<ForecastingTransformer>
{
    // Windows are cut anew in each epoch where more would have to be kept than this.
    private const long BufferBytes = 16L << 20;

    private readonly IHost _host;
    private readonly ForecastingOptions _options;
    private readonly int _seed;

    private protected ForecastingEstimator(IHostEnvironment env, ForecastingOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = env.Register(name);
        _options = options;
        _seed = options.Seed ?? _host.Rand.Next();
        Require(options.Horizon >= 1, nameof(options.Horizon), options.Horizon, "at least 1: the number of steps to forecast");
        Require(options.WindowSize >= 1, nameof(options.WindowSize), options.WindowSize, "at least 1: the number of steps to look back");
        Require(options.ConfidenceLevel is > 0 and < 1, nameof(options.ConfidenceLevel), options.ConfidenceLevel, "a number between 0 and 1");
        Require(options.SeasonalDifferencing >= 0, nameof(options.SeasonalDifferencing), options.SeasonalDifferencing, "at least 0");
        Require(options.CalibrationFraction is >= 0 and < 1, nameof(options.CalibrationFraction), options.CalibrationFraction, "at least 0 and less than 1");
        Require(options.LongestGap is null or >= 0, nameof(options.LongestGap), options.LongestGap, "at least 0");
        if (options.Loss is not null && options.Likelihood != ForecastLikelihood.Point)
            throw new ArgumentException($"Options.Loss is set, but a likelihood of {options.Likelihood} has a loss of its own: set Likelihood to Point.", nameof(options));
        bool bounds = options.ConfidenceLowerBoundColumn is not null || options.ConfidenceUpperBoundColumn is not null;
        if (bounds && options.Likelihood == ForecastLikelihood.Point && options.CalibrationFraction == 0)
            throw new ArgumentException("A point forecast has bounds by origins that are held out, but CalibrationFraction is 0.", nameof(options));
        if (options.TimeColumnName is null && options.CalendarFeatures is not (CalendarFeatures.Auto or CalendarFeatures.None))
            throw new ArgumentException($"CalendarFeatures is {options.CalendarFeatures}, but there is no TimeColumnName to tell it from.", nameof(options));
        Settings = new()
        {
            InputColumn = options.InputColumnName,
            KeyColumn = options.SeriesKeyColumnName,
            TimeColumn = options.TimeColumnName,
            PastCovariates = [.. options.PastCovariateColumnNames],
            FutureCovariates = [.. options.FutureCovariateColumnNames],
            Window = options.WindowSize,
            Horizon = options.Horizon,
            Step = options.TimeColumnName is null ? null : options.Step,
            Calendar = options.TimeColumnName is null ? CalendarFeatures.None : options.CalendarFeatures,
            Encoding = options.CalendarEncoding,
            Transform = options.ValueTransform,
            Scaling = options.Scaling,
            Difference = options.Differencing,
            Season = options.SeasonalDifferencing,
            Missing = options.MissingSteps,
            LongestGap = options.LongestGap ?? options.WindowSize,
        };
    }

    internal SeriesSettings Settings { get; }

    internal IHost Host => _host;

    internal CancellationToken CancellationToken => _options.CancellationToken;

    internal double Level => _options.ConfidenceLevel;

    /// <summary>Trains the network.</summary>
    /// <param name="input">The rows, those of each series in order of time.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, a series is too short for a window and a horizon (it is named), or the network does not fit.</exception>
    /// <exception cref="InvalidOperationException">Rows do not make a series: dates repeat or go back, a value is infinite, too many steps are missing. Series and step are named.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN in the first epoch.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The checkpoint folder cannot be written.</exception>
    public ForecastingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(SeriesTable.Read(input, Settings, _options.CancellationToken));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SeriesColumns.Check(inputSchema, Settings);
        return inputSchema.WithColumns(OutputColumns.Select(name => Internals.Column(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false)));
    }

    /// <param name="table">The series.</param>
    /// <param name="part">The folder below <see cref="TrainingOptions.Checkpoint"/>'s to keep checkpoints in.</param>
    internal ForecastingTransformer Fit(SeriesTable table, string part = "")
    {
        using IChannel channel = _host.Start("Training");
        SeriesSettings settings = table.Settings;
        int needed = settings.Needed + settings.Horizon;
        foreach (SeriesHistory series in table.Series)
        {
            int steps = series.Origin + 1;
            if (steps < needed)
            {
                string lags = settings.Lags > 0 ? $", {settings.Lags} before it to take differences of" : "";
                throw new ArgumentException($"{settings.Describe(series.Key)} has {steps} steps with values; a window of {settings.Window}{lags} and a horizon of {settings.Horizon} need at least {needed}.");
            }
        }

        SeriesWindows windows = SeriesWindows.Of(table);
        Network network = Network(windows);
        (List<(SeriesHistory Series, int Origin)> all, List<(SeriesHistory Series, int Origin)> training, List<(SeriesHistory Series, int Origin)> held) = Origins(table, windows);
        if (all.Count == 0)
            throw new ArgumentException("There is no window to learn from: no step with a value has a whole window before it and a value in the horizon after it.");
        if (_options.CalibrationFraction > 0 && held.Count == 0)
            channel.Warning(MessageSensitivity.None, "No series is long enough to hold origins out: bounds are what the network says of the rows it learned from.");
        IEngine engine = DefaultEngine.Choose(_options.Engine, _host);
        TrainedNetwork trained = Train(network, windows, held.Count > 0 ? training : all, held, _options.Epochs, Checkpoint(part, "first"), channel, engine);
        ForecastModel model = ForecastModel.Of(trained, windows, new(_options.Likelihood, Level, [], 0, []), Level, engine);
        if (held.Count > 0 || _options.Likelihood == ForecastLikelihood.Point)
        {
            IntervalModel intervals = Calibrate(model, held.Count > 0 ? held : all);
            if (held.Count > 0 && _options.RefitOnAll)
            {
                _options.Tell(channel, $"Training anew on all {all.Count} windows, {trained.History.BestEpoch} epochs.");
                model = ForecastModel.Of(Train(network, windows, all, [], Math.Max(1, trained.History.BestEpoch), Checkpoint(part, "anew"), channel, engine), windows, intervals, Level, engine);
            }
            else
            {
                model = model.With(intervals, engine);
            }
        }

        Dictionary<string, SeriesHistory> state = new(StringComparer.Ordinal);
        foreach (SeriesHistory series in table.Series)
        {
            SeriesHistory tail = series.Copy();
            tail.Trim();
            state.Add(series.Key, tail);
        }

        return new(model, state, _options.OutputColumnName, _options.ConfidenceLowerBoundColumn, _options.ConfidenceUpperBoundColumn);
    }

    /// <summary>The network, up to (horizon, outputs) or as many numbers in a row, or to a <see cref="TaskOutput"/>.</summary>
    private protected abstract Network CreateNetwork(ForecastShape shape);

    private static void Require(bool holds, string option, object? value, string expected)
    {
        if (!holds)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}, expected {expected}."), option);
    }

    private IEnumerable<string> OutputColumns =>
        new[] { _options.OutputColumnName, _options.ConfidenceLowerBoundColumn, _options.ConfidenceUpperBoundColumn }.OfType<string>();

    private Network Network(SeriesWindows windows)
    {
        SeriesSettings settings = windows.Settings;
        int outputs = IntervalModel.OutputsOf(_options.Likelihood), horizon = settings.Horizon;
        Network network = CreateNetwork(new(settings.Window, horizon, outputs, settings.PastChannels, settings.FutureChannels));
        SeriesInput[] inputs = [.. network.InputLayers.Select(ForecastModel.InputOf)];
        foreach (SeriesInput input in inputs)
        {
            if (windows.SizeOf(input) == 0)
                throw new ArgumentException($"The network has an input '{input.ToString().ToLowerInvariant()}', but there are no {(input == SeriesInput.Future ? "covariates of the horizon nor calendar features" : "covariates nor calendar features")}.");
        }

        if (settings.FutureCovariates.Count > 0 && !inputs.Contains(SeriesInput.Future))
            throw new ArgumentException($"There are covariates of the horizon ({string.Join(", ", settings.FutureCovariates)}), but the network has no input called 'future' for them.");
        network = network.WithInputShapes([.. inputs.Select(windows.ShapeOf)]).WithOutputUnits(horizon * outputs);
        Shape shape = network.Build(new BuildContext(new Graph())).Value.Shape;
        if (!shape.IsBatched || shape.UnitSize != horizon * outputs)
        {
            throw new ArgumentException(
                $"The network's output has shape {shape}, but a horizon of {horizon} with {outputs} number(s) a step ({_options.Likelihood}) needs {horizon * outputs}: end it with TaskOutput(), which takes the number from the horizon.");
        }

        return shape.Equals(Shape.Batched(horizon, outputs)) ? network : network.Reshape(horizon, outputs);
    }

    // All origins that can be learned from; and the same split by time, so that nothing is learned from that is forecast when bounds are measured.
    private (List<(SeriesHistory Series, int Origin)> All, List<(SeriesHistory Series, int Origin)> Training, List<(SeriesHistory Series, int Origin)> Held) Origins(SeriesTable table, SeriesWindows windows)
    {
        SeriesSettings settings = table.Settings;
        List<(SeriesHistory Series, int Origin)> all = [], training = [], held = [];
        foreach (SeriesHistory series in table.Series)
        {
            List<int> origins = [];
            for (int origin = settings.Needed - 1; origin + settings.Horizon <= series.Origin; origin++)
            {
                // What stands in for a missing last step comes from a later one.
                if (series.Observed[origin] && series.Observed.Slice(origin + 1, settings.Horizon).Contains(true))
                    origins.Add(origin);
            }

            all.AddRange(origins.Select(o => (series, o)));
            int count = (int)Math.Ceiling(origins.Count * _options.CalibrationFraction);
            int first = count > 0 ? origins[^count] : int.MaxValue;
            int[] before = [.. origins.Where(o => (long)o + settings.Horizon <= first)];
            if (before.Length == 0)
            {
                // Too short to hold anything out: others have to do for it.
                training.AddRange(origins.Select(o => (series, o)));
                continue;
            }

            training.AddRange(before.Select(o => (series, o)));
            held.AddRange(origins.Where(o => o >= first).Select(o => (series, o)));
        }

        return (all, training, held);
    }

    private TrainedNetwork Train(
        Network network, SeriesWindows windows, List<(SeriesHistory, int)> training, List<(SeriesHistory, int)> validation, int epochs, CheckpointOptions? checkpoint, IChannel channel, IEngine engine)
    {
        SeriesInput[] inputs = [.. network.InputLayers.Select(ForecastModel.InputOf)];
        WindowRows rows = new(windows, inputs, training, _seed);
        Loss loss = _options.Likelihood switch
        {
            ForecastLikelihood.Quantile => new Quantile(IntervalModel.Quantiles(Level)),

            // Of a series without noise the deviation goes to its least value, and the gradient by the mean grows with one over its square: less than this leads astray.
            ForecastLikelihood.Gaussian => new GaussianLikelihood { MinDeviation = 0.01f },
            _ => _options.Loss ?? new MeanAbsoluteError(),
        };
        TrainerOptions options = _options.ForTrainer(loss, _host, channel, _seed) with
        {
            Optimizer = _options.Optimizer,
            LearningRateSchedule = _options.LearningRateSchedule,
            Epochs = epochs,
            BatchSize = _options.BatchSize,
            ShuffleBufferSize = (int)Math.Clamp(BufferBytes / RowBuffer.RowBytes(rows.Columns), _options.BatchSize, 1 << 20),

            // The second training goes as far as was best in the first: there is nothing to stop it by.
            EarlyStopping = epochs == _options.Epochs && validation.Count > 0 || _options.CalibrationFraction == 0 ? _options.EarlyStopping : null,
            Checkpoint = checkpoint,
        };
        return new Trainer(network, options, engine).Train(rows, validation.Count > 0 ? new WindowRows(windows, inputs, validation, null) : null);
    }

    // Each training has a folder of its own: no training goes on from another's state.
    private CheckpointOptions? Checkpoint(string part, string training) =>
        _options.Checkpoint is { } checkpoint ? checkpoint with { Folder = Path.Combine(checkpoint.Folder, part, training) } : null;

    private static IntervalModel Calibrate(ForecastModel model, List<(SeriesHistory Series, int Origin)> origins)
    {
        int horizon = model.Settings.Horizon;
        List<float[]> outputs = [], targets = [];
        model.Run(origins, (batch, row, number) =>
        {
            (SeriesHistory series, int origin) = origins[number];
            float[] target = new float[horizon];
            model.Windows.WriteTarget(series, origin, target);
            for (int h = 0; h < horizon; h++)
            {
                if (!series.Observed[origin + 1 + h])
                    target[h] = float.NaN;
            }

            outputs.Add(batch.Outputs(row).ToArray());
            targets.Add(target);
        });
        return IntervalModel.Calibrate(model.Intervals.Likelihood, model.Intervals.Level, horizon, outputs, targets);
    }
}
