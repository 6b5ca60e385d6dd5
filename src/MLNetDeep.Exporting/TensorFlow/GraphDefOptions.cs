using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>How a graph becomes a <see cref="GraphDefFile"/>.</summary>
public sealed record GraphDefOptions
{
    /// <summary>
    /// The values of a variable, row-major: for its first value, or for the constant it becomes. Default null: what its initializer gives for <see cref="Seed"/>,
    /// as an engine of this library starts.
    /// </summary>
    public Func<Variable, float[]>? Values { get; init; }

    /// <summary>Seed of the initial values where <see cref="Values"/> is null. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>Whether variables become constants; programs then have no targets. Default false.</summary>
    public bool Freeze { get; init; }

    /// <summary>
    /// Whether the graph holds first values, which the operation <see cref="GraphDefFile.Init"/> gives to the variables. Default true.
    /// False where they come from elsewhere: a checkpoint, or one by one through <see cref="GraphDefVariable.Write"/>.
    /// </summary>
    public bool InitialValues { get; init; } = true;

    /// <summary>
    /// Variables of more elements have no first value in the graph, since a GraphDef holds less than 2 GB in all: give it through <see cref="GraphDefVariable.Write"/>.
    /// Equal values, such as zeros, take no room and always are there. Default 2²⁴ (64 MB).
    /// </summary>
    public int LargestInitialValue { get; init; } = 1 << 24;

    /// <summary>
    /// Tensors by names that operations of the file are to have: the placeholder itself, or an identity that is added to another tensor. Where TensorFlow does not take a name,
    /// or two things would have it, it is changed a little: see <see cref="GraphDefFile.Named"/>. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> Names { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>Placeholders of images that are fed plane by plane, (batch, channels, height, width). Default none.</summary>
    public IReadOnlySet<Tensor> ChannelsFirst { get; init; } = new HashSet<Tensor>();

    // Int32 tensors whose identities of Names count from 1 and are UInt32, as ML.NET's keys.
    internal IReadOnlySet<Tensor> Keys { get; init; } = new HashSet<Tensor>();
}
