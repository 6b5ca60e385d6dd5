using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Training.Callbacks;

namespace MLNetDeep.Generation.Tabular;

/// <summary>
/// Makes a few rows after each epoch and adds to its figures how alike their columns are to the training rows', and how different they are from one another beside those: the mean distance from a row
/// to the nearest other, over the same among training rows. About 1 is well; a model that has collapsed makes the same row again, for each condition, and has nearly 0.
/// </summary>
internal sealed class TableQuality : Callback, IDisposable
{
    public const string Shapes = "column_shapes", Diversity = "diversity";

    // Rows that are compared with one another.
    private const int ComparedRows = 200;

    private readonly EncodedTable _table;
    private readonly Func<string, string> _nameInTraining;
    private readonly Graph _graph = new();
    private readonly ISession _session;
    private readonly IExecutable _executable;
    private readonly Tensor _output;
    private readonly IReadOnlyList<Tensor> _inputs;
    private readonly Func<Func<string, float[]>, float[]> _deviations;
    private readonly int _rows, _seed;
    private readonly double[][] _real;
    private readonly double[] _ranges;
    private readonly double _apart, _threshold;
    private readonly Action<string> _warn;
    private bool _collapsed;

    /// <param name="table">The training rows.</param>
    /// <param name="network">What makes rows of latent vectors and conditions.</param>
    /// <param name="nameInTraining">What its weights are called while it is trained.</param>
    /// <param name="deviations">The deviations of numbers, from what reads a weight.</param>
    /// <param name="engine">What it runs on.</param>
    /// <param name="rows">How many rows to make.</param>
    /// <param name="seed">Seed of what is drawn, the same after each epoch.</param>
    /// <param name="threshold">Below which diversity a collapse is reported.</param>
    /// <param name="warn">Takes the report.</param>
    public TableQuality(
        EncodedTable table, Network network, Func<string, string> nameInTraining, Func<Func<string, float[]>, float[]> deviations, IEngine engine, int rows, int seed, double threshold, Action<string> warn)
    {
        (_threshold, _warn) = (threshold, warn);
        (_table, _nameInTraining, _deviations, _rows, _seed) = (table, nameInTraining, deviations, rows, seed);
        _output = network.Build(new BuildContext(_graph)).Value;
        _inputs = [.. network.InputLayers.Select(i => _graph.Find($"{i.Name}/input")!.Outputs[0])];
        _session = engine.CreateSession(_graph, 0);
        _executable = _session.Compile([_output]);

        // As many of the training rows, evenly taken.
        TableEncoding encoding = table.Encoding;
        int count = Math.Min(rows, table.Count);
        _real = [.. encoding.Fields.Select((_, f) => Enumerable.Range(0, count).Select(i => table.Cell((int)((long)i * table.Count / count), f)).ToArray())];
        _ranges = [.. _real.Select((c, f) => TableComparison.Range(c, encoding.Fields[f].HasNumber))];
        _apart = TableComparison.NearestDistance(Some(_real), _ranges);
    }

    public override void OnMeasure(TrainingContext context, int epoch, IDictionary<string, double> figures)
    {
        foreach (Variable variable in _graph.Variables)
            _session.WriteVariable(variable.Name, context.Read(_nameInTraining(variable.Name)));
        TableEncoding encoding = _table.Encoding;
        int fields = encoding.Fields.Length;
        int[] choices = new int[_rows * fields];
        float[] numbers = new float[choices.Length];
        new TableMaker(encoding, _executable, _inputs, _output, _deviations(context.Read)).Make([.. Enumerable.Range(0, _rows).Select(i => (long)i)], _seed, 0, null, choices, numbers);
        double[][] made = [.. encoding.Fields.Select((field, f) => Enumerable.Range(0, _rows).Select(i => field.Decode(choices[(i * fields) + f], numbers[(i * fields) + f])).ToArray())];
        Note(epoch, made, figures);
    }

    /// <summary>Adds the figures of rows, and reports a collapse once.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="made">The rows' cells, field by field.</param>
    /// <param name="figures">What the figures are added to.</param>
    public void Note(int epoch, double[][] made, IDictionary<string, double> figures)
    {
        figures[Shapes] = made.Select((cells, f) => TableComparison.Shape(_real[f], cells, _table.Encoding.Fields[f].HasNumber)).Average();

        // Among training rows that are all the same a model that repeats itself is right.
        double diversity = figures[Diversity] = _apart > 0 ? TableComparison.NearestDistance(Some(made), _ranges) / _apart : 1;
        bool collapsed = diversity < _threshold;
        if (collapsed && !_collapsed)
            _warn(FormattableString.Invariant($"Epoch {epoch}: the generator has collapsed: its rows are {diversity:G2} times as different from one another as real rows. A larger Pack or smaller learning rates may help."));
        _collapsed = collapsed;
    }

    public void Dispose()
    {
        _executable.Dispose();
        _session.Dispose();
    }

    private static double[][] Some(double[][] columns) => [.. columns.Select(c => c[..Math.Min(c.Length, ComparedRows)])];
}
