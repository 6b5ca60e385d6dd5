namespace MLNetDeep.Generation;

/// <summary>
/// Whether synthetic rows are copies of real ones. The distance of two rows is Gower's: the mean over columns of 1 for categories that differ, and for quantities of their difference over the range of the
/// real values.
/// </summary>
/// <param name="SyntheticRows">Number of synthetic rows.</param>
/// <param name="Copies">Those that are equal to a real row in all columns.</param>
/// <param name="MedianDistance">The median distance of a synthetic row to the closest real one.</param>
/// <param name="HoldoutRows">Number of held-out rows; null without them, as what follows.</param>
/// <param name="HoldoutCopies">Held-out rows that are equal to a real row: as many by chance alone.</param>
/// <param name="HoldoutMedianDistance">The median distance of a held-out row to the closest real one.</param>
/// <param name="CloseShare">Share of the synthetic rows that are closer to a real row than 95 % of the held-out ones are; about 0.05 or less where nothing is copied.</param>
/// <param name="NearerToRealShare">Share of the synthetic rows that are nearer to a real row than to a held-out one, of as many of each; about 0.5 where nothing is copied. Ties count half.</param>
public sealed record TabularPrivacy(
    long SyntheticRows, long Copies, double MedianDistance, long? HoldoutRows = null, long? HoldoutCopies = null, double? HoldoutMedianDistance = null, double? CloseShare = null, double? NearerToRealShare = null);
