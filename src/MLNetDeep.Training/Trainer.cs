using System.Diagnostics;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Augmentation;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Checkpoints;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Training;

/// <summary>Trains a network on rows: epochs, batches, validation, early stopping, checkpoints.</summary>
public sealed class Trainer
{
    private const long ShuffleBufferBytes = 256L << 20;

    // Scoring alone needs less memory a row than training; more rows at once keep the processor busier.
    private const int ValidationBatch = 128;

    private readonly Network _network;
    private readonly TrainerOptions _options;
    private readonly IEngine _engine;

    /// <summary>A trainer of a network, nothing in which is left open.</summary>
    /// <exception cref="ArgumentException">An option is out of range; it is named.</exception>
    public Trainer(Network network, TrainerOptions options, IEngine engine)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(engine);
        Require(options.Epochs >= 1, nameof(options.Epochs), options.Epochs, "at least 1");
        Require(options.BatchSize >= 1, nameof(options.BatchSize), options.BatchSize, "at least 1");
        Require(options.ValidationFraction is >= 0 and < 1, nameof(options.ValidationFraction), options.ValidationFraction, "at least 0 and less than 1");
        Require(options.ShuffleBufferSize is null or >= 1, nameof(options.ShuffleBufferSize), options.ShuffleBufferSize, "at least 1");
        Require(options.Checkpoint is null or { EveryEpochs: >= 1 }, "Checkpoint.EveryEpochs", options.Checkpoint?.EveryEpochs, "at least 1");
        Require(options.DataThreads is null or (>= 0 and <= BatchPipeline.MostThreads), nameof(options.DataThreads), options.DataThreads, $"0 to {BatchPipeline.MostThreads}");
        Require(options.RecurrentClipNorm is null or > 0, nameof(options.RecurrentClipNorm), options.RecurrentClipNorm, "more than 0, or null for no limit");
        if (options is { BalancedBatches: true, Shuffle: false })
            throw new ArgumentException("BalancedBatches draws rows at random, and Shuffle is false; expected true.", nameof(options));
        _network = network;
        _options = options;
        _engine = engine;
    }

    /// <summary>Trains.</summary>
    /// <param name="rows">What to learn from.</param>
    /// <param name="validation">What to validate on, of the same columns; null for the share that <see cref="TrainerOptions.ValidationFraction"/> says.</param>
    /// <exception cref="ArgumentException">The network cannot take the rows, or there are none.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN in the first epoch. (Later, training ends with the weights of the last good epoch and says so in <see cref="History.StopReason"/>.)</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The checkpoint folder cannot be written.</exception>
    public TrainedNetwork Train(IRowSource rows, IRowSource? validation = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        IRowSource training = rows;
        if (validation is null && _options.ValidationFraction > 0)
        {
            validation = new SplitSource(rows, _options.ValidationFraction, _options.Seed, first: true);
            training = new SplitSource(rows, _options.ValidationFraction, _options.Seed, first: false);
        }

        using Run run = new(this, training, validation);
        return run.Train();
    }

    private static void Require(bool holds, string option, object? value, string expected)
    {
        if (!holds)
            throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{option} is {value}, expected {expected}."), option);
    }

    private sealed class Run : IDisposable
    {
        private readonly TrainerOptions _options;
        private readonly Network _network;
        private readonly RowStream _training;
        private readonly RowStream? _validation;
        private readonly ISession _session;
        private readonly IExecutable _step;
        private readonly IExecutable? _evaluate;
        private readonly Variable[] _weights;

        // The states that stateful layers keep from one batch to the next.
        private readonly Variable[] _states;
        private readonly Optimizer _optimizer;
        private readonly Tensor _loss, _trainingOutput, _learningRate;

        // What else each step reports: numbers, by name.
        private readonly KeyValuePair<string, Tensor>[] _figures;
        private readonly Tensor _output, _perRow;
        private readonly Tensor[] _feeds;

        // Which steps of sequences are real, as numbers, (batch, steps); null where all are. And room for what each step weighs in metrics.
        private readonly Tensor? _trainingSteps, _steps;
        private readonly int _stepsJudged;
        private float[] _stepWeights = [];
        private readonly Tensor? _stepNumber;
        private readonly Tensor? _classShares;
        private readonly BatchPipeline _batches;
        private readonly RowBuffer _validationBatch;
        private readonly bool _hasWeights;
        private readonly History _history = new();
        private readonly CheckpointFile? _checkpoint;
        private TrainingState _state = new();
        private Dictionary<string, float[]>? _best;
        private Dictionary<string, float[]>? _lastGood;

        public Run(Trainer trainer, IRowSource training, IRowSource? validation)
        {
            _options = trainer._options;
            _network = trainer._network;
            IReadOnlyList<RowColumn> columns = training.Columns;
            int inputs = _network.InputLayers.Count;
            if (columns.Count is var count && count != inputs + 1 && count != inputs + 2)
                throw new ArgumentException($"The network has {inputs} input(s), so rows need {inputs + 1} columns, or {inputs + 2} with weights; received {count}: {string.Join(", ", columns.Select(c => c.Name))}.");
            _hasWeights = count == inputs + 2;

            Graph graph = new();
            BuildContext context = new(graph) { Training = true, Seed = _options.Seed, CarryState = true }, scoring = new(graph) { Seed = _options.Seed, CarryState = true };
            MaskedTensor output = _network.Build(context);
            MaskedTensor inference = _network.Build(scoring);
            _states = [.. context.StateUpdates.Select(u => graph.GetVariable(u.Inputs[0].Node.Name))];
            _weights = [.. graph.Variables.Except(_states)];
            CheckStates();
            _optimizer = _options.Optimizer is { ClipValue: null, ClipNorm: null, GlobalClipNorm: null } && context.IsRecurrent
                ? _options.Optimizer with { GlobalClipNorm = _options.RecurrentClipNorm }
                : _options.Optimizer;
            BatchAugmenter? augmenter = _options.Augmentation is { Operations.Count: > 0 } augmentation ? new(augmentation, _network, columns, _options.Loss, output.Value.Shape, _options.Seed) : null;
            Tensor target = graph.Placeholder("target", _options.Loss.TargetType, _options.Loss.TargetShape(output.Value.Shape));

            // Validation rows are of one class even where training rows are mixed of several.
            Loss loss = augmenter?.TrainingLoss ?? _options.Loss;
            _classShares = augmenter is { Classes: > 0 } ? graph.Placeholder("class_shares", loss.TargetType, loss.TargetShape(output.Value.Shape)) : null;
            Tensor? weights = _hasWeights ? graph.Placeholder("sample_weight", DType.Float32, new Shape(-1)) : null;
            Tensor outputLoss = loss.Reduce(output, _classShares ?? target, weights);
            _loss = context.Losses.Aggregate(outputLoss, (sum, own) => sum + own);
            _figures = [.. _options.OutputLossName is { } name ? (IEnumerable<KeyValuePair<string, Tensor>>)[new(name, outputLoss)] : [], .. context.Figures];
            if (_figures.Select(f => f.Key).Concat(_options.Metrics.Select(m => m.Name)).Append("loss").GroupBy(n => n).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
                throw new ArgumentException($"Two figures are called '{twice}': metrics, OutputLossName ({_options.OutputLossName ?? "null"}) and what layers report ({string.Join(", ", context.Figures.Keys)}) need names of their own.");
            _learningRate = graph.Placeholder(Optimizer.LearningRateFeed, DType.Float32, Shape.Scalar);
            IReadOnlyList<Node> updates = [.. _optimizer.Minimize(_loss, _weights, _learningRate), .. context.Updates, .. context.StateUpdates];
            _trainingOutput = output.Value;
            _output = inference.Value;
            _perRow = _options.Loss.PerRow(inference, target);
            _trainingSteps = loss.RealSteps(output) is null ? null : Ops.Cast(output.Mask!);
            _steps = _options.Loss.RealSteps(inference) is null ? null : Ops.Cast(inference.Mask!);

            // A sequence of outputs is judged step by step.
            _stepsJudged = target.Shape.Rank > 1 && (output.Value.Shape.Rank == 3 || _steps is not null) ? target.Shape[1] : 1;
            _stepNumber = graph.Find("step")?.Outputs[0];
            _feeds = [.. InputsOf(graph), target];
            if (weights is not null)
                _feeds = [.. _feeds, weights];
            CheckColumns(columns);
            CheckInitialWeights();
            CheckMonitor(validation is not null);

            int capacity = _options.ShuffleBufferSize ?? (int)Math.Clamp(ShuffleBufferBytes / RowBuffer.RowBytes(columns), _options.BatchSize, 1 << 30);
            _training = new(training, capacity, _options.Shuffle ? _options.Seed : null, _options.CancellationToken) { BalancedColumn = _options.BalancedBatches ? inputs : null };
            _validation = validation is null ? null : new(validation, capacity, null, _options.CancellationToken);
            _batches = new(_training, columns, _options.BatchSize, augmenter, _options.DataThreads);
            _validationBatch = new(columns, _states.Length > 0 ? _options.BatchSize : Math.Max(ValidationBatch, _options.BatchSize));
            _session = trainer._engine.CreateSession(graph, _options.Seed);
            _step = _session.Compile(WithSteps(_trainingSteps, [_loss, _trainingOutput, .. _figures.Select(f => f.Value)]), updates);
            _evaluate = validation is null ? null : _session.Compile(WithSteps(_steps, _output, _perRow), [.. scoring.StateUpdates]);
            _checkpoint = _options.Checkpoint is { } checkpoint ? new(checkpoint, _session, _weights, Fingerprint(trainer)) : null;
        }

        public TrainedNetwork Train()
        {
            TrainingContext context = new(_session, _history, _options.Epochs, _weights);
            if (_checkpoint?.Restore() is { } saved)
            {
                _state = saved.State;
                _best = saved.Best;
                foreach (EpochResult epoch in _state.Epochs)
                    _history.Add(epoch);
                _lastGood = Snapshot();
                _options.Log?.Invoke($"Going on after epoch {_state.Epochs.Count} of the checkpoint in '{_options.Checkpoint!.Folder}'.");
            }
            else if (_options.InitialWeights is { } initial)
            {
                Restore(initial);
            }

            long rows = _training.CountRows();
            if (rows == 0)
                throw new ArgumentException(_options.ValidationFraction > 0 ? "There are no rows to train on: the data is empty, or all of it is in the validation fraction." : "There are no rows to train on: the data is empty.");
            long validationRows = _validation?.CountRows() ?? 0;
            if (_validation is not null && validationRows == 0)
                throw new ArgumentException("There are no rows to validate on: the validation data is empty, or the validation fraction is too small for so few rows.");
            CheckWholeBatches(rows, "training");
            CheckWholeBatches(validationRows, "validation");
            if (rows < _options.BatchSize)
                _options.Log?.Invoke($"The batch size of {_options.BatchSize} is more than the {rows} training rows: each epoch is one step on all of them.");

            foreach (Callback callback in _options.Callbacks)
                callback.OnTrainBegin(context);
            int batches = (int)((rows + _options.BatchSize - 1) / _options.BatchSize);
            string? reason = _state.StopReason;
            for (int epoch = _state.Epochs.Count + 1; epoch <= _options.Epochs && reason is null; epoch++)
            {
                foreach (Callback callback in _options.Callbacks)
                    callback.OnEpochBegin(context, epoch);
                EpochResult? result = RunEpoch(context, epoch, batches, out reason);
                if (result is null)
                    break;
                reason = Judge(result);
                foreach (Callback callback in _options.Callbacks)
                    callback.OnEpochEnd(context, result);
                reason ??= context.StopReason;
                _state.StopReason = reason;
                if (_checkpoint is not null && (epoch % _options.Checkpoint!.EveryEpochs == 0 || epoch == _options.Epochs || reason is not null))
                    _checkpoint.SaveOrWarn(_state, _best, _options.Warn ?? _options.Log);
            }

            _history.StopReason = reason;
            if (reason is not null)
                _options.Log?.Invoke(reason);
            Finish();
            foreach (Callback callback in _options.Callbacks)
                callback.OnTrainEnd(context);
            return new(_network, Snapshot(), _history);
        }

        public void Dispose()
        {
            _step.Dispose();
            _evaluate?.Dispose();
            _session.Dispose();
        }

        // A row of a stateful layer goes on from the same row of the batch before.
        private void CheckStates()
        {
            if (_states.Length == 0)
                return;
            Variable? misfit = _states.FirstOrDefault(s => s.Shape[0] != _options.BatchSize);
            if (misfit is not null)
                throw new ArgumentException($"'{misfit.Name}' belongs to a stateful layer with a BatchSize of {misfit.Shape[0]}, but training has batches of {_options.BatchSize}: set the two to the same number.");
            if (_options.Shuffle)
                throw new ArgumentException($"'{_states[0].Name}' belongs to a stateful layer, whose batches continue one another: set Shuffle to false.");
        }

        private void CheckWholeBatches(long rows, string kind)
        {
            if (_states.Length > 0 && rows % _options.BatchSize != 0)
                throw new ArgumentException($"There are {rows} {kind} rows, but a stateful layer takes whole batches only: expected a multiple of {_options.BatchSize}.");
        }

        private void ResetStates()
        {
            foreach (Variable state in _states)
                _session.WriteVariable(state.Name, new float[state.Shape.UnitSize]);
        }

        private static IEnumerable<Tensor> InputsOf(Graph graph) =>
            graph.Nodes.Where(n => n.Op.Name == "Placeholder" && n.Name.EndsWith("/input", StringComparison.Ordinal)).Select(n => n.Outputs[0]);

        private static Tensor[] WithSteps(Tensor? steps, params Tensor[] fetches) => steps is null ? fetches : [.. fetches, steps];

        private void CheckInitialWeights()
        {
            Dictionary<string, Variable> known = _weights.ToDictionary(w => w.Name);
            foreach ((string name, float[] values) in _options.InitialWeights ?? new Dictionary<string, float[]>())
            {
                if (!known.TryGetValue(name, out Variable? weight))
                    throw new ArgumentException($"InitialWeights has '{name}', which the network has not. Its weights: {string.Join(", ", known.Keys)}.");
                if (values.Length != weight.Shape.UnitSize)
                    throw new ArgumentException($"InitialWeights has {values.Length} values for '{name}', whose shape in the network is {weight.Shape}.");
            }
        }

        private void CheckColumns(IReadOnlyList<RowColumn> columns)
        {
            for (int i = 0; i < columns.Count; i++)
            {
                Tensor feed = _feeds[i];
                if (columns[i].DType != feed.DType || columns[i].Size != feed.Shape.UnitSize)
                    throw new ArgumentException($"Column '{columns[i].Name}' has {columns[i].Size} {columns[i].DType} element(s) in a row, but '{feed.Node.Name}' takes {feed.DType} of shape {feed.Shape}.");
            }
        }

        // Better to find out before the first epoch than after.
        private void CheckMonitor(bool validates)
        {
            string[] figures = ["loss", .. _options.Metrics.Select(m => m.Name)];
            figures = [.. figures, .. _figures.Select(f => f.Key), .. validates ? figures.Select(f => "val_" + f) : []];
            if (_options.EarlyStopping?.Monitor is { } monitor && !figures.Contains(monitor))
                throw new ArgumentException($"Early stopping watches '{monitor}', but there is only {string.Join(", ", figures)}{(validates ? "" : " (there are no validation rows)")}.");
        }

        private EpochResult? RunEpoch(TrainingContext context, int epoch, int batches, out string? reason)
        {
            long start = Stopwatch.GetTimestamp();
            foreach (Metric metric in _options.Metrics)
                metric.Reset();
            ResetStates();
            double sum = 0;
            double[] figureSums = new double[_figures.Length];
            long seen = 0;
            int batch = 0;
            float rate = 0;
            string? failure = null;
            bool Step(Batch rows)
            {
                _options.CancellationToken.ThrowIfCancellationRequested();
                long step = (long)(epoch - 1) * batches + batch;
                rate = _options.LearningRateSchedule?.At(step, batches, _options.Epochs, _state.Schedule) ?? _options.Optimizer.LearningRate;
                int held = rows.Count;
                Feed(_step, rows.Rows, held);
                if (_classShares is not null)
                    rows.ClassShares!.Rows<float>(0, 0, held).CopyTo(_step.Feed<float>(_classShares, held));
                _step.Feed<float>(_learningRate, 1)[0] = rate;
                if (_stepNumber is not null && _step.Feeds.Contains(_stepNumber))
                    _step.Feed<int>(_stepNumber, 1)[0] = (int)step;
                _step.Run(held);
                float loss = _step.Fetch<float>(_loss)[0];
                batch++;
                if (!float.IsFinite(loss))
                {
                    failure = $"The loss became {loss} in epoch {epoch}, step {batch}";
                    return false;
                }

                // A mean over steps counts as often as there were any.
                ReadOnlySpan<float> real = _trainingSteps is null ? [] : _step.Fetch<float>(_trainingSteps);
                long counted = real.IsEmpty ? held : Count(real);
                sum += (double)loss * counted;
                for (int i = 0; i < figureSums.Length; i++)
                    figureSums[i] += (double)_step.Fetch<float>(_figures[i].Value)[0] * counted;
                seen += counted;
                UpdateMetrics(_step.Fetch<float>(_trainingOutput), rows.Rows, held, real);
                BatchResult result = new(epoch, batch, batches, held, loss);
                foreach (Callback callback in _options.Callbacks)
                    callback.OnBatchEnd(context, result);
                return true;
            }

            _batches.Read(epoch, Step, _options.CancellationToken);

            // The last step's update has not been through a loss yet.
            Dictionary<string, float[]> weights = failure is null ? Snapshot() : [];
            if (weights.FirstOrDefault(w => w.Value.Any(v => !float.IsFinite(v))).Key is { } broken)
                failure = $"The weight '{broken}' became NaN or infinite in epoch {epoch}, step {batch}";
            if (failure is not null)
            {
                if (_lastGood is null)
                    throw new TrainingDivergedException($"{failure}. Use a smaller learning rate (it is {rate}), limit the gradients (ClipNorm), or normalise the features.");
                Restore(_lastGood);
                int kept = _best is null ? epoch - 1 : _state.BestEpoch;
                reason = $"{failure}: training ended with the weights of epoch {kept}. A smaller learning rate (it is {rate}) or limited gradients (ClipNorm) may help.";
                (_options.Warn ?? _options.Log)?.Invoke(reason);
                return null;
            }

            _lastGood = weights;
            Dictionary<string, double> figures = new() { ["loss"] = sum / Math.Max(seen, 1) };
            for (int i = 0; i < figureSums.Length; i++)
                figures[_figures[i].Key] = figureSums[i] / Math.Max(seen, 1);
            foreach (Metric metric in _options.Metrics)
                figures[metric.Name] = metric.Result;
            if (_validation is not null)
                Validate(figures);
            foreach (Callback callback in _options.Callbacks)
                callback.OnMeasure(context, epoch, figures);
            reason = null;
            EpochResult result = new(epoch, figures, rate, Stopwatch.GetElapsedTime(start));
            _history.Add(result);
            _state.Epochs.Add(result);
            _options.Log?.Invoke(result.ToString());
            return result;
        }

        private void Validate(Dictionary<string, double> figures)
        {
            foreach (Metric metric in _options.Metrics)
                metric.Reset();
            ResetStates();
            double sum = 0;
            long rows = 0;
            int held = 0;
            void Score()
            {
                _options.CancellationToken.ThrowIfCancellationRequested();
                Feed(_evaluate!, _validationBatch, held);
                _evaluate!.Run(held);
                ReadOnlySpan<float> losses = _evaluate.Fetch<float>(_perRow), weights = Weights(_validationBatch, held);
                ReadOnlySpan<float> real = _steps is null ? [] : _evaluate.Fetch<float>(_steps);
                int steps = real.Length / held;
                for (int i = 0; i < held; i++)
                {
                    long counted = real.IsEmpty ? 1 : Count(real.Slice(i * steps, steps));
                    sum += (weights.IsEmpty ? 1.0 : weights[i]) * losses[i] * counted;
                    rows += counted;
                }

                UpdateMetrics(_evaluate.Fetch<float>(_output), _validationBatch, held, real);
                held = 0;
            }

            _validation!.Read(0, (buffer, row) =>
            {
                _validationBatch.CopyRow(buffer, row, held++);
                if (held == _validationBatch.Capacity)
                    Score();
                return true;
            });
            if (held > 0)
                Score();
            // Over the number of rows (of real steps, where some are masked), whatever they weigh, as the training loss: the two can be compared.
            figures["val_loss"] = sum / Math.Max(rows, 1);
            foreach (Metric metric in _options.Metrics)
                figures["val_" + metric.Name] = metric.Result;
        }

        private void Feed(IExecutable executable, RowBuffer rows, int count)
        {
            for (int i = 0; i < _feeds.Length; i++)
            {
                if (!executable.Feeds.Contains(_feeds[i]))
                    continue;
                if (_feeds[i].DType == DType.Int32)
                    rows.Rows<int>(i, 0, count).CopyTo(executable.Feed<int>(_feeds[i], count));
                else
                    rows.Rows<float>(i, 0, count).CopyTo(executable.Feed<float>(_feeds[i], count));
            }
        }

        private ReadOnlySpan<float> Weights(RowBuffer rows, int count) => _hasWeights ? rows.Rows<float>(_feeds.Length - 1, 0, count) : [];

        private static long Count(ReadOnlySpan<float> real)
        {
            long count = 0;
            foreach (float step in real)
                count += step != 0 ? 1 : 0;
            return count;
        }

        private void UpdateMetrics(ReadOnlySpan<float> outputs, RowBuffer rows, int count, ReadOnlySpan<float> real)
        {
            int target = _hasWeights ? _feeds.Length - 2 : _feeds.Length - 1;
            ReadOnlySpan<float> weights = StepWeights(Weights(rows, count), count, real);
            foreach (Metric metric in _options.Metrics)
            {
                if (_feeds[target].DType == DType.Int32)
                    metric.Update(outputs, rows.Rows<int>(target, 0, count), weights);
                else
                    metric.Update(outputs, rows.Rows<float>(target, 0, count), weights, count * _stepsJudged);
            }
        }

        // What each step weighs: as much as its row, and nothing where it is masked.
        private ReadOnlySpan<float> StepWeights(ReadOnlySpan<float> rowWeights, int count, ReadOnlySpan<float> real)
        {
            if (_stepsJudged == 1 || (rowWeights.IsEmpty && real.IsEmpty))
                return rowWeights;
            int size = count * _stepsJudged;
            if (_stepWeights.Length < size)
                _stepWeights = new float[size];
            for (int i = 0; i < size; i++)
                _stepWeights[i] = (rowWeights.IsEmpty ? 1 : rowWeights[i / _stepsJudged]) * (real.IsEmpty ? 1 : real[i]);
            return _stepWeights.AsSpan(0, size);
        }

        // Keeps the weights if they are the best yet; says why training should end, or null.
        private string? Judge(EpochResult result)
        {
            EarlyStopping? stopping = _options.EarlyStopping;
            string monitor = stopping?.Monitor ?? (_validation is null ? "loss" : "val_loss");
            double figure = result.Metrics[monitor];
            if (_options.LearningRateSchedule is { WatchesMetric: true } schedule)
                _state.Schedule = schedule.After(_state.Schedule, (float)figure);

            string name = monitor.StartsWith("val_", StringComparison.Ordinal) ? monitor[4..] : monitor;
            bool higher = _options.Metrics.FirstOrDefault(m => m.Name == name)?.HigherIsBetter ?? false;
            double delta = stopping?.MinDelta ?? 0;
            if (!double.IsNaN(figure) && (_state.Best is not { } best || (higher ? figure > best + delta : figure < best - delta)))
            {
                _state.Best = figure;
                _state.BestEpoch = result.Epoch;
                if (stopping is { RestoreBestWeights: true })
                    _best = _lastGood;
                return null;
            }

            if (stopping is null || result.Epoch - _state.BestEpoch < stopping.Patience)
                return null;
            return _state.Best is null
                ? $"Stopped after epoch {result.Epoch}: {monitor} has been NaN from the first epoch on."
                : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Stopped after epoch {result.Epoch}: {monitor} has not improved on its {_state.Best:G4} of epoch {_state.BestEpoch}.");
        }

        private void Finish()
        {
            if (_best is not null)
                Restore(_best);
            _history.BestEpoch = _best is not null ? _state.BestEpoch : _state.Epochs.Count;
        }

        private Dictionary<string, float[]> Snapshot() => CheckpointFile.Read(_session, _weights);

        private void Restore(IReadOnlyDictionary<string, float[]> weights)
        {
            foreach ((string name, float[] values) in weights)
                _session.WriteVariable(name, values);
        }

        // What must be the same for a checkpoint to be gone on from: all that a step computes, and how rows come to it.
        private string Fingerprint(Trainer trainer) =>
            CheckpointFile.Fingerprint(
                _session.Graph,
                _optimizer.ToString(),
                trainer._options.Loss.ToString(),
                trainer._options.LearningRateSchedule?.ToString(),
                trainer._options.EarlyStopping?.ToString(),
                trainer._options.Augmentation?.ToString(),
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_options.BatchSize} {_options.Seed} {_options.Shuffle} {_options.ValidationFraction} {_options.ShuffleBufferSize}{(_options.BalancedBatches ? " balanced" : "")}"));
    }
}
