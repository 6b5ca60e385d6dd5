using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Tasks;

/// <summary>
/// The items nearest to a row's vector. The network has the items as the kernel of a dense layer, so that rows are compared with all of them by one product of matrices;
/// its output is these products (for Euclidean distance less half the item's square), and after them the vector itself.
/// </summary>
internal sealed class NeighborsTask(KeyNames names, int size, int count, Similarity similarity, string neighborsColumn, string distancesColumn) : OutputOnlyTask
{
    public const string TaskName = "neighbors";

    public override string Name => TaskName;

    public override int OutputUnits => checked(names.Count + size);

    public static NeighborsTask Parse(JsonElement json)
    {
        KeyNames names = KeyNames.Read(json.GetProperty("names"));
        int size = json.GetProperty("size").GetInt32(), count = json.GetProperty("count").GetInt32();
        string neighbors = json.GetProperty("neighbors").GetString() ?? "", distances = json.GetProperty("distances").GetString() ?? "";
        return size > 0 && count > 0 && count <= names.Count && Enum.TryParse(json.GetProperty("similarity").GetString(), out Similarity similarity) && Enum.IsDefined(similarity)
            && neighbors.Length > 0 && distances.Length > 0 && neighbors != distances
            ? new(names, size, count, similarity, neighbors, distances)
            : throw new InvalidDataException("the settings of neighbours are out of range.");
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("size", size);
        json.WriteNumber("count", count);
        json.WriteString("similarity", similarity.ToString());
        json.WriteString("neighbors", neighborsColumn);
        json.WriteString("distances", distancesColumn);
        json.WritePropertyName("names");
        names.Write(json);
    }

    public override IReadOnlyList<OutputColumn> Columns(DataViewSchema input)
    {
        DataViewSchema.Annotations.Builder annotations = new();
        names.AddTo(annotations, "KeyValues");
        return
        [
            new(neighborsColumn, new VectorDataViewType(new KeyDataViewType(typeof(uint), names.Count), count), annotations.ToAnnotations()),
            new(distancesColumn, new VectorDataViewType(NumberDataViewType.Single, count), new DataViewSchema.Annotations.Builder().ToAnnotations()),
        ];
    }

    public override Delegate CreateGetter(string column, Scores scores)
    {
        int[] best = new int[count];
        return column == neighborsColumn
            ? (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> target) =>
            {
                Find(scores.Output[..names.Count], best);
                VBufferEditor<uint> editor = VBufferEditor.Create(ref target, count);
                for (int i = 0; i < count; i++)
                    editor.Values[i] = (uint)best[i] + 1;
                target = editor.Commit();
            })
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> target) =>
            {
                ReadOnlySpan<float> output = scores.Output;
                Find(output[..names.Count], best);
                double square = 0;
                foreach (float x in output[names.Count..])
                    square += (double)x * x;
                VBufferEditor<float> editor = VBufferEditor.Create(ref target, count);
                for (int i = 0; i < count; i++)
                    editor.Values[i] = Distance(output[best[i]], square);
                target = editor.Commit();
            });
    }

    private float Distance(float product, double square) => similarity == Similarity.Euclidean
        ? (float)Math.Sqrt(Math.Max(0, square - 2 * product))
        : square == 0 ? 1 : (float)Math.Clamp(1 - product / Math.Sqrt(square), 0, 2);

    // The places of the largest products, the largest first, and of equals the first.
    private static void Find(ReadOnlySpan<float> products, int[] best)
    {
        int held = 0;
        for (int i = 0; i < products.Length; i++)
        {
            if (held == best.Length && !(products[i] > products[best[^1]]))
                continue;
            int at = held < best.Length ? held++ : held - 1;
            for (; at > 0 && products[i] > products[best[at - 1]]; at--)
                best[at] = best[at - 1];
            best[at] = i;
        }
    }
}
