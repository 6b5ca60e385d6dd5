namespace MLNetDeep.Graphs;

/// <summary>
/// What a kind of operation is, apart from how an engine computes it: its name, the shapes it gives, its gradient and,
/// for a fused operation, the simpler ones it stands for. Names, layouts and attributes follow TensorFlow's where TensorFlow has the operation.
/// A new one is one new class with a parameterless constructor; <see cref="OpRegistry"/> finds it.
/// </summary>
public abstract class OpDefinition
{
    /// <summary>The name that graphs, files and engines know it by.</summary>
    public abstract string Name { get; }

    /// <summary>Whether running it changes a variable: such a node runs after everything that reads that variable, and is never removed or merged.</summary>
    public virtual bool HasSideEffect => false;

    /// <summary>Types and shapes of the outputs.</summary>
    /// <exception cref="ArgumentException">The inputs do not fit; the message names their shapes.</exception>
    public abstract TensorSpec[] Infer(IReadOnlyList<TensorSpec> inputs, Attributes attributes);

    /// <summary>Whether input <paramref name="index"/> serves for its shape alone and its values are never read.</summary>
    public virtual bool IsShapeOnly(int index) => false;

    /// <summary>
    /// Adds the nodes of the gradient and returns one tensor (or null for none) for each input.
    /// The default differentiates what <see cref="Expand"/> gives, and is zero for an operation without one.
    /// </summary>
    /// <param name="node">The node to differentiate.</param>
    /// <param name="gradients">For each output the gradient that flows into it, or null for none; at least one is not null.</param>
    public virtual Tensor?[] Gradient(Node node, Tensor?[] gradients)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(gradients);
        if (Expand(node) is not { } simple)
            return new Tensor?[node.Inputs.Count];
        var pairs = simple.Zip(gradients).Where(p => p.Second is not null).ToArray();
        Tensor?[] totals = Gradients.Compute([.. pairs.Select(p => p.First)], node.Inputs, [.. pairs.Select(p => p.Second!)]);

        // A tensor that is several of the inputs has all its gradient at the first of them.
        return [.. totals.Select((total, i) => node.Inputs.Take(i).Contains(node.Inputs[i]) ? null : total)];
    }

    /// <summary>
    /// For a fused operation: adds the simpler nodes it stands for and returns their outputs, one for each output of <paramref name="node"/>;
    /// null for an operation that is simple already. Used where an engine or exporter has no such operation, and for higher derivatives.
    /// </summary>
    public virtual Tensor[]? Expand(Node node) => null;

    /// <summary>Throws unless there are <paramref name="count"/> inputs.</summary>
    protected void RequireInputs(IReadOnlyList<TensorSpec> inputs, int count)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != count)
            throw new ArgumentException($"{Name} takes {count} inputs, received {inputs.Count}.", nameof(inputs));
    }

    /// <summary>An error that says what did not fit and lists the inputs received.</summary>
    protected ArgumentException Misfit(string expected, IReadOnlyList<TensorSpec> inputs) =>
        new($"{Name}: expected {expected}, received {string.Join(" and ", inputs)}.", nameof(inputs));
}
