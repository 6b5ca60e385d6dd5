using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Core;
using MLNetDeep.Imbalance.Ensembles;
using MLNetDeep.Rows;
using MLNetDeep.Tasks;

namespace MLNetDeep.Imbalance;

/// <summary>Fits a trainer several times to balanced samples and scores with the mean of what the models give. <see cref="Around"/> puts it around any ML.NET trainer of classes.</summary>
public abstract class EnsembleMethod
{
    private readonly IHost _host;
    private readonly SamplerOptions _options;
    private readonly int _seed;

    private protected EnsembleMethod(IHostEnvironment env, SamplerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = env.Register(GetType().Name);
        _options = options;
        _seed = options.Seed ?? _host.Rand.Next();
    }

    /// <summary>An estimator that fits the ensemble.</summary>
    /// <param name="trainer">A trainer of classes, or a chain that ends with one.</param>
    public IEstimator<EnsembleTransformer> Around(IEstimator<ITransformer> trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        return new Estimator(this, trainer);
    }

    // As people know the method, for messages.
    private protected abstract string Name { get; }

    // The models, and how much each counts.
    private protected abstract List<(ITransformer Model, double Weight)> Fit(SamplingTask task, IEstimator<ITransformer> trainer);

    private protected SamplingStrategy Strategy => _options.Strategy ?? SamplingStrategy.NotMinority;

    private protected static void Require(bool holds, string option, object value, string expected)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"{option} is {value}, expected {expected}."), option);
    }

    // A random sample without replacement, of the size that the strategy says for each class.
    private protected int[] Balanced(SamplingTask task)
    {
        int[] wanted = Strategy.AfterRemoving(task.Rows.ClassNames, task.Rows.Counts, Name);
        List<int> chosen = [];
        for (int c = 0; c < wanted.Length; c++)
        {
            int[] rows = [.. task.Rows.Of[c]];
            task.Random.Shuffle(rows);
            chosen.AddRange(rows.Take(wanted[c]));
        }

        return [.. chosen.Order()];
    }

    private EnsembleTransformer Fit(IDataView input, IEstimator<ITransformer> trainer)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Training");
        LabelledRows rows = LabelledRows.Read(input, _options.LabelColumnName, null, Name, _options.CancellationToken);
        SamplingTask task = new(rows, input, new Random(_seed), line => channel.Warning(MessageSensitivity.None, line), _options.CancellationToken);
        List<(ITransformer Model, double Weight)> members = Fit(task, trainer);
        return new(_host, [.. members.Select(m => m.Model)], [.. members.Select(m => m.Weight)], LabelledRows.TaskOf(ColumnRef.Find(input.Schema, _options.LabelColumnName, "label")));
    }

    private sealed class Estimator(EnsembleMethod method, IEstimator<ITransformer> trainer) : IEstimator<EnsembleTransformer>
    {
        public EnsembleTransformer Fit(IDataView input) => method.Fit(input, trainer);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            ArgumentNullException.ThrowIfNull(inputSchema);
            string name = method._options.LabelColumnName;
            LabelledRows.Check(inputSchema, name, null, method.Name);
            SchemaShape.Column label = ColumnRef.Find(inputSchema, name, "label");
            bool hasProbability = trainer.GetOutputSchema(inputSchema).Any(c => c.Name == "Probability");
            return inputSchema.WithColumns(label.IsKey ? MulticlassTask.ColumnShapes(label) : BinaryTask.ColumnShapes().Where(c => hasProbability || c.Name != "Probability"));
        }
    }
}
