namespace Microsoft.ML;

/// <summary>A column that a mapping adds.</summary>
/// <param name="Output">Its name, type and annotations.</param>
/// <param name="Inputs">The indices of the input columns it is computed from.</param>
/// <param name="MakeGetter">Makes its getter over an input row.</param>
internal sealed record MappedColumn(DataViewSchema.DetachedColumn Output, int[] Inputs, Func<DataViewRow, Delegate> MakeGetter)
{
    public MappedColumn(DataViewSchema.DetachedColumn output, int input, Func<DataViewRow, Delegate> makeGetter)
        : this(output, [input], makeGetter)
    {
    }
}
