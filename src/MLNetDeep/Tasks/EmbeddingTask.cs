using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Exporting;
using MLNetDeep.Graphs;
using MLNetDeep.Rows;

namespace MLNetDeep.Tasks;

/// <summary>What a layer of a network makes of a row, as a vector.</summary>
internal sealed class EmbeddingTask(string column, int[] dims) : OutputOnlyTask
{
    public const string TaskName = "embedding";

    private readonly int _size = checked((int)dims.Aggregate(1L, (a, b) => a * b));

    public override string Name => TaskName;

    public override int OutputUnits => _size;

    public override Shape OutputShape => Shape.Batched(dims);

    public static EmbeddingTask Parse(JsonElement json)
    {
        int[] dims = [.. json.GetProperty("dims").EnumerateArray().Select(d => d.GetInt32())];
        string column = json.GetProperty("column").GetString() ?? "";
        return column.Length > 0 && dims.Length is > 0 and < 16 && dims.All(d => d > 0) ? new(column, dims) : throw new InvalidDataException("the embedding has no name or size.");
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteString("column", column);
        json.WriteStartArray("dims");
        foreach (int dim in dims)
            json.WriteNumberValue(dim);
        json.WriteEndArray();
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input) =>
        [new(column, new VectorDataViewType(NumberDataViewType.Single, _size), new DataViewSchema.Annotations.Builder().ToAnnotations())];

    public override IReadOnlyList<ExportOutput> ExportOutputs(Tensor output, Tensor? logits, Tensor? inner) => [new(column, output, ExportOutputKind.FlatValues)];

    public override Delegate CreateGetter(string name, Scores scores) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> target) => Vectors.Set(ref target, scores.Output));
}
