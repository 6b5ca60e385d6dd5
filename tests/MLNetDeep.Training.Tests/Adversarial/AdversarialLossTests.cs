using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.Training.Tests.Adversarial;

/// <summary>Losses as their papers define them: of probabilities where they speak of probabilities.</summary>
public class AdversarialLossTests
{
    private static readonly float[] Real = [2.5f, -0.3f, 0.8f, -4f], Fake = [-1.2f, 0.4f, 3f, -0.9f];

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Dictionary<string, (AdversarialLoss Loss, double Discriminator, double Generator)> Cases => new()
    {
        ["non-saturating"] = (new NonSaturatingLoss(), -Mean(Real, s => Math.Log(P(s))) - Mean(Fake, s => Math.Log(1 - P(s))), -Mean(Fake, s => Math.Log(P(s)))),

        // Only the real rows' goal is moved (Salimans et al. 2016, 3.4).
        ["non-saturating, smooth"] = (
            new NonSaturatingLoss { LabelSmoothing = 0.2f },
            -Mean(Real, s => (0.8 * Math.Log(P(s))) + (0.2 * Math.Log(1 - P(s)))) - Mean(Fake, s => Math.Log(1 - P(s))), -Mean(Fake, s => Math.Log(P(s)))),
        ["least squares"] = (new LeastSquaresLoss(), (0.5 * Mean(Real, s => (s - 1) * (s - 1))) + (0.5 * Mean(Fake, s => s * s)), 0.5 * Mean(Fake, s => (s - 1) * (s - 1))),
        ["least squares, smooth"] = (
            new LeastSquaresLoss { LabelSmoothing = 0.1f }, (0.5 * Mean(Real, s => (s - 0.9) * (s - 0.9))) + (0.5 * Mean(Fake, s => s * s)), 0.5 * Mean(Fake, s => (s - 1) * (s - 1))),
        ["wasserstein"] = (new WassersteinLoss(), Mean(Fake, s => s) - Mean(Real, s => s), -Mean(Fake, s => s)),
        ["hinge"] = (new HingeLoss(), Mean(Real, s => Math.Max(0, 1 - s)) + Mean(Fake, s => Math.Max(0, 1 + s)), -Mean(Fake, s => s)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Losses_are_those_of_the_papers(string name)
    {
        (AdversarialLoss loss, double discriminator, double generator) = Cases[name];
        Graph graph = new();
        Tensor real = graph.Placeholder("real", DType.Float32, new Shape(-1)), fake = graph.Placeholder("fake", DType.Float32, new Shape(-1));
        Tensor[] losses = [loss.Discriminator(real, fake), loss.Generator(fake)];
        using ISession session = new CpuEngine(1).CreateSession(graph, 0);
        using IExecutable run = session.Compile(losses);
        Real.CopyTo(run.Feed<float>(real, 4));
        Fake.CopyTo(run.Feed<float>(fake, 4));
        run.Run(4);
        Assert.Equal(discriminator, run.Fetch<float>(losses[0])[0], 1e-5);
        Assert.Equal(generator, run.Fetch<float>(losses[1])[0], 1e-5);
    }

    private static double P(float score) => 1 / (1 + Math.Exp(-score));

    private static double Mean(float[] scores, Func<float, double> of) => scores.Average(of);
}
