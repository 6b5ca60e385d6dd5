using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.Explanations;
using MLNetDeep.Interop;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;

namespace MLNetDeep.Transformers;

/// <summary>
/// Adds a column that shows what a trained network sees in each row's picture. It holds the network itself, and is saved with it; rows need only the network's
/// feature columns. Computed where the column is asked for, from any number of threads.
/// </summary>
public sealed class ImageExplanationTransformer : ITransformer, ICanSaveModel
{
    // Of the settings, in a file.
    private const int MostBytes = 1 << 16;

    private readonly NeuralNetworkFile _file;

    internal ImageExplanationTransformer(NeuralNetworkFile file, ExplanationSettings settings, string outputColumnName, IEngine engine)
    {
        _file = file;
        OutputColumnName = outputColumnName;
        Explanation = Explanation.Create(settings, file.Model, file.Task, engine);
        Explanation.CheckInputs(file.Features);
    }

    /// <summary>Name of the column that is added.</summary>
    public string OutputColumnName { get; }

    /// <summary>The layer that is looked at; null where none is (an occlusion map).</summary>
    public string? LayerName => Explanation.Settings.LayerName;

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    internal Explanation Explanation { get; }

    internal IReadOnlyList<FeatureColumn> Features => _file.Features;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A feature column is missing or of another type or size than in training; the message names it.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ExplanationBindings(this, inputSchema).OutputSchema;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A feature column is missing or of another type or size than in training; the message names it.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ExplainedView(input, new(this, input.Schema));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A feature column is missing or of another type or size than in training; the message names it.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ExplainedRowMapper(new(this, inputSchema));
    }

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => ExplanationLoader.Save(ctx, Write);

    /// <summary>Writes what <see cref="Load"/> reads.</summary>
    internal void Write(Stream stream)
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        foreach (string text in new[] { OutputColumnName, Explanation.Settings.Write() })
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }

        writer.Flush();
        _file.Write(stream);
    }

    /// <exception cref="InvalidDataException">It is damaged, or not such a file.</exception>
    internal static ImageExplanationTransformer Load(Stream stream)
    {
        string column = Text(stream), settings = Text(stream);
        NeuralNetworkFile file = NeuralNetworkFile.Read(stream);
        return NeuralNetworkFile.Guarded(() => new ImageExplanationTransformer(
            file, ExplanationSettings.Read(settings), column.Length > 0 ? column : throw new InvalidDataException("the column's name is empty."), DefaultEngine.Instance));
    }

    private static string Text(Stream stream) => NeuralNetworkFile.Guarded(() =>
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        stream.ReadExactly(length);
        int count = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(length);
        if (count is < 0 or > MostBytes)
            throw new InvalidDataException($"a text of {count} bytes is not plausible.");
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    });
}
