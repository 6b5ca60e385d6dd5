namespace MLNetDeep.Initializers;

/// <summary>Uniform in ±√(6 / inputs) (He et al. 2015): for layers followed by ReLU.</summary>
public sealed record HeUniform : VarianceScaling
{
    private protected override double Variance(double inputs, double outputs) => 2 / inputs;
}
