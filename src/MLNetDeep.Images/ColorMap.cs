namespace MLNetDeep.Images;

/// <summary>The colours that numbers are shown in.</summary>
public enum ColorMap
{
    /// <summary>From black to white.</summary>
    Gray,

    /// <summary>From violet over green to yellow: equal steps look equal, to the colour-blind too.</summary>
    Viridis,

    /// <summary>From blue over green and yellow to red.</summary>
    Jet,
}
