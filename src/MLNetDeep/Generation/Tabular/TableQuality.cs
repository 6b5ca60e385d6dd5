using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Training.Callbacks;

namespace MLNetDeep.Generation.Tabular;

/// <summary>Makes a few rows after each epoch and adds to its figures how alike their columns are to the training rows'.</summary>
internal sealed class TableQuality : Callback, IDisposable
{
    public const string Figure = "column_shapes";

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

    /// <param name="table">The training rows.</param>
    /// <param name="network">What makes rows of latent vectors and conditions.</param>
    /// <param name="nameInTraining">What its weights are called while it is trained.</param>
    /// <param name="deviations">The deviations of numbers, from what reads a weight.</param>
    /// <param name="engine">What it runs on.</param>
    /// <param name="rows">How many rows to make.</param>
    /// <param name="seed">Seed of what is drawn, the same after each epoch.</param>
    public TableQuality(EncodedTable table, Network network, Func<string, string> nameInTraining, Func<Func<string, float[]>, float[]> deviations, IEngine engine, int rows, int seed)
    {
        (_table, _nameInTraining, _deviations, _rows, _seed) = (table, nameInTraining, deviations, rows, seed);
        _output = network.Build(new BuildContext(_graph)).Value;
        _inputs = [.. network.InputLayers.Select(i => _graph.Find($"{i.Name}/input")!.Outputs[0])];
        _session = engine.CreateSession(_graph, 0);
        _executable = _session.Compile([_output]);

        // As many of the training rows, evenly taken.
        TableEncoding encoding = table.Encoding;
        int count = Math.Min(rows, table.Count);
        _real = [.. encoding.Fields.Select((_, f) => Enumerable.Range(0, count).Select(i => table.Cell((int)((long)i * table.Count / count), f)).ToArray())];
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
        double sum = 0;
        for (int f = 0; f < fields; f++)
        {
            double[] made = new double[_rows];
            for (int i = 0; i < _rows; i++)
                made[i] = encoding.Fields[f].Decode(choices[(i * fields) + f], numbers[(i * fields) + f]);
            sum += TableComparison.Shape(_real[f], made, encoding.Fields[f].HasNumber);
        }

        figures[Figure] = sum / fields;
    }

    public void Dispose()
    {
        _executable.Dispose();
        _session.Dispose();
    }
}
