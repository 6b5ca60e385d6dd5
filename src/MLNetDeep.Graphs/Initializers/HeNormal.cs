namespace MLNetDeep.Initializers;

/// <summary>Normal with standard deviation √(2 / inputs), cut off about two of them from 0 (He et al. 2015): for layers followed by ReLU.</summary>
public sealed record HeNormal : VarianceScaling
{
    private protected override bool IsNormal => true;

    private protected override double Variance(double inputs, double outputs) => 2 / inputs;
}
