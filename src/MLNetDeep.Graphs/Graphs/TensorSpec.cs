namespace MLNetDeep.Graphs;

/// <summary>What is known of a tensor before anything runs: its element type and shape.</summary>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The dimensions.</param>
public readonly record struct TensorSpec(DType DType, Shape Shape)
{
    /// <inheritdoc/>
    public override string ToString() => $"{DType} {Shape}";
}
