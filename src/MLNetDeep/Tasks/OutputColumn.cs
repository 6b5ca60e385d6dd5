using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Tasks;

/// <summary>A column that a trained network adds to the data.</summary>
internal sealed record OutputColumn(string Name, DataViewType Type, DataViewSchema.Annotations Annotations);
