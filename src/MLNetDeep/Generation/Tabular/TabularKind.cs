namespace MLNetDeep.Generation.Tabular;

/// <summary>What makes rows of a table.</summary>
internal enum TabularKind
{
    /// <summary>A generator that was trained against a discriminator.</summary>
    Gan,

    /// <summary>The decoder of a variational autoencoder.</summary>
    Vae,
}
