namespace MLNetDeep.Initializers;

/// <summary>Uniform in ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010): for tanh, sigmoid and linear layers; the default of <c>Dense</c>.</summary>
public sealed record GlorotUniform : VarianceScaling
{
    private protected override double Variance(double inputs, double outputs) => 2 / (inputs + outputs);
}
