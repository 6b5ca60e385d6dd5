namespace MLNetDeep.Training.Adversarial;

/// <summary>What an adversarial training ended with.</summary>
/// <param name="Generator">Makes rows of latent vectors (and classes); its weights are the average where <see cref="AdversarialOptions.AverageDecay"/> asked for one.</param>
/// <param name="Discriminator">Scores rows (and classes): the higher, the more real they look to it.</param>
/// <param name="History">
/// By epoch: <c>loss</c> is the discriminator's, penalty included; <c>generator_loss</c>; <c>gradient_penalty</c> where there is one; what the generator's layers report; <c>real_score</c> and <c>fake_score</c>, the
/// discriminator's mean scores; <c>diversity</c>, the mean distance from a generated row to the nearest other over the same among real rows: about 1 is well, near 0 is a collapse;
/// <c>density</c> and <c>coverage</c> where <see cref="AdversarialOptions.CoverageRowCount"/> asked for them;
/// <c>frechet_distance</c> where <see cref="AdversarialOptions.FrechetDistance"/> asked for it. In an epoch
/// without a step of the generator there is no <c>generator_loss</c>.
/// </param>
public sealed record TrainedGenerator(TrainedNetwork Generator, TrainedNetwork Discriminator, History History);
