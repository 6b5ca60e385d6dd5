using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Rows;

/// <summary>
/// How values that are neither numbers nor ids (images) become the numbers of a network's input. It is kept with a model, so that
/// a loaded one reads its column as the trained one did.
/// </summary>
internal abstract class FeatureAdapter
{
    /// <summary>The word that stands for it in model files; see <see cref="FeatureAdapters"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>The type of columns that it reads.</summary>
    public abstract DataViewType ColumnType { get; }

    /// <summary>The dimensions of what a value becomes.</summary>
    public abstract IReadOnlyList<int> Shape { get; }

    /// <summary>Checks that a column can be read.</summary>
    /// <exception cref="ArgumentException">It cannot; the message says why.</exception>
    public abstract void Check(string name, DataViewType type);

    /// <summary>Makes a reader over a row or cursor.</summary>
    public abstract FeatureColumn.Reader<float> Bind(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Writes what <see cref="FeatureAdapterKind.Read"/> reads as properties of the object that is open.</summary>
    public abstract void Write(Utf8JsonWriter json);
}
