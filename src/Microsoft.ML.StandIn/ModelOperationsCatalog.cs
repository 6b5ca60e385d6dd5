using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Saving, loading and using models.</summary>
public sealed class ModelOperationsCatalog : IInternalCatalog
{
    private const string SchemaEntryName = "Schema";
    private const string ModelDirectory = "Model";

    private readonly IHostEnvironment _env;

    internal ModelOperationsCatalog(IHostEnvironment env) => _env = env.Register(nameof(ModelOperationsCatalog));

    IHostEnvironment IInternalCatalog.Environment => _env;

    /// <summary>Saves a model with the columns that it takes.</summary>
    public void Save(ITransformer model, DataViewSchema? inputSchema, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        using var repository = new RepositoryWriter(stream);
        if (inputSchema is not null)
        {
            using var memory = new MemoryStream();
            using var writer = new BinaryWriter(memory);
            SchemaCodec.Write(writer, inputSchema);
            writer.Flush();
            repository.Write(SchemaEntryName, memory);
        }
        ModelSaveContext.SaveModel(repository, model, ModelDirectory);
    }

    /// <summary>Saves a model with the columns that it takes.</summary>
    public void Save(ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        using var stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    /// <summary>Loads a model with the columns that it takes; null where they were not saved.</summary>
    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            using var repository = Open(stream);
            inputSchema = ReadSchema(repository)!;
            ModelLoadContext.LoadModel<ITransformer, SignatureLoadModel>(_env, out var model, repository, ModelDirectory);
            return model;
        }
        catch (Exception e) when (e is IOException or ArgumentException or ArithmeticException or IndexOutOfRangeException
            or NotSupportedException or NullReferenceException or InvalidCastException or KeyNotFoundException)
        {
            throw new FormatException("The model file is corrupt.", e);
        }
    }

    /// <summary>Loads a model with the columns that it takes; null where they were not saved.</summary>
    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        using var stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    /// <summary>An engine that scores one object at a time.</summary>
    /// <param name="transformer">The model.</param>
    /// <param name="ignoreMissingColumns">Whether members of predictions without a column are left alone instead of being an error.</param>
    /// <param name="inputSchemaDefinition">The examples' columns, where they differ from what the class declares.</param>
    /// <param name="outputSchemaDefinition">The predictions' columns, where they differ from what the class declares.</param>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition? inputSchemaDefinition = null, SchemaDefinition? outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new()
        => new(_env, transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);

    /// <summary>An engine whose examples' columns have the types and annotations that a schema gives columns of their names.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new()
        => new(_env, transformer, ignoreMissingColumns: false, DefinitionFrom<TSrc>(inputSchema));

    /// <summary>An engine that scores one object at a time.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_env, transformer, options.IgnoreMissingColumns, options.InputSchemaDefinition, options.OutputSchemaDefinition, options.OwnsTransformer);
    }

    internal static SchemaDefinition DefinitionFrom<TRow>(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (var column in definition)
            if (schema.GetColumnOrNull(column.ColumnName) is { } known)
            {
                column.ColumnType = known.Type;
                column.CopyAnnotations(known.Annotations);
            }
        return definition;
    }

    private static RepositoryReader Open(Stream stream)
    {
        try
        {
            return new RepositoryReader(stream);
        }
        catch (InvalidDataException e)
        {
            throw new FormatException("Failed to open a zip archive", e);
        }
    }

    private static DataViewSchema? ReadSchema(RepositoryReader repository)
    {
        if (!repository.Contains(SchemaEntryName))
            return null;
        using var entry = repository.Open(SchemaEntryName);
        using var reader = new BinaryReader(entry.Stream);
        return SchemaCodec.Read(reader);
    }
}
