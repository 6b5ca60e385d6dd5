using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Exporting;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Rows;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Metrics;

namespace MLNetDeep.Tasks;

/// <summary>What a network is trained for: how labels become targets, and outputs columns. A new one is one class, and a trainer that makes it.</summary>
internal abstract class PredictionTask
{
    private const string KindAnnotation = "ScoreColumnKind", ValueAnnotation = "ScoreValueKind", SetAnnotation = "ScoreColumnSetId";

    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    /// <summary>Its name in model files.</summary>
    public abstract string Name { get; }

    /// <summary>ML.NET's name for it in annotations.</summary>
    public abstract string ScoreKind { get; }

    /// <summary>Number of the network's outputs.</summary>
    public abstract int OutputUnits { get; }

    /// <summary>The shape that the network's output must have.</summary>
    public virtual Shape OutputShape => Shape.Batched(OutputUnits);

    /// <summary>Why it must, for messages.</summary>
    public virtual string OutputReason => "the task needs one number";

    /// <summary>What a network ends with that leaves it open.</summary>
    public virtual Layer? OutputActivation => null;

    /// <summary>The loss unless the user chose another.</summary>
    public abstract Loss DefaultLoss { get; }

    /// <summary>The loss to train by.</summary>
    /// <param name="chosen">The user's; null for none.</param>
    /// <exception cref="ArgumentException">It is not for this task.</exception>
    public virtual Loss LossOf(Loss? chosen) => chosen ?? DefaultLoss;

    /// <summary>Whether each token of a sequence has an output of its own, so that all columns of sequences must be equally long in a row.</summary>
    public virtual bool IsPerToken => false;

    /// <summary>Tells about the features, of which the first says how long sequences are.</summary>
    /// <exception cref="ArgumentException">They do not fit the task.</exception>
    public virtual void SetFeatures(IReadOnlyList<FeatureColumn> features)
    {
    }

    /// <summary>The columns that a reader of labels needs.</summary>
    public virtual IEnumerable<DataViewSchema.Column> LabelColumns(DataViewSchema schema, DataViewSchema.Column label) => [label];

    /// <summary>Names of the classes; empty for a regression.</summary>
    public virtual IReadOnlyList<string> ClassNames => [];

    /// <summary>The layer whose output is wanted beside the network's; null for none.</summary>
    public virtual string? InnerLayer => null;

    /// <summary>What is wanted beside the network's output; null for nothing. Default: the output of <see cref="InnerLayer"/>.</summary>
    /// <param name="layer">The output of <see cref="InnerLayer"/>; null without.</param>
    /// <param name="output">The network's.</param>
    /// <param name="graph">The graph that scores, which may be added to.</param>
    public virtual Tensor? Inner(Tensor? layer, Tensor output, Graph graph) => layer;

    /// <summary>Elements of that in a row.</summary>
    public virtual int InnerUnits => 0;

    /// <summary>Whether the network may give this.</summary>
    public virtual bool Takes(Shape output) => output.Equals(OutputShape);

    /// <summary>Called before training with the network, nothing in which is left open.</summary>
    /// <exception cref="ArgumentException">It lacks what the task needs.</exception>
    public virtual void Look(Network network)
    {
    }

    /// <summary>Figures to follow in training.</summary>
    public abstract IReadOnlyList<Metric> CreateMetrics();

    /// <summary>The target column of training rows.</summary>
    public abstract RowColumn Target(string labelColumn);

    /// <summary>Makes a reader of labels over a cursor.</summary>
    public abstract LabelReader BindLabel(DataViewRow row, DataViewSchema.Column column);

    /// <summary>The columns that a model adds to data of a schema.</summary>
    public abstract IReadOnlyList<OutputColumn> Columns(DataViewSchema input);

    /// <summary>A getter of a column from the network's outputs for the present row.</summary>
    public abstract Delegate CreateGetter(string column, Scores scores);

    /// <summary>The outputs of the exported network: one for each column of <see cref="Columns"/>, under its name.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="logits">What the sigmoid at its end is taken of; null if there is none.</param>
    /// <param name="inner">The output of <see cref="InnerLayer"/>; null if there is none.</param>
    /// <exception cref="NotSupportedException">The columns are more than a graph can express.</exception>
    public virtual IReadOnlyList<ExportOutput> ExportOutputs(Tensor output, Tensor? logits, Tensor? inner) =>
        throw new NotSupportedException($"A model of the task '{Name}' cannot be written as ONNX: what it finds beside the network's output is no part of the network.");

    /// <summary>Writes what <see cref="Read"/> needs.</summary>
    public abstract void Write(Utf8JsonWriter json);

    /// <summary>The task of a model file.</summary>
    /// <exception cref="InvalidDataException">There is no such task.</exception>
    public static PredictionTask Read(string name, JsonElement json) => name switch
    {
        MulticlassTask.TaskName => MulticlassTask.Parse(json),
        BinaryTask.TaskName => new BinaryTask(),
        RegressionTask.TaskName => new RegressionTask(),
        ReconstructionTask.TaskName => ReconstructionTask.Parse(json),
        SequenceLabelingTask.TaskName => SequenceLabelingTask.Parse(json),
        EmbeddingTask.TaskName => EmbeddingTask.Parse(json),
        NeighborsTask.TaskName => NeighborsTask.Parse(json),
        _ => throw new InvalidDataException($"the task '{name}' is unknown."),
    };

    /// <summary>Annotations that ML.NET's evaluators find the columns of one model by.</summary>
    protected DataViewSchema.Annotations Annotate(DataViewSchema input, string value, Action<DataViewSchema.Annotations.Builder>? more = null) => Annotate(input, ScoreKind, value, more);

    /// <summary>The same for a kind of task, by ML.NET's name for it.</summary>
    internal static DataViewSchema.Annotations Annotate(DataViewSchema input, string kind, string value, Action<DataViewSchema.Annotations.Builder>? more = null)
    {
        DataViewSchema.Annotations.Builder builder = new();
        builder.Add(KindAnnotation, TextDataViewType.Instance, (ref ReadOnlyMemory<char> v) => v = kind.AsMemory());
        builder.Add(ValueAnnotation, TextDataViewType.Instance, (ref ReadOnlyMemory<char> v) => v = value.AsMemory());
        uint set = NextSet(input);
        builder.Add(SetAnnotation, SetIdType, (ref uint v) => v = set);
        more?.Invoke(builder);
        return builder.ToAnnotations();
    }

    /// <summary>The shape of those annotations.</summary>
    public static IEnumerable<SchemaShape.Column> AnnotationShapes() =>
    [
        Interop.Internals.Column(KindAnnotation, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, false),
        Interop.Internals.Column(ValueAnnotation, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance, false),
        Interop.Internals.Column(SetAnnotation, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true),
    ];

    // One more than any model before this one in the chain has.
    private static uint NextSet(DataViewSchema input)
    {
        uint most = 0;
        foreach (DataViewSchema.Column column in input)
        {
            if (column.Annotations.Schema.GetColumnOrNull(SetAnnotation)?.Type is not KeyDataViewType { RawType: var raw } || raw != typeof(uint))
                continue;
            uint id = 0;
            column.Annotations.GetValue(SetAnnotation, ref id);
            most = Math.Max(most, id);
        }

        return most + 1;
    }
}
