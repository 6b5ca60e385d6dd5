using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Interop;
using MLNetDeep.Persistence;
using MLNetDeep.Rows;
using MLNetDeep.Serialization;

namespace MLNetDeep.Transformers;

/// <summary>A transformer that stands behind a model and replaces its decision or its probability.</summary>
public abstract class DecisionTransformer : RowTransformer
{
    private const string SettingsText = "settings";

    private protected DecisionTransformer(string scoreColumnName) => ScoreColumnName = scoreColumnName;

    /// <summary>The column with the model's score.</summary>
    public string ScoreColumnName { get; }

    private protected abstract string Kind { get; }

    // All that it reads or writes.
    private protected abstract string[] ColumnNames { get; }

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal static DecisionTransformer Load(Stream stream) => NeuralNetworkFile.Guarded(() =>
    {
        using JsonDocument document = JsonDocument.Parse(TensorArchive.Read(stream).Text(SettingsText));
        JsonElement json = document.RootElement;
        string score = json.GetProperty("score").GetString() ?? "";
        var read = (DecisionTransformer)(json.GetProperty("type").GetString() switch
        {
            ThresholdTransformer.TypeName => ThresholdTransformer.Read(score, json),
            CalibrationTransformer.TypeName => CalibrationTransformer.Read(score, json),
            TemperatureTransformer.TypeName => TemperatureTransformer.Read(score, json),
            var other => throw new InvalidDataException($"there is no decision of the type '{other}'."),
        });
        if (read.ColumnNames.Contains("") || read.ColumnNames.Distinct().Count() < read.ColumnNames.Length)
            throw new InvalidDataException($"its columns cannot be named '{string.Join("', '", read.ColumnNames)}'.");
        return read;
    });

    private protected sealed override void Save(ModelSaveContext ctx) => DecisionLoader.Save(ctx, stream =>
    {
        TensorArchive archive = new();
        archive.AddText(SettingsText, JsonText.Object(json =>
        {
            json.WriteString("type", Kind);
            json.WriteString("score", ScoreColumnName);
            Write(json);
        }));
        archive.Write(stream);
    });

    private protected abstract void Write(Utf8JsonWriter json);

    private protected static DataViewSchema.Column Single(DataViewSchema schema, string name, string role)
    {
        DataViewSchema.Column column = ColumnRef.Find(schema, name, role);
        return column.Type.Equals(NumberDataViewType.Single) ? column : throw new ArgumentException($"The {role} column '{name}' has type {column.Type}; expected Single.");
    }

    // What is known of a column goes for the one that takes its place.
    private protected static DataViewSchema.Annotations Annotations(DataViewSchema schema, string name, DataViewType type) =>
        schema.GetColumnOrNull(name) is { } column && column.Type.Equals(type) ? column.Annotations : new DataViewSchema.Annotations.Builder().ToAnnotations();
}
