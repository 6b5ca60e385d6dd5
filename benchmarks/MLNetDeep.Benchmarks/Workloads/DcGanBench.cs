using System.Globalization;
using MLNetDeep.Cpu;
using MLNetDeep.Engines;
using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.Benchmarks.Workloads;

/// <summary>A DCGAN for 28 x 28 pictures as in the peer benchmark: a training step is one of the discriminator and one of the generator on 64 rows; scoring is generating.</summary>
internal sealed class DcGanBench : IBench
{
    public const int Batch = 64;

    private const float Rate = 2e-4f;

    private readonly AdversarialGraph _graph = new(Networks.DcGanGenerator(28), Networks.DcGanDiscriminator(28), new() { BatchSize = Batch });
    private readonly ISession _session;
    private readonly IExecutable _discriminate, _generate, _score;
    private readonly float[] _real, _latent;
    private int _steps;

    public DcGanBench(CpuEngine engine)
    {
        _session = engine.CreateSession(_graph.Graph, 1);
        _discriminate = _session.Compile([_graph.DiscriminatorLoss], _graph.DiscriminatorUpdates);
        _generate = _session.Compile([_graph.GeneratorLoss], _graph.GeneratorUpdates);
        _score = _session.Compile([_graph.Generated]);
        Random random = new(1);
        _real = [.. Enumerable.Range(0, Batch * _graph.Real.Shape.UnitSize).Select(_ => (random.NextSingle() * 2) - 1)];
        _latent = [.. Enumerable.Range(0, WorkloadBenchmark.ScoreBatch * _graph.Latent.Shape.UnitSize).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    public void Train()
    {
        _real.CopyTo(_discriminate.Feed<float>(_graph.Real, Batch));
        _discriminate.Feed<float>(_graph.DiscriminatorRate, 1)[0] = Rate;
        _discriminate.Feed<int>(_graph.Step, 1)[0] = _steps;
        _discriminate.Run(Batch);
        _generate.Feed<float>(_graph.GeneratorRate, 1)[0] = Rate;
        _generate.Feed<int>(_graph.Step, 1)[0] = _steps++;
        _generate.Run(Batch);
    }

    public void Score(int rows)
    {
        _latent.AsSpan(0, rows * _graph.Latent.Shape.UnitSize).CopyTo(_score.Feed<float>(_graph.Latent, rows));
        _score.Run(rows);
    }

    public void PrintProfile(int threads, double peak)
    {
        foreach ((string part, IExecutable executable, Action step, int batch) in ((string, IExecutable, Action, int)[])
            [("discriminator's step", _discriminate, Train, Batch), ("generator's step", _generate, Train, Batch), ("generating 1 row", _score, () => Score(1), 1), ("generating 256 rows", _score, () => Score(256), 256)])
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"dcgan, {threads} thread(s) with a measured peak of {peak:F0} GFLOP/s, {part}:"));
            WorkloadBenchmark.Profile((CpuExecutable)executable, step, batch, peak);
        }
    }

    public void Dispose()
    {
        _discriminate.Dispose();
        _generate.Dispose();
        _score.Dispose();
        _session.Dispose();
    }
}
