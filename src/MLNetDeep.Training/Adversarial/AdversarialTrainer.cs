using System.Diagnostics;
using System.Globalization;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Training.Callbacks;
using MLNetDeep.Training.Checkpoints;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Adversarial;

/// <summary>Trains a generator and a discriminator against each other (Goodfellow et al. 2014), in turn, on one graph.</summary>
/// <example>
/// <code>
/// Network generator = Network.Input(16).Dense(64).Relu().Dense(2);
/// Network discriminator = Network.Input(2).Dense(64).LeakyRelu().Dense(1);
/// TrainedGenerator trained = new AdversarialTrainer(generator, discriminator, new() { Epochs = 100 }, CpuEngine.Shared).Train(rows);
/// </code>
/// </example>
public sealed class AdversarialTrainer
{
    private const long ShuffleBufferBytes = 256L << 20;

    // Rows that are compared with one another to see how different they are.
    private const int ComparedRows = 128;

    // Rows that are generated at a time.
    private const int BlockRows = 128;

    private readonly Network _generator, _discriminator;
    private readonly AdversarialOptions _options;
    private readonly IEngine _engine;

    /// <summary>A trainer of two networks.</summary>
    /// <param name="generator">Makes a row of a latent vector and, with classes, of a class; see <see cref="AdversarialGraph"/>.</param>
    /// <param name="discriminator">Gives a row, and its class where the generator takes one, a score without an activation.</param>
    /// <param name="options">How they are trained.</param>
    /// <param name="engine">What they run on.</param>
    /// <exception cref="ArgumentException">An option is out of range; it is named.</exception>
    public AdversarialTrainer(Network generator, Network discriminator, AdversarialOptions options, IEngine engine)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(discriminator);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(engine);
        options.Check();
        (_generator, _discriminator, _options, _engine) = (generator, discriminator, options, engine);
    }

    /// <summary>Trains.</summary>
    /// <param name="rows">What to learn to make more of: a column of Float32 and, for networks that take a class, one of an Int32, from 0 (of packs: as many as a pack has).</param>
    /// <exception cref="ArgumentException">The networks do not fit each other or the rows, or there are fewer rows than a batch.</exception>
    /// <exception cref="TrainingDivergedException">A loss became NaN in the first epoch. (Later, training ends with the weights of the last good epoch and says so in <see cref="History.StopReason"/>.)</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The checkpoint folder cannot be written.</exception>
    public TrainedGenerator Train(IRowSource rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using Run run = new(this, rows);
        return run.Train();
    }

    /// <summary>Batches in an epoch.</summary>
    /// <exception cref="ArgumentException">There are too few rows.</exception>
    internal static int Batches(long rows, AdversarialOptions options)
    {
        if (rows == 0)
            throw new ArgumentException("There are no rows to train on: the data is empty.");
        if (rows < options.BatchSize)
            throw new ArgumentException($"There are {rows} rows to train on, fewer than the {options.BatchSize} of a batch: set BatchSize to {rows} or less.");
        int batches = (int)Math.Min(rows / options.BatchSize, int.MaxValue / options.Epochs);
        long steps = (long)batches * options.Epochs;
        return steps >= options.DiscriminatorSteps
            ? batches
            : throw new ArgumentException($"DiscriminatorSteps is {options.DiscriminatorSteps}, but {options.Epochs} epoch(s) of {rows} rows have {steps} steps of {options.BatchSize} in all: the generator would never learn. Use more epochs or smaller batches.");
    }

    private sealed class Run : IDisposable
    {
        private readonly AdversarialTrainer _trainer;
        private readonly AdversarialOptions _options;
        private readonly AdversarialGraph _graph;
        private readonly ISession _session;
        private readonly IExecutable _discriminate, _generate, _sample;
        private readonly IExecutable? _average;
        private readonly RowStream _rows;
        private readonly BatchPipeline _batches;
        private readonly CheckpointFile? _checkpoint;
        private readonly FrechetMeter? _frechet;
        private readonly CoverageMeter? _coverage;
        private readonly Variable[] _weights;
        private readonly History _history = new();
        private readonly int _rowSize;

        // The first rows and classes of the epoch's last batch, to compare generated ones with.
        private readonly float[] _compared;
        private readonly int[] _comparedClasses;
        private TrainingState _state = new();
        private Dictionary<string, float[]>? _lastGood;

        // How things stand: reported until they are better.
        private bool _collapsed;
        private double _mostDiverse;
        private int _fooledEpochs, _partialEpochs;

        public Run(AdversarialTrainer trainer, IRowSource rows)
        {
            _trainer = trainer;
            _options = trainer._options;
            _graph = new(trainer._generator, trainer._discriminator, _options);
            CheckColumns(rows.Columns);
            _rowSize = _graph.Real.Shape.UnitSize;
            int compared = Math.Min(ComparedRows, _options.BatchSize);
            _compared = new float[compared * _rowSize];
            _comparedClasses = new int[compared * (_graph.Classes?.Shape.UnitSize ?? 0)];
            _weights = [.. _graph.GeneratorWeights, .. _graph.DiscriminatorWeights, .. _graph.GeneratorWeights.Select(_graph.AverageOf).OfType<Variable>()];
            int capacity = _options.ShuffleBufferSize ?? (int)Math.Clamp(ShuffleBufferBytes / RowBuffer.RowBytes(rows.Columns), _options.BatchSize, 1 << 30);
            _rows = new(rows, capacity, _options.Seed, _options.CancellationToken);
            _batches = new(_rows, rows.Columns, _options.BatchSize);
            _session = trainer._engine.CreateSession(_graph.Graph, _options.Seed);
            _graph.StartAverage(_session);
            Tensor[] watched = [_graph.DiscriminatorLoss, _graph.RealScore, _graph.FakeScore];
            _discriminate = _session.Compile(_graph.Penalty is { } penalty ? [.. watched, penalty] : watched, _graph.DiscriminatorUpdates);
            _generate = _session.Compile([_graph.GeneratorLoss, .. _graph.GeneratorFigures.Values], _graph.GeneratorUpdates);
            _average = _graph.AverageUpdates.Count == 0 ? null : _session.Compile([], _graph.AverageUpdates);
            _sample = _session.Compile([_graph.Generated]);
            _checkpoint = _options.Checkpoint is { } checkpoint ? new(checkpoint, _session, _weights, Fingerprint()) : null;
            _frechet = _options.FrechetDistance is { } frechet ? new(frechet, rows, (int)Initializer.SeedFor(_options.Seed, "frechet"), trainer._engine, _options.CancellationToken) : null;
            _coverage = _options.CoverageRowCount > 0
                ? new(rows, _options.CoverageRowCount, _frechet is not null ? _frechet.Features : static made => made.ToArray(), (int)Initializer.SeedFor(_options.Seed, "coverage"), _options.CancellationToken)
                : null;
        }

        public TrainedGenerator Train()
        {
            TrainingContext context = new(_session, _history, _options.Epochs, _weights);
            if (_checkpoint?.Restore() is { } saved)
            {
                _state = saved.State;
                foreach (EpochResult epoch in _state.Epochs)
                    _history.Add(epoch);
                _mostDiverse = _state.Epochs.Select(e => e.Metrics.GetValueOrDefault("diversity")).DefaultIfEmpty().Max();
                _lastGood = CheckpointFile.Read(_session, _weights);
                _options.Log?.Invoke($"Going on after epoch {_state.Epochs.Count} of the checkpoint in '{_options.Checkpoint!.Folder}'.");
            }

            long rows = _rows.CountRows();
            int batches = Batches(rows, _options);
            foreach (Callback callback in _options.Callbacks)
                callback.OnTrainBegin(context);
            string? reason = _state.StopReason;
            for (int epoch = _state.Epochs.Count + 1; epoch <= _options.Epochs && reason is null; epoch++)
            {
                foreach (Callback callback in _options.Callbacks)
                    callback.OnEpochBegin(context, epoch);
                if (RunEpoch(context, epoch, batches, out reason) is not { } result)
                    break;
                foreach (Callback callback in _options.Callbacks)
                    callback.OnEpochEnd(context, result);
                reason = context.StopReason;
                _state.StopReason = reason;
                bool isLast = epoch == _options.Epochs || reason is not null;
                if (_options.OnSamples is { } show && (isLast || epoch % _options.SampleEveryEpochs == 0))
                    show(Samples(epoch));
                if (_checkpoint is not null && (isLast || epoch % _options.Checkpoint!.EveryEpochs == 0))
                    _checkpoint.SaveOrWarn(_state, null, _options.Warn ?? _options.Log);
            }

            _history.StopReason = reason;
            if (reason is not null)
                _options.Log?.Invoke(reason);
            _history.BestEpoch = _state.Epochs.Count;
            foreach (Callback callback in _options.Callbacks)
                callback.OnTrainEnd(context);
            return new(
                new(_trainer._generator, Values(_graph.GeneratorWeights.Select(w => (w, _graph.AverageOf(w) ?? w)), AdversarialGraph.GeneratorPrefix), _history),
                new(_trainer._discriminator, Values(_graph.DiscriminatorWeights.Select(w => (w, w)), AdversarialGraph.DiscriminatorPrefix), _history),
                _history);
        }

        public void Dispose()
        {
            _discriminate.Dispose();
            _generate.Dispose();
            _average?.Dispose();
            _sample.Dispose();
            _frechet?.Dispose();
            _session.Dispose();
        }

        private void CheckColumns(IReadOnlyList<RowColumn> columns)
        {
            Tensor[] feeds = _graph.Classes is { } classes ? [_graph.Real, classes] : [_graph.Real];
            if (columns.Count != feeds.Length)
                throw new ArgumentException($"The networks take {(feeds.Length == 1 ? "rows without a class, so there must be 1 column" : "rows and their classes, so there must be 2 columns")}; received {columns.Count}: {string.Join(", ", columns.Select(c => c.Name))}.");
            for (int i = 0; i < feeds.Length; i++)
            {
                if (columns[i].DType != feeds[i].DType || columns[i].Size != feeds[i].Shape.UnitSize)
                    throw new ArgumentException($"Column '{columns[i].Name}' has {columns[i].Size} {columns[i].DType} element(s) in a row, but the discriminator takes {feeds[i].DType} of shape {feeds[i].Shape}.");
            }
        }

        private EpochResult? RunEpoch(TrainingContext context, int epoch, int batches, out string? reason)
        {
            long start = Stopwatch.GetTimestamp();
            Sums sums = new();
            int batch = 0;
            string? failure = null;
            bool Step(Batch rows)
            {
                // A last batch that is not whole ends the epoch.
                if (rows.Count < _options.BatchSize || batch == batches)
                    return false;
                _options.CancellationToken.ThrowIfCancellationRequested();
                int step = ((epoch - 1) * batches) + batch;
                float loss = Discriminate(rows, step, batches, sums);
                batch++;
                if (!float.IsFinite(loss))
                {
                    failure = $"The discriminator's loss became {loss} in epoch {epoch}, step {batch}";
                    return false;
                }

                if ((step + 1) % _options.DiscriminatorSteps == 0 && Generate(rows, step, batches, sums) is var made && !float.IsFinite(made))
                {
                    failure = $"The generator's loss became {made} in epoch {epoch}, step {batch}";
                    return false;
                }

                if (batch == batches)
                    Keep(rows);
                BatchResult result = new(epoch, batch, batches, rows.Count, loss);
                foreach (Callback callback in _options.Callbacks)
                    callback.OnBatchEnd(context, result);
                return true;
            }

            _batches.Read(epoch, Step, _options.CancellationToken);
            Dictionary<string, float[]> weights = failure is null ? CheckpointFile.Read(_session, _weights) : [];
            if (weights.FirstOrDefault(w => w.Value.Any(v => !float.IsFinite(v))).Key is { } broken)
                failure = $"The weight '{broken}' became NaN or infinite in epoch {epoch}";
            if (failure is not null)
            {
                const string Advice = "smaller learning rates, limited gradients (ClipNorm), or rows between -1 and 1";
                if (_lastGood is null)
                    throw new TrainingDivergedException($"{failure}. Use {Advice}.");
                foreach ((string name, float[] values) in _lastGood)
                    _session.WriteVariable(name, values);
                reason = $"{failure}: training ended with the weights of epoch {epoch - 1}. What may help: {Advice}.";
                _options.Warn?.Invoke(reason);
                return null;
            }

            _lastGood = weights;
            reason = null;
            Dictionary<string, double> figures = sums.Means(_graph.Penalty is not null);
            Compare(figures, epoch);
            foreach (Callback callback in _options.Callbacks)
                callback.OnMeasure(context, epoch, figures);
            EpochResult result = new(epoch, figures, GeneratorRate((long)epoch * batches - 1, batches), Stopwatch.GetElapsedTime(start));
            _history.Add(result);
            _state.Epochs.Add(result);
            _options.Log?.Invoke(result.ToString());
            return result;
        }

        private float Discriminate(Batch rows, int step, int batches, Sums sums)
        {
            int count = rows.Count;
            rows.Rows.Rows<float>(0, 0, count).CopyTo(_discriminate.Feed<float>(_graph.Real, count));
            Feed(_discriminate, rows, step);
            _discriminate.Feed<float>(_graph.DiscriminatorRate, 1)[0] = _options.DiscriminatorSchedule?.At(step, batches, _options.Epochs) ?? _options.DiscriminatorOptimizer.LearningRate;
            FeedNoise(_discriminate, step, batches);
            _discriminate.Run(count);
            float loss = _discriminate.Fetch<float>(_graph.DiscriminatorLoss)[0];
            sums.Discriminator(loss, _discriminate.Fetch<float>(_graph.RealScore)[0], _discriminate.Fetch<float>(_graph.FakeScore)[0], _graph.Penalty is null ? 0 : _discriminate.Fetch<float>(_graph.Penalty)[0]);
            return loss;
        }

        private float Generate(Batch rows, int step, int batches, Sums sums)
        {
            Feed(_generate, rows, step);
            _generate.Feed<float>(_graph.GeneratorRate, 1)[0] = GeneratorRate(step, batches);
            FeedNoise(_generate, step, batches);
            _generate.Run(rows.Count);
            if (_average is not null)
            {
                long steps = (step + 1) / _options.DiscriminatorSteps;
                _average.Feed<float>(_graph.AverageDecay!, 1)[0] = Math.Min(_options.AverageDecay!.Value, (1f + steps) / (10f + steps));
                _average.Run(1);
            }

            float loss = _generate.Fetch<float>(_graph.GeneratorLoss)[0];
            sums.Generator(loss);
            foreach ((string name, Tensor figure) in _graph.GeneratorFigures)
                sums.Figure(name, _generate.Fetch<float>(figure)[0]);
            return loss;
        }

        private float GeneratorRate(long step, int batches) => _options.GeneratorSchedule?.At(step, batches, _options.Epochs) ?? _options.GeneratorOptimizer.LearningRate;

        private void Feed(IExecutable executable, Batch rows, int step)
        {
            if (executable.Feeds.Contains(_graph.Step))
                executable.Feed<int>(_graph.Step, 1)[0] = step;
            if (_graph.Classes is not { } classes || !executable.Feeds.Contains(classes))
                return;
            Span<int> ids = rows.Rows.Rows<int>(1, 0, rows.Count);
            if (_graph.ClassCount is { } known && ids.IndexOfAnyExceptInRange(0, known - 1) is var at and >= 0)
                throw new ArgumentException($"A row has the class {ids[at]}, but the networks know the classes 0 to {known - 1}.");
            ids.CopyTo(executable.Feed<int>(classes, rows.Count));
        }

        private void FeedNoise(IExecutable executable, int step, int batches)
        {
            if (_graph.NoiseDeviation is { } deviation)
                executable.Feed<float>(deviation, 1)[0] = _options.InstanceNoise * (float)(1 - step / ((double)batches * _options.Epochs));
        }

        private void Keep(Batch rows)
        {
            rows.Rows.Rows<float>(0, 0, _compared.Length / _rowSize).CopyTo(_compared);
            if (_comparedClasses.Length > 0)
                rows.Rows.Rows<int>(1, 0, _compared.Length / _rowSize).CopyTo(_comparedClasses);
        }

        private void Compare(Dictionary<string, double> figures, int epoch)
        {
            int count = _compared.Length / _rowSize;
            double real = Diversity.NearestDistance(_compared, _rowSize);
            double made = Diversity.NearestDistance(Sample(count, "compared", _comparedClasses), _rowSize);

            // Among real rows that are all the same a generator that repeats itself is right.
            double diversity = real > 0 ? made / real : 1;
            figures["diversity"] = diversity;
            WatchDiversity(diversity, figures["fake_score"] >= figures["real_score"], epoch);
            WatchDiscriminator(figures, epoch);
            if (_coverage is not null)
            {
                (figures["density"], figures["coverage"]) = _coverage.Compare(Sample(_coverage.Count, "coverage", [.. _coverage.Classes]));
                WatchCoverage(figures["density"], figures["coverage"], epoch);
            }

            if (_frechet is not null && (epoch % _options.FrechetDistance!.EveryEpochs == 0 || epoch == _options.Epochs))
                figures["frechet_distance"] = _frechet.DistanceTo(Sample(_frechet.Count, "frechet", [.. _frechet.Classes]));
        }

        // Many generators begin with rows that are nearly the same and differ more by the epoch: that is no collapse.
        private void WatchDiversity(double diversity, bool isFooling, int epoch)
        {
            bool low = diversity < _options.CollapseThreshold, grows = diversity > _mostDiverse;
            _mostDiverse = Math.Max(_mostDiverse, diversity);
            if (low && !_collapsed && (!grows || epoch == _options.Epochs))
            {
                _collapsed = !grows;
                string what = grows
                    ? $"the last: the generator's rows are still only {Text(diversity)} times as different from one another as real rows, if more so than before. More epochs or smaller batches may help."
                    : $"the generator has collapsed: its rows are {Text(diversity)} times as different from one another as real rows, so it makes nearly the same again and again. "
                    + (isFooling ? "The discriminator takes them for real: a higher learning rate or more steps of it, or a smaller learning rate of the generator, may help."
                        : "A gradient penalty, instance noise, or smaller learning rates, the discriminator's first, may help.");
                Warn($"Epoch {epoch}{(grows ? ", " : ": ")}{what}");
            }
            else if (!low && _collapsed)
            {
                _collapsed = false;
                _options.Log?.Invoke($"Epoch {epoch}: the generator's rows differ again ({Text(diversity)} times as much as real rows).");
            }
        }

        // Rows that look real, but kinds are missing. Of real rows in their place all but a thirtieth would be covered.
        private void WatchCoverage(double density, double coverage, int epoch)
        {
            bool partial = _options.CollapseThreshold > 0 && density >= 0.5 && coverage < 0.5 * Math.Min(density, 1);
            if (!partial && _partialEpochs >= 2)
                _options.Log?.Invoke($"Epoch {epoch}: the generator makes more kinds of rows again (coverage {Text(coverage)}).");
            _partialEpochs = partial ? _partialEpochs + 1 : 0;
            if (_partialEpochs == 2 || (_partialEpochs == 1 && epoch == _options.Epochs))
                Warn($"Epoch {epoch}: the generator has collapsed to some kinds of rows: those that it makes look real (density {Text(density)}), but only {(100 * coverage).ToString("F0", CultureInfo.InvariantCulture)}% of the real rows have one near them (coverage). A gradient penalty, instance noise, a smaller learning rate of the generator or larger batches may help.");
        }

        // One that is worse than tossing a coin would be teaches the generator nothing about the data.
        private void WatchDiscriminator(Dictionary<string, double> figures, int epoch)
        {
            const double Worse = 1.2;
            bool fooled = _options.Loss.UndecidedLoss is { } undecided && figures["fake_score"] > figures["real_score"] && figures["loss"] - figures.GetValueOrDefault("gradient_penalty") > Worse * undecided;
            _fooledEpochs = fooled ? _fooledEpochs + 1 : 0;
            if (_fooledEpochs == 2)
                Warn($"Epoch {epoch}: for two epochs the discriminator has scored generated rows ({Text(figures["fake_score"])}) higher than real ones ({Text(figures["real_score"])}): it learns too slowly to teach the generator anything. A higher learning rate or more steps of the discriminator, or a smaller learning rate of the generator, may help.");
        }

        private void Warn(string line) => (_options.Warn ?? _options.Log)?.Invoke(line);

        private static string Text(double number) => number.ToString("G2", CultureInfo.InvariantCulture);

        private GeneratedSamples Samples(int epoch)
        {
            // Of each class in turn.
            int[] classes = _graph.Classes is null ? [] : [.. Enumerable.Range(0, _options.SampleCount * _graph.Classes.Shape.UnitSize).Select(i => _graph.ClassCount is { } known ? i % known : _comparedClasses[i % _comparedClasses.Length])];
            return new(epoch, Sample(_options.SampleCount, "samples", classes), [.. _graph.Generated.Shape.Dims[1..]], classes);
        }

        // The same latent vectors each time.
        private float[] Sample(int count, string name, ReadOnlySpan<int> classes)
        {
            CounterRandom random = new(Initializer.SeedFor(_options.Seed, name));
            int size = _graph.Latent.Shape.UnitSize, each = _graph.Classes?.Shape.UnitSize ?? 0;
            float[] rows = new float[count * _rowSize];
            for (int start = 0; start < count; start += BlockRows)
            {
                int block = Math.Min(BlockRows, count - start);
                Span<float> latent = _sample.Feed<float>(_graph.Latent, block);
                for (int i = 0; i < latent.Length; i++)
                    latent[i] = (float)random.Normal(((long)start * size) + i);
                if (_graph.Classes is { } feed && _sample.Feeds.Contains(feed))
                    classes.Slice(start * each, block * each).CopyTo(_sample.Feed<int>(feed, block));
                _sample.Run(block);
                _sample.Fetch<float>(_graph.Generated).CopyTo(rows.AsSpan(start * _rowSize));
            }

            return rows;
        }

        private Dictionary<string, float[]> Values(IEnumerable<(Variable Weight, Variable Source)> weights, string prefix)
        {
            Dictionary<string, float[]> values = new(StringComparer.Ordinal);
            foreach ((Variable weight, Variable source) in weights)
            {
                float[] data = new float[weight.Shape.UnitSize];
                _session.ReadVariable(source.Name, data);
                values.Add(weight.Name[prefix.Length..], data);
            }

            return values;
        }

        private string Fingerprint() => CheckpointFile.Fingerprint(
            _graph.Graph,
            _options.Loss.ToString(),
            _options.Penalty?.ToString(),
            _options.GeneratorOptimizer.ToString(),
            _options.DiscriminatorOptimizer.ToString(),
            _options.GeneratorSchedule?.ToString(),
            _options.DiscriminatorSchedule?.ToString(),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_options.BatchSize} {_options.Seed} {_options.ShuffleBufferSize} {_options.DiscriminatorSteps} {_options.AverageDecay} {_options.InstanceNoise} {(_options is { InstanceNoise: <= 0, GeneratorSchedule: null, DiscriminatorSchedule: null } ? 0 : _options.Epochs)}"));

        // What the steps of an epoch gave, in doubles.
        private sealed class Sums
        {
            private double _loss, _real, _fake, _penalty, _generatorLoss;
            private readonly Dictionary<string, double> _figures = new(StringComparer.Ordinal);
            private long _steps, _generatorSteps;

            public void Discriminator(float loss, float real, float fake, float penalty)
            {
                (_loss, _real, _fake, _penalty) = (_loss + loss, _real + real, _fake + fake, _penalty + penalty);
                _steps++;
            }

            public void Generator(float loss)
            {
                _generatorLoss += loss;
                _generatorSteps++;
            }

            public void Figure(string name, float value) => _figures[name] = _figures.GetValueOrDefault(name) + value;

            public Dictionary<string, double> Means(bool penalty)
            {
                // Where the discriminator has more steps to one of the generator than an epoch has, the generator rests in some epochs.
                Dictionary<string, double> figures = new() { ["loss"] = _loss / _steps };
                if (_generatorSteps > 0)
                    figures["generator_loss"] = _generatorLoss / _generatorSteps;
                if (penalty)
                    figures["gradient_penalty"] = _penalty / _steps;
                foreach ((string name, double sum) in _figures)
                    figures[name] = sum / _generatorSteps;
                figures["real_score"] = _real / _steps;
                figures["fake_score"] = _fake / _steps;
                return figures;
            }
        }
    }
}
