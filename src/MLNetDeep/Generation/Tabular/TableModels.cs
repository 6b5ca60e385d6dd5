using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Training;
using MLNetDeep.Training.Data;
using MLNetDeep.Transformers;

namespace MLNetDeep.Generation.Tabular;

/// <summary>Trains the same small network on real and on synthetic rows, and tests both on rows that neither has seen.</summary>
internal sealed class TableModels
{
    private const int Trainings = 3, Epochs = 30, Batch = 64, TestBatch = 512;

    // Rarer categories are one.
    private const int MostCategories = 50;

    private readonly string _label;
    private readonly TabularEvaluationOptions _options;
    private readonly int _field, _outputs, _width;
    private readonly bool _isRegression;
    private readonly double[][] _real, _made, _holdout;
    private readonly Dictionary<double, int> _classes = [];
    private readonly List<Action<double[][], int, float[]>> _encoders = [];
    private readonly (double Mean, double Deviation) _scale;

    public TableModels(string[] names, bool[] isQuantity, int field, double[][] real, double[][] made, double[][] holdout, TabularEvaluationOptions options)
    {
        (_label, _field, _real, _made, _holdout, _options) = (names[field], field, real, made, holdout, options);
        _isRegression = isQuantity[field];
        _scale = Scale(real[field]);
        if (!_isRegression)
        {
            foreach (double kind in real[field].Concat(made[field]).Concat(holdout[field]).Distinct().Order())
                _classes.Add(kind, _classes.Count);
            if (holdout[field].Distinct().Count() < 2)
                throw new ArgumentException($"The label column '{_label}' is the same in all held-out rows: no model can be tested.");
        }
        else if (!(Scale(holdout[field]).Deviation > 0))
        {
            throw new ArgumentException($"The label column '{_label}' is the same, or missing, in all held-out rows: no model can be tested.");
        }

        _outputs = _isRegression ? 1 : Math.Max(_classes.Count, 2);
        for (int f = 0; f < names.Length; f++)
        {
            if (f != field)
                _width += isQuantity[f] ? Quantity(f, _width) : Categories(f, _width);
        }

        if (_width == 0)
            throw new ArgumentException($"There is no column to predict '{_label}' from.");
    }

    public TabularUtility Compare() => new(_label, _isRegression ? "R²" : _classes.Count == 2 ? "AUC" : "accuracy", Mean(_real), Mean(_made));

    private double Mean(double[][] table) => Enumerable.Range(0, Trainings).Average(i => Judge(Train(table, _options.Seed + i)));

    private TrainedNetwork Train(double[][] table, int seed)
    {
        // Rows in which the quantity to predict is missing say nothing.
        int[] rows = [.. Enumerable.Range(0, table[0].Length).Where(i => !_isRegression || !double.IsNaN(table[_field][i]))];
        if (rows.Length == 0)
            throw new ArgumentException($"The label column '{_label}' is missing in all rows: no model can be trained.");
        Network network = Network.Input("input", _width).Dense(64).Relu().Dense(32).Relu().Dense(_outputs);
        Loss loss = _isRegression ? new MeanSquaredError() : new SparseCategoricalCrossentropy { FromLogits = true };
        TrainerOptions options = new() { Loss = loss, Epochs = Epochs, BatchSize = Batch, Seed = seed, CancellationToken = _options.CancellationToken };
        return new Trainer(network, options, DefaultEngine.Instance).Train(new Source(this, table, rows));
    }

    private double Judge(TrainedNetwork model)
    {
        Graph graph = new();
        Tensor output = model.Network.Build(new BuildContext(graph)).Value;
        Scorer scorer = new(DefaultEngine.Instance, graph, ["input/input"], output.Node.Name, model.Weights);
        Engines.IExecutable executable = scorer.Rent();
        List<double> scores = [], truths = [];
        float[] row = new float[_width];
        int[] rows = [.. Enumerable.Range(0, _holdout[0].Length).Where(i => !_isRegression || !double.IsNaN(_holdout[_field][i]))];
        foreach (int[] batch in rows.Chunk(TestBatch))
        {
            Span<float> feed = executable.Feed<float>(scorer.Inputs[0], batch.Length);
            for (int i = 0; i < batch.Length; i++)
            {
                Encode(_holdout, batch[i], row);
                row.CopyTo(feed[(i * _width)..]);
            }

            executable.Run(batch.Length);
            ReadOnlySpan<float> outputs = executable.Fetch<float>(scorer.Output);
            for (int i = 0; i < batch.Length; i++)
            {
                ReadOnlySpan<float> own = outputs.Slice(i * _outputs, _outputs);
                double truth = _holdout[_field][batch[i]];
                truths.Add(_isRegression ? (truth - _scale.Mean) / _scale.Deviation : _classes[truth]);
                scores.Add(_isRegression ? own[0] : _classes.Count == 2 ? own[1] - own[0] : own.IndexOf(Greatest(own)));
            }
        }

        scorer.Return(executable);
        if (_isRegression)
        {
            double mean = truths.Average();
            return 1 - (scores.Zip(truths).Sum(p => (p.First - p.Second) * (p.First - p.Second)) / truths.Sum(t => (t - mean) * (t - mean)));
        }

        return _classes.Count == 2 ? AreaUnderCurve(scores, truths) : scores.Zip(truths).Average(p => p.First == p.Second ? 1.0 : 0);
    }

    private static float Greatest(ReadOnlySpan<float> scores)
    {
        float greatest = scores[0];
        foreach (float score in scores)
            greatest = Math.Max(greatest, score);
        return greatest;
    }

    /// <summary>The share of pairs of a row of either class whose scores are in the right order; equal scores count half.</summary>
    public static double AreaUnderCurve(List<double> scores, List<double> truths)
    {
        (double Score, double Truth)[] order = [.. scores.Zip(truths).OrderBy(p => p.First)];
        double positives = truths.Sum(), negatives = truths.Count - positives, sum = 0;
        for (int i = 0; i < order.Length;)
        {
            int end = i;
            double own = 0;
            while (end < order.Length && order[end].Score == order[i].Score)
                own += order[end++].Truth;
            sum += own * ((i + end + 1) / 2.0);
            i = end;
        }

        return (sum - (positives * (positives + 1) / 2)) / (positives * negatives);
    }

    private void Encode(double[][] table, int index, float[] row)
    {
        Array.Clear(row);
        foreach (Action<double[][], int, float[]> encoder in _encoders)
            encoder(table, index, row);
    }

    private int Quantity(int field, int at)
    {
        (double mean, double deviation) = Scale(_real[field]);
        _encoders.Add((table, index, row) =>
        {
            double value = table[field][index];
            if (double.IsNaN(value))
                row[at + 1] = 1;
            else
                row[at] = (float)Math.Clamp((value - mean) / (deviation > 0 ? deviation : 1), -10, 10);
        });
        return 2;
    }

    private int Categories(int field, int at)
    {
        Dictionary<double, int> places = _real[field].CountBy(c => c).OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(MostCategories).Select((c, i) => (c.Key, i)).ToDictionary(p => p.Key, p => p.i);
        _encoders.Add((table, index, row) => row[at + places.GetValueOrDefault(table[field][index], places.Count)] = 1);
        return places.Count + 1;
    }

    private static (double Mean, double Deviation) Scale(double[] values)
    {
        double[] present = Array.FindAll(values, v => !double.IsNaN(v));
        double mean = present.Length == 0 ? 0 : present.Average();
        return (mean, present.Length == 0 ? 0 : Math.Sqrt(present.Average(v => (v - mean) * (v - mean))));
    }

    private sealed class Source(TableModels owner, double[][] table, int[] rows) : IRowSource
    {
        public IReadOnlyList<RowColumn> Columns { get; } = [new("input", DType.Float32, owner._width), new("label", owner._isRegression ? DType.Float32 : DType.Int32, 1)];

        public IRowReader Read() => new Reader(this);

        private sealed class Reader(Source source) : IRowReader
        {
            private readonly float[] _row = new float[source.Width];
            private int _next;

            public bool Read(RowBuffer rows, int index)
            {
                if (_next == source.Rows.Length)
                    return false;
                source.Fill(source.Rows[_next++], _row, rows, index);
                return true;
            }

            public void Dispose()
            {
            }
        }

        private int Width => owner._width;

        private int[] Rows => rows;

        private void Fill(int row, float[] buffer, RowBuffer target, int index)
        {
            owner.Encode(table, row, buffer);
            buffer.CopyTo(target.Rows<float>(0, index));
            double label = table[owner._field][row];
            if (owner._isRegression)
                target.Rows<float>(1, index)[0] = (float)((label - owner._scale.Mean) / (owner._scale.Deviation > 0 ? owner._scale.Deviation : 1));
            else
                target.Rows<int>(1, index)[0] = owner._classes[label];
        }
    }
}
