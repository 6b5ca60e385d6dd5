namespace MLNetDeep.Explanations;

/// <summary>Ways to look into a network.</summary>
internal enum ExplanationKind
{
    GradCam,
    OcclusionMap,
    ActivationMaps,
}
