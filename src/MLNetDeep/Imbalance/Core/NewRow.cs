using Microsoft.ML.Data;

namespace MLNetDeep.Imbalance.Core;

/// <summary>A row that is added.</summary>
/// <param name="Seed">The row that it takes its values from.</param>
/// <param name="Features">Its own features; null for the seed's.</param>
/// <param name="Donors">For each of <see cref="SamplingTask.DonorColumns"/> the row that it takes the value from; null where there are none.</param>
/// <param name="Made">Which of the rows of <see cref="SamplingTask.Made"/> it takes the values of <see cref="SamplingTask.MadeColumns"/> from; -1 for none.</param>
internal readonly record struct NewRow(int Seed, VBuffer<float>? Features = null, int[]? Donors = null, int Made = -1);
