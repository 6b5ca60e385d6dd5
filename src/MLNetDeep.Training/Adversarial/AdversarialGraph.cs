using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Optimizers;

namespace MLNetDeep.Training.Adversarial;

/// <summary>
/// A generator and a discriminator in one graph, with a step of each: what <see cref="AdversarialTrainer"/> runs in turn. Their weights are called as in their own networks,
/// with <c>generator/</c> and <c>discriminator/</c> before.
/// </summary>
/// <remarks>
/// Feeds of both steps: <see cref="Step"/>, the network's own learning rate, <see cref="Classes"/> where there are any and <see cref="NoiseDeviation"/> with instance noise; of the
/// discriminator's also <see cref="Real"/>. Latent vectors are standard normal numbers, a function of seed and step.
/// </remarks>
public sealed class AdversarialGraph
{
    internal const string GeneratorPrefix = "generator/", DiscriminatorPrefix = "discriminator/", AveragePrefix = "average/";

    private readonly Network _discriminator;
    private readonly int _seed;

    /// <summary>Builds the graph.</summary>
    /// <param name="generator">
    /// Makes a row of a latent vector and, with classes, of a class: an id (<c>TokenInput(1)</c>) or one-hot numbers. Where a row is a pack of several
    /// (PacGAN, Lin et al. 2018) the one-hot numbers have two dimensions, a class for each of them. Nothing in it is left open.
    /// </param>
    /// <param name="discriminator">Gives a row, and its class where the generator takes one, a score: one number without an activation.</param>
    /// <param name="options">How they are trained.</param>
    /// <exception cref="ArgumentException">The networks do not fit each other, or an option is out of range.</exception>
    public AdversarialGraph(Network generator, Network discriminator, AdversarialOptions options)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(discriminator);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _discriminator = discriminator;
        _seed = options.Seed;
        InputLayer[] takes = [.. generator.InputLayers], judges = [.. discriminator.InputLayers];
        if (takes.Length is not (1 or 2) || judges.Length != takes.Length)
            throw new ArgumentException($"The generator has {takes.Length} input(s) and the discriminator {judges.Length}; expected one each (latent vector; row), or two each with the class as the second.");
        Shape latent = Batched(takes[0], "The generator's latent vector"), row = Batched(judges[0], "The discriminator's row");

        Latent = Graph.Placeholder("latent", DType.Float32, latent);
        Real = Graph.Placeholder("real", DType.Float32, row);
        Classes = takes.Length == 2 ? Graph.Placeholder("class", DType.Int32, takes[1] is { DType: DType.Float32, Shape: [var pack, _] } ? Shape.Batched(pack) : new Shape(-1)) : null;
        ClassCount = Classes is null ? null : CountOf(takes[1], generator) ?? CountOf(judges[1], discriminator);
        NoiseDeviation = options.InstanceNoise > 0 ? Graph.Placeholder("noise_deviation", DType.Float32, Shape.Scalar) : null;
        GeneratorRate = Graph.Placeholder("generator_rate", DType.Float32, Shape.Scalar);
        DiscriminatorRate = Graph.Placeholder("discriminator_rate", DType.Float32, Shape.Scalar);

        // A step of the discriminator: the generator works as in training, but does not learn.
        BuildContext judging = Context(DiscriminatorPrefix);
        Step = judging.Step;
        Tensor fake = Ops.StopGradient(Generate(generator, Context(GeneratorPrefix), "latent/discriminator"));
        if (!fake.Shape.Equals(row))
            throw new ArgumentException($"The generator makes rows of shape {fake.Shape}, the discriminator takes {row}.");
        Tensor real = WithNoise(Real, "noise/real"), noisy = WithNoise(fake, "noise/fake");
        Tensor realScore = Score(judging, real), fakeScore = Score(judging, noisy);
        Variable[] discriminatorWeights = [.. Graph.Variables.Where(v => v.Name.StartsWith(DiscriminatorPrefix, StringComparison.Ordinal))];
        (RealScore, FakeScore) = (Ops.Mean(realScore), Ops.Mean(fakeScore));
        Tensor loss = options.Loss.Discriminator(realScore, fakeScore);
        if (options.Penalty is { } penalty)
        {
            // Its own pass: running statistics are those of the rows themselves.
            BuildContext apart = Context(DiscriminatorPrefix);
            Penalty = penalty.Compute(real, noisy, x => Score(apart, x), Step, SeedOf("penalty"));
            loss += Penalty;
        }

        DiscriminatorLoss = judging.Losses.Aggregate(loss, (sum, own) => sum + own);
        IReadOnlyList<Node> learned = options.DiscriminatorOptimizer.Minimize(DiscriminatorLoss, discriminatorWeights, DiscriminatorRate, "discriminator_optimizer");
        DiscriminatorUpdates = [.. options.Loss.WeightLimit is { } limit ? learned.Select(u => Limited(u, discriminatorWeights, limit)) : learned, .. judging.Updates];

        // A step of the generator, past the same discriminator.
        BuildContext making = Context(GeneratorPrefix);
        Tensor made = Generate(generator, making, "latent/generator");
        Variable[] generatorWeights = [.. Graph.Variables.Where(v => v.Name.StartsWith(GeneratorPrefix, StringComparison.Ordinal))];
        GeneratorLoss = making.Losses.Aggregate(options.Loss.Generator(Score(Context(DiscriminatorPrefix), WithNoise(made, "noise/generator"))), (sum, own) => sum + own);
        GeneratorFigures = making.Figures.AsReadOnly();
        GeneratorUpdates = [.. options.GeneratorOptimizer.Minimize(GeneratorLoss, generatorWeights, GeneratorRate, "generator_optimizer"), .. making.Updates];
        (GeneratorWeights, DiscriminatorWeights) = (generatorWeights, discriminatorWeights);

        // What generates in the end.
        string generating = options.AverageDecay is null ? GeneratorPrefix : AveragePrefix + GeneratorPrefix;
        Generated = generator.Build(new BuildContext(Graph) { Prefix = generating, Seed = _seed }, Inputs(generator, Latent)).Value;
        if (options.AverageDecay is not null)
        {
            AverageDecay = Graph.Placeholder("average_decay", DType.Float32, Shape.Scalar);
            AverageUpdates = [.. generatorWeights.Select(Averaged)];
        }
    }

    /// <summary>The graph.</summary>
    public Graph Graph { get; } = new();

    /// <summary>Feed: real rows.</summary>
    public Tensor Real { get; }

    /// <summary>Feed: the class of each row, from 0, (batch) Int32, or (batch, pack) where each of a pack has its own; null without classes.</summary>
    public Tensor? Classes { get; }

    /// <summary>Number of classes that the networks know; null without classes or where a network takes any.</summary>
    public int? ClassCount { get; }

    /// <summary>Feed: the number of the step.</summary>
    public Tensor Step { get; }

    /// <summary>Feed: the generator's learning rate.</summary>
    public Tensor GeneratorRate { get; }

    /// <summary>Feed: the discriminator's learning rate.</summary>
    public Tensor DiscriminatorRate { get; }

    /// <summary>Feed: the standard deviation of instance noise; null without.</summary>
    public Tensor? NoiseDeviation { get; }

    /// <summary>Number that the discriminator's step makes small, the penalty included.</summary>
    public Tensor DiscriminatorLoss { get; }

    /// <summary>The penalty in it; null without.</summary>
    public Tensor? Penalty { get; }

    /// <summary>Mean score of the real rows of the discriminator's step.</summary>
    public Tensor RealScore { get; }

    /// <summary>Mean score of the generated rows of the discriminator's step.</summary>
    public Tensor FakeScore { get; }

    /// <summary>Number that the generator's step makes small.</summary>
    public Tensor GeneratorLoss { get; }

    /// <summary>Numbers of the generator's step that its layers report, by name.</summary>
    public IReadOnlyDictionary<string, Tensor> GeneratorFigures { get; }

    /// <summary>Targets of the discriminator's step.</summary>
    public IReadOnlyList<Node> DiscriminatorUpdates { get; }

    /// <summary>Targets of the generator's step.</summary>
    public IReadOnlyList<Node> GeneratorUpdates { get; }

    /// <summary>Feed of <see cref="AverageUpdates"/>: how slowly the average forgets; null without.</summary>
    public Tensor? AverageDecay { get; }

    /// <summary>Targets that move the average of the generator's weights; to be run after its step. Empty without.</summary>
    public IReadOnlyList<Node> AverageUpdates { get; } = [];

    /// <summary>Feed of <see cref="Generated"/>: latent vectors.</summary>
    public Tensor Latent { get; }

    /// <summary>Rows as the trained generator makes them of <see cref="Latent"/> and <see cref="Classes"/>.</summary>
    public Tensor Generated { get; }

    /// <summary>The generator's weights, running statistics included.</summary>
    public IReadOnlyList<Variable> GeneratorWeights { get; }

    /// <summary>The discriminator's.</summary>
    public IReadOnlyList<Variable> DiscriminatorWeights { get; }

    /// <summary>The average of a weight of the generator; null without.</summary>
    internal Variable? AverageOf(Variable weight) => AverageDecay is null ? null : Graph.GetVariable(AveragePrefix + weight.Name);

    /// <summary>Starts the average at the generator's weights.</summary>
    internal void StartAverage(ISession session)
    {
        foreach (Variable weight in AverageDecay is null ? [] : GeneratorWeights)
        {
            float[] values = new float[weight.Shape.UnitSize];
            session.ReadVariable(weight.Name, values);
            session.WriteVariable(AveragePrefix + weight.Name, values);
        }
    }

    private static Shape Batched(InputLayer input, string what) =>
        input is { DType: DType.Float32, Shape: { } shape } ? Shape.Batched([.. shape]) : throw new ArgumentException($"{what} must be an input of numbers whose shape is known.");

    // One-hot numbers tell how many classes there are; an id's embedding does.
    private static int? CountOf(InputLayer input, Network network) =>
        input.DType == DType.Float32 ? input.Shape is [.., var count] ? count : null : network.TokenCounts[1];

    private static Node Limited(Node update, Variable[] weights, float limit) =>
        Array.Find(weights, w => w.Tensor == update.Inputs[0]) is { } weight ? Ops.Assign(weight, Ops.Clip(update.Inputs[1], -limit, limit)) : update;

    private BuildContext Context(string prefix) => new(Graph) { Training = true, Prefix = prefix, Seed = _seed };

    private int SeedOf(string name) => (int)Initializer.SeedFor(_seed, name);

    private Node Averaged(Variable weight)
    {
        Variable average = Graph.GetVariable(AveragePrefix + weight.Name);
        return Ops.Assign(average, average.Tensor * AverageDecay! + weight.Tensor * (1f - AverageDecay!));
    }

    // Of the placeholder nothing is read but its shape: in training it need not be fed.
    private Tensor Generate(Network generator, BuildContext context, string seed) =>
        generator.Build(context, Inputs(generator, Ops.RandomNormal(Latent, Step, SeedOf(seed)))).Value;

    private Tensor Score(BuildContext context, Tensor rows)
    {
        Tensor score = _discriminator.Build(context, Inputs(_discriminator, rows)).Value;
        return score.Shape.BatchAxis == 0 && score.Shape.UnitSize == 1
            ? Ops.Reshape(score, new Shape(-1))
            : throw new ArgumentException($"The discriminator gives scores of shape {score.Shape}, expected one number a row.");
    }

    private Tensor WithNoise(Tensor rows, string seed) => NoiseDeviation is null ? rows : rows + Ops.RandomNormal(rows, Step, SeedOf(seed)) * NoiseDeviation;

    private IReadOnlyList<MaskedTensor> Inputs(Network network, Tensor first)
    {
        if (Classes is null)
            return [new(first)];
        InputLayer input = network.InputLayers[1];
        bool fits = Classes.Shape.Rank == 1 ? input is { Shape: [var single] } && (input.DType != DType.Int32 || single == 1)
            : input is { DType: DType.Float32, Shape: [var pack, _] } && pack == Classes.Shape[1];
        if (!fits)
        {
            throw new ArgumentException(
                $"The class input of shape ({string.Join(", ", input.Shape ?? [])}) must be one id (TokenInput(1)) or a vector of one-hot numbers, in both networks for as many rows of a pack.");
        }

        return [new(first), new(input.DType == DType.Int32 ? Ops.Reshape(Classes, new Shape(-1, 1)) : Ops.OneHot(Classes, input.Shape![^1]))];
    }
}
