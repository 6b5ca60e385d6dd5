namespace MLNetDeep.Imbalance;

/// <summary>How many neighbours must be of a row's class for the row to stay.</summary>
public enum NeighborAgreement
{
    /// <summary>Every one.</summary>
    All,

    /// <summary>More than of any other class; of equals, the class that comes first counts, as in scikit-learn's classifier.</summary>
    Most,
}
