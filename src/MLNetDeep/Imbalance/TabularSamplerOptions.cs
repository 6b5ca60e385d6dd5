namespace MLNetDeep.Imbalance;

/// <summary>What samplers can be told whose new rows a model makes.</summary>
public abstract class TabularSamplerOptions : SamplerOptions
{
    private protected TabularSamplerOptions()
    {
    }

    /// <summary>Columns that the model makes, the label aside; the others are taken from a row of the class. Default null: the feature column alone.</summary>
    public IReadOnlyList<string>? ColumnNames;
}
