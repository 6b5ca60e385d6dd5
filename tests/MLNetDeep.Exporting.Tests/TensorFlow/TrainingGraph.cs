using MLNetDeep.Exporting.TensorFlow;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Adversarial;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>A graph with its programs, and batches to run them on: a step of training again and again, then scoring.</summary>
internal sealed class TrainingGraph
{
    public const int Seed = 3;
    public const int Steps = 10;

    private TrainingGraph(Graph graph, IReadOnlyList<GraphDefProgram> programs, IReadOnlyList<TrainingRun> runs)
    {
        Graph = graph;
        Programs = programs;
        Runs = runs;
    }

    public Graph Graph { get; }

    public IReadOnlyList<GraphDefProgram> Programs { get; }

    public IReadOnlyList<TrainingRun> Runs { get; }

    /// <summary>A network that learns, as a trainer does it: programs <c>train</c> (the loss) and <c>score</c> (the output).</summary>
    /// <param name="network">The network; its task output gets the units that follow.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="units">Numbers that the task asks for.</param>
    /// <param name="activation">What the task ends with.</param>
    /// <param name="ids">Inputs of ids are below this.</param>
    public static TrainingGraph Of(Network network, Loss loss, Optimizer optimizer, int? units = null, Layer? activation = null, int ids = 9)
    {
        Graph graph = new();
        BuildContext training = new(graph) { Training = true, Seed = Seed, OutputUnits = units, OutputActivation = activation };
        BuildContext scoring = new(graph) { Seed = Seed, OutputUnits = units, OutputActivation = activation };
        MaskedTensor output = network.Build(training), inference = network.Build(scoring);
        Variable[] weights = [.. graph.Variables];
        Tensor target = graph.Placeholder("target", loss.TargetType, loss.TargetShape(output.Value.Shape));
        Tensor weight = graph.Placeholder("sample_weight", DType.Float32, new Shape(-1));
        Tensor total = loss.Reduce(output, target, weight, training.Losses);
        Tensor rate = graph.Placeholder(Optimizer.LearningRateFeed, DType.Float32, Shape.Scalar);
        GraphDefProgram train = new("train", [total], [.. optimizer.Minimize(total, weights, rate), .. training.Updates]), score = new("score", [inference.Value]);
        bool isTruth = loss is BinaryCrossentropy;
        List<TrainingRun> runs = [];
        for (int step = 0; step <= Steps; step++)
        {
            // The last batches of an epoch are shorter.
            int batch = step % 4 == 3 ? 3 : 4;
            Random random = new(step + 1);
            Dictionary<Tensor, float[]> feeds = [];
            foreach (Tensor feed in graph.Nodes.Where(n => n.Op.Name == "Placeholder").Select(n => n.Outputs[0]))
            {
                feeds.Add(feed, feed.Node.Name switch
                {
                    "step" => [step],
                    Optimizer.LearningRateFeed => [optimizer.LearningRate * (1 - (step / 20f))],
                    "target" when feed.DType == DType.Int32 => Numbers(feed, batch, () => random.Next(units ?? 2)),
                    "target" when isTruth => Numbers(feed, batch, () => random.Next(2)),
                    "sample_weight" => Numbers(feed, batch, () => 0.5f + random.NextSingle()),
                    _ when feed.DType == DType.Int32 => Tokens(feed, batch, random, ids),
                    _ => Numbers(feed, batch, () => (random.NextSingle() * 2) - 1),
                });
            }

            runs.Add(new(step < Steps ? train : score, batch, feeds));
        }

        return new(graph, [train, score], runs);
    }

    /// <summary>Two networks against each other: programs <c>discriminate</c>, <c>generate</c> and <c>score</c>.</summary>
    public static TrainingGraph Of(Network generator, Network discriminator, AdversarialOptions options)
    {
        AdversarialGraph graph = new(generator, discriminator, options with { Seed = Seed });
        GraphDefProgram discriminate = new("discriminate", [graph.DiscriminatorLoss, graph.RealScore], graph.DiscriminatorUpdates);
        GraphDefProgram generate = new("generate", [graph.GeneratorLoss], graph.GeneratorUpdates), score = new("score", [graph.Generated]);
        List<TrainingRun> runs = [];
        for (int step = 0; step <= Steps; step++)
        {
            int batch = step % 4 == 3 ? 3 : 4;
            Random random = new(step + 1);
            Dictionary<Tensor, float[]> feeds = [];
            foreach (Tensor feed in graph.Graph.Nodes.Where(n => n.Op.Name == "Placeholder").Select(n => n.Outputs[0]))
            {
                feeds.Add(feed, feed.Node.Name switch
                {
                    "step" => [step],
                    "generator_rate" or "discriminator_rate" => [2e-3f],
                    "noise_deviation" => [0.1f],
                    _ when feed.DType == DType.Int32 => Numbers(feed, batch, () => random.Next(graph.ClassCount!.Value)),
                    _ => Numbers(feed, batch, () => (random.NextSingle() * 2) - 1),
                });
            }

            if (step < Steps)
                runs.AddRange([new(discriminate, batch, feeds), new(generate, batch, feeds)]);
            else
                runs.Add(new(score, batch, feeds));
        }

        return new(graph.Graph, [discriminate, generate, score], runs);
    }

    private static float[] Numbers(Tensor feed, int batch, Func<float> next) => [.. Enumerable.Range(0, (int)feed.Shape.Size(batch)).Select(_ => next())];

    // Rows of different lengths, filled up with zeros; the first of all steps, none empty.
    private static float[] Tokens(Tensor feed, int batch, Random random, int ids)
    {
        float[] tokens = Numbers(feed, batch, () => random.Next(1, ids));
        int steps = feed.Shape.UnitSize;
        for (int row = 1; row < batch; row++)
        {
            int length = steps - (row * 2 % steps);
            tokens.AsSpan((row * steps) + length, steps - length).Clear();
        }

        return tokens;
    }
}
