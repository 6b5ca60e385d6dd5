using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Layers;
using MLNetDeep.Serialization;

namespace MLNetDeep.Graphs.Tests.Layers;

/// <summary>Kernels divided by their largest singular value.</summary>
public class SpectralNormTests
{
    [Fact]
    public void The_largest_singular_value_is_found_and_divided_by()
    {
        // diag(3, 1) and a rotation: its singular values are 3 and 1.
        (float[] y, float[] vector) = Run(Network.Input(2).Dense(2, useBias: false).WithSpectralNormalization(), [0, 3, -1, 0], steps: 30, [1, 0]);
        Assert.Equal(1, Math.Sqrt(y.Sum(v => v * v)), 4);
        Assert.Equal(1, Math.Abs(vector[1]), 4);

        // The other axis is stretched by a third of that.
        (y, _) = Run(Network.Input(2).Dense(2, useBias: false).WithSpectralNormalization(), [0, 3, -1, 0], steps: 30, [0, 1]);
        Assert.Equal(1.0 / 3, Math.Sqrt(y.Sum(v => v * v)), 4);
    }

    [Fact]
    public void A_convolution_is_normalised_too_and_both_come_back_from_JSON()
    {
        Network network = Network.Input(1, 1, 2).Conv2D(2, 1, useBias: false).WithSpectralNormalization();
        (float[] y, _) = Run(NetworkJson.Read(NetworkJson.Write(network)), [0, 3, -1, 0], steps: 30, [1, 0]);
        Assert.Equal(1, Math.Sqrt(y.Sum(v => v * v)), 4);
    }

    [Fact]
    public void Scaling_a_kernel_changes_nothing_so_its_gradient_is_at_right_angles_to_it()
    {
        Graph graph = new();
        Tensor y = Network.Input(3).Dense(2, useBias: false).WithSpectralNormalization().Build(new BuildContext(graph) { Training = true }).Value;
        Variable kernel = graph.GetVariable("dense/kernel");
        Tensor gradient = Gradients.Compute([Ops.Sum(Ops.Square(y))], [kernel.Tensor])[0]!;
        using ISession session = new CpuEngine(1).CreateSession(graph, 3);
        using IExecutable run = session.Compile([gradient]);
        new[] { 0.5f, -1, 2 }.CopyTo(run.Feed<float>(run.Feeds[0], 1));
        run.Run(1);
        float[] weights = new float[6];
        session.ReadVariable(kernel.Name, weights);
        float[] slope = run.Fetch<float>(gradient).ToArray();
        Assert.True(slope.Max(Math.Abs) > 1e-3);
        Assert.Equal(0, slope.Zip(weights).Sum(p => p.First * p.Second), 4);
    }

    [Fact]
    public void Without_a_kernel_there_is_nothing_to_normalise() =>
        Assert.Throws<ArgumentException>(() => Network.Input(3).Relu().WithSpectralNormalization());

    private static (float[] Output, float[] Vector) Run(Network network, float[] kernel, int steps, float[] x)
    {
        Graph graph = new();
        BuildContext training = new(graph) { Training = true };
        network.Build(training);
        Tensor output = network.Build(new BuildContext(graph)).Value;
        using ISession session = new CpuEngine(1).CreateSession(graph, 1);
        session.WriteVariable(graph.Variables.Single(v => v.Trainable).Name, kernel);
        using IExecutable step = session.Compile([], [.. training.Updates]), score = session.Compile([output]);
        for (int i = 0; i < steps; i++)
            step.Run(1);
        x.CopyTo(score.Feed<float>(score.Feeds[0], 1));
        score.Run(1);
        float[] vector = new float[2];
        session.ReadVariable(graph.Variables.Single(v => !v.Trainable).Name, vector);
        return (score.Fetch<float>(output).ToArray(), vector);
    }
}
