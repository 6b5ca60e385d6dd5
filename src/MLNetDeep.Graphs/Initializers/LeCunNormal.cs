namespace MLNetDeep.Initializers;

/// <summary>Normal with standard deviation √(1 / inputs), cut off about two of them from 0 (LeCun et al. 1998): for layers followed by SELU.</summary>
public sealed record LeCunNormal : VarianceScaling
{
    private protected override bool IsNormal => true;

    private protected override double Variance(double inputs, double outputs) => 1 / inputs;
}
