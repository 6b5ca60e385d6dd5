using MLNetDeep.Engines;
using MLNetDeep.Exporting.Onnx;
using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Tests;
using MLNetDeep.Layers;

namespace MLNetDeep.Exporting.Tests.Onnx;

/// <summary>A network with weights, as a file and on our CPU engine, to compare the two.</summary>
internal sealed class ExportedModel : IDisposable
{
    private readonly Graph _graph = new();
    private readonly Tensor[] _inputs;
    private readonly Tensor[] _outputs;
    private readonly Dictionary<string, float[]> _weights;

    /// <param name="outputs">The network's outputs.</param>
    /// <param name="weights">Gives a weight its values; null for those it would start training with, statistics and scales a little moved.</param>
    public ExportedModel(IReadOnlyList<Network> outputs, Func<Variable, float[]>? weights = null)
    {
        _outputs = [.. Network.BuildAll(new BuildContext(_graph), outputs).Select(o => o.Value)];
        _inputs = [.. _graph.Nodes.Where(n => n.Op.Name == "Placeholder").Select(n => n.Outputs[0])];
        _weights = _graph.Variables.ToDictionary(v => v.Name, weights ?? First);
        OnnxExporter.Export(outputs, _weights, File);
    }

    public string File { get; } = Path.Combine(Path.GetTempPath(), $"mlnetdeep-{Guid.NewGuid():N}.onnx");

    public IReadOnlyList<Tensor> Inputs => _inputs;

    /// <summary>Asserts that ONNX Runtime and the CPU engine make the same of the same rows.</summary>
    /// <param name="batch">Number of rows.</param>
    /// <param name="feed">Values of an input: whole numbers for an input of ids.</param>
    /// <param name="tolerance">The largest difference, relative to 1 + the value.</param>
    public void Compare(int batch, Func<Tensor, float[]> feed, double tolerance = 1e-5)
    {
        Dictionary<string, float[]> given = _inputs.ToDictionary(i => i.Node.Name, feed);
        float[][] expected = TestEngines.Run("cpu", _graph, _outputs, given.Concat(_weights).ToDictionary(), batch);
        var actual = OnnxRuntime.Run(File, _inputs.ToDictionary(
            i => i.Node.Name[..^"/input".Length],
            i => (i.DType == DType.Int32 ? (Array)given[i.Node.Name].Select(v => (int)v).ToArray() : given[i.Node.Name], OnnxRuntime.Dims(i.Shape, batch))));
        for (int i = 0; i < _outputs.Length; i++)
        {
            (int[] dims, float[] values) = actual[i == 0 ? "Score" : $"Score{i}"];
            Assert.Equal(OnnxRuntime.Dims(_outputs[i].Shape, batch), dims);
            for (int k = 0; k < values.Length; k++)
            {
                Assert.True(
                    Math.Abs(values[k] - expected[i][k]) <= tolerance * (1 + Math.Abs(expected[i][k])),
                    $"batch {batch}, output {i}, element {k} of {dims.Aggregate(1, (a, b) => a * b)}: ONNX Runtime has {values[k]}, the CPU engine {expected[i][k]}");
            }
        }
    }

    public void Dispose() => System.IO.File.Delete(File);

    // What batch normalisation learns is nothing at first: moved, so that it does something.
    private static float[] First(Variable variable)
    {
        float[] values = new float[variable.Shape.UnitSize];
        string role = variable.Name[(variable.Name.LastIndexOf('/') + 1)..];
        if (role is "moving_mean" or "moving_variance" or "gamma" or "beta" or "bias")
        {
            float middle = role is "moving_variance" or "gamma" ? 1 : 0;
            return [.. GradientCheck.Numbers(values.Length, variable.Name.Length, middle - 0.25, middle + 0.25).Select(v => (float)v)];
        }

        variable.Initializer.Fill(values, variable.Shape, Initializers.Initializer.SeedFor(1, variable.Name));
        return values;
    }
}
