namespace MLNetDeep.Initializers;

/// <summary>Uniform in ±√(3 / inputs) (LeCun et al. 1998): for layers followed by SELU.</summary>
public sealed record LeCunUniform : VarianceScaling
{
    private protected override double Variance(double inputs, double outputs) => 1 / inputs;
}
