namespace MLNetDeep.Generation;

/// <summary>What a model is worth that was trained on synthetic rows, beside one that was trained on real ones; both are tested on real rows that neither has seen.</summary>
/// <param name="LabelColumnName">The column that was predicted from all others.</param>
/// <param name="Metric"><c>AUC</c> for two classes, <c>accuracy</c> for more, <c>R²</c> for a quantity.</param>
/// <param name="Real">The figure of the model trained on real rows; of three trainings the mean.</param>
/// <param name="Synthetic">The figure of the model trained on synthetic rows; likewise.</param>
public sealed record TabularUtility(string LabelColumnName, string Metric, double Real, double Synthetic)
{
    /// <summary>The synthetic figure over the real one.</summary>
    public double Ratio => Synthetic / Real;
}
