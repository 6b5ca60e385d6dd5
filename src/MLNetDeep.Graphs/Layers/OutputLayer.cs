namespace MLNetDeep.Layers;

/// <summary>A last layer whose number of outputs may be left to the task.</summary>
public abstract record OutputLayer : SimpleLayer
{
    // The layer with the number of outputs filled in where it was open.
    internal abstract Layer WithOutput(int units, Layer? activation);

    /// <summary>The number of outputs: <paramref name="own"/>, or what the task asks for.</summary>
    /// <exception cref="ArgumentException">Neither is known, or they differ.</exception>
    private protected static int OutputUnits(LayerContext context, int? own, string what)
    {
        if (own is { } given)
        {
            if (given < 1)
                throw new ArgumentException($"the layer has {given} {what}, expected at least 1.");
            return context.OutputUnits is null || context.OutputUnits == given ? given : throw new ArgumentException(
                $"the layer has {given} {what}, but the task (the label column) asks for {context.OutputUnits}. Leave the number out to take the task's.");
        }

        return context.OutputUnits ?? throw new UnknownSizeException(
            $"the number of {what} is not known yet: it comes from the label column at Fit. Give it to the layer, or call WithOutputUnits.");
    }
}
