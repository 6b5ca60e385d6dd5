namespace Microsoft.ML;

/// <summary>A mapping that only passes on some of the columns.</summary>
internal sealed class SelectMapping(DataViewSchema inputSchema, IEnumerable<int> kept) : RowMapping(inputSchema, [], kept)
{
    protected override IEnumerable<int> InputsOf(int added) => [];

    protected override Delegate MakeGetter(DataViewRow input, int added) => throw new InvalidOperationException();
}
