namespace MLNetDeep.Generation;

/// <summary>What a variational autoencoder takes the numbers of a row for.</summary>
public enum VaeLikelihood
{
    /// <summary>Numbers that are normally distributed round what the decoder gives: see <see cref="Losses.GaussianReconstruction"/>.</summary>
    Gaussian,

    /// <summary>Shares from the least of the training rows' numbers (black) to the most (white), of which the decoder gives the logits: see <see cref="Losses.BernoulliReconstruction"/>.</summary>
    Bernoulli,
}
