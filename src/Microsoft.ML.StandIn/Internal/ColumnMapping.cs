using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A mapping that adds columns, each with the input columns it needs and its getter.</summary>
internal sealed class ColumnMapping(DataViewSchema inputSchema, params MappedColumn[] columns)
    : RowMapping(inputSchema, [.. columns.Select(column => column.Output)])
{
    protected override IEnumerable<int> InputsOf(int added) => columns[added].Inputs;

    protected override Delegate MakeGetter(DataViewRow input, int added) => columns[added].MakeGetter(input);
}
