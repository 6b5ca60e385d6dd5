namespace MLNetDeep.Initializers;

/// <summary>Normal with standard deviation √(2 / (inputs + outputs)), cut off about two of them from 0 (Glorot and Bengio 2010): for tanh, sigmoid and linear layers; the default of <c>Dense</c>.</summary>
public sealed record GlorotNormal : VarianceScaling
{
    private protected override bool IsNormal => true;

    private protected override double Variance(double inputs, double outputs) => 2 / (inputs + outputs);
}
