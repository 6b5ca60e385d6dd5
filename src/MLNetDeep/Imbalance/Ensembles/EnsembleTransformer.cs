using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetDeep.Interop;
using MLNetDeep.Persistence;
using MLNetDeep.Tasks;

namespace MLNetDeep.Imbalance.Ensembles;

/// <summary>
/// Scores with the weighted mean of what several models give. Adds ML.NET's columns: <c>PredictedLabel</c>, <c>Score</c> and, for two classes, <c>Probability</c>.
/// </summary>
/// <remarks>
/// Of two classes, probabilities are averaged and <c>Score</c> is the logarithm of their odds; where a model gives no probability, scores are averaged and there is no
/// <c>Probability</c>. Of several classes, score vectors are averaged.
/// </remarks>
public sealed class EnsembleTransformer : ITransformer, ICanSaveModel
{
    private readonly IHost _host;

    internal EnsembleTransformer(IHostEnvironment env, ITransformer[] models, double[] weights, PredictionTask task)
    {
        _host = env.Register(nameof(EnsembleTransformer));
        Models = models;
        double sum = weights.Sum();
        Weights = [.. weights.Select(w => w / sum)];
        Task = task;
    }

    /// <summary>The models.</summary>
    public IReadOnlyList<ITransformer> Models { get; }

    /// <summary>How much each model counts; the sum is 1.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => Models.All(m => m.IsRowToRowMapper);

    internal PredictionTask Task { get; }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new EnsembleBindings(this, inputSchema).OutputSchema;
    }

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new EnsembleView(input, new(this, input.Schema));
    }

    /// <inheritdoc/>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new EnsembleMapper(new(this, inputSchema));
    }

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => EnsembleLoader.Save(ctx, Models, Settings());

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal static EnsembleTransformer Load(IHostEnvironment env, byte[] settings, Func<int, ITransformer> loadModel) => Persistence.NeuralNetworkFile.Guarded(() =>
    {
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(settings));
        JsonElement root = document.RootElement;
        double[] weights = [.. root.GetProperty("weights").EnumerateArray().Select(w => w.GetDouble())];
        if (weights.Length == 0 || !weights.All(w => w > 0 && double.IsFinite(w)))
            throw new InvalidDataException("the weights of the ensemble are wrong.");
        PredictionTask task = PredictionTask.Read(root.GetProperty("task").GetString() ?? "", root);
        if (task is not (BinaryTask or MulticlassTask))
            throw new InvalidDataException($"an ensemble cannot have the task '{task.Name}'.");
        return new EnsembleTransformer(env, [.. weights.Select((_, i) => loadModel(i))], weights, task);
    });

    private byte[] Settings() => Encoding.UTF8.GetBytes(JsonText.Object(json =>
    {
        json.WriteString("task", Task.Name);
        Task.Write(json);
        json.WriteStartArray("weights");
        foreach (double weight in Weights)
            json.WriteNumberValue(weight);
        json.WriteEndArray();
    }));
}
