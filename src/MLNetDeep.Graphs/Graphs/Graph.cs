using MLNetDeep.Initializers;

namespace MLNetDeep.Graphs;

/// <summary>
/// A program of tensor operations, free of any engine: nodes that are only ever added, each after its inputs.
/// One graph can hold training (forward, loss, gradients, updates) and scoring; an engine compiles just what a set of fetches needs.
/// Not safe for use by several threads while nodes are being added.
/// </summary>
public sealed class Graph
{
    // Of variables; there only where it is not 1.
    internal const string MultiplierAttribute = "learning_rate_multiplier";

    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Node> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _suffixes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);
    private readonly List<Variable> _variableOrder = [];
    private string _scope = "";

    /// <summary>All nodes; inputs stand before their consumers.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>All variables, in the order they were added.</summary>
    public IReadOnlyList<Variable> Variables => _variableOrder;

    /// <summary>Adds a node and returns it.</summary>
    /// <param name="op">The name of the operation.</param>
    /// <param name="inputs">What it reads; tensors of this graph.</param>
    /// <param name="attributes">Its parameters.</param>
    /// <param name="name">Its name; made unique by a number. Default: the operation's name.</param>
    /// <exception cref="ArgumentException">Unknown operation, inputs of another graph, or shapes that do not fit.</exception>
    public Node Add(string op, IReadOnlyList<Tensor> inputs, Attributes? attributes = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(op);
        ArgumentNullException.ThrowIfNull(inputs);
        OpDefinition definition = OpRegistry.Get(op);
        attributes ??= Attributes.None;
        foreach (Tensor input in inputs)
        {
            if (input.Graph != this)
                throw new ArgumentException($"Input '{input.Name}' of {op} belongs to another graph.", nameof(inputs));
        }

        TensorSpec[] outputs = definition.Infer([.. inputs.Select(i => i.Spec)], attributes);
        Node node = new(this, _nodes.Count, UniqueName(_scope + (name ?? op)), definition, [.. inputs], attributes, outputs);
        _nodes.Add(node);
        _byName.Add(node.Name, node);
        return node;
    }

    /// <summary>Adds an input whose values are given at every run.</summary>
    /// <exception cref="ArgumentException">The name is taken: feeds are found by name, so it is never changed.</exception>
    public Tensor Placeholder(string name, DType dtype, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        if (_byName.ContainsKey(_scope + name))
            throw new ArgumentException($"The graph has a node called '{_scope + name}' already.", nameof(name));
        return Add("Placeholder", [], new(("dtype", dtype), ("shape", shape)), name).Outputs[0];
    }

    /// <summary>Adds a variable, or returns the one of that name, so that two uses of a layer share their weights.</summary>
    /// <param name="name">Its name in full.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="initializer">Where its first values come from.</param>
    /// <param name="trainable">Whether an optimizer changes it.</param>
    /// <param name="learningRateMultiplier">What an optimizer's learning rate is multiplied by for it; at least 0.</param>
    /// <exception cref="ArgumentException">
    /// There is one of that name with another shape or type, or another kind of node has the name, or the shape is batched, or the multiplier is out of range.
    /// </exception>
    public Variable Variable(string name, Shape shape, Initializer initializer, bool trainable = true, float learningRateMultiplier = 1)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(initializer);
        if (_variables.TryGetValue(name, out Variable? known))
        {
            return known.Shape.Equals(shape) ? known : throw new ArgumentException(
                $"Variable '{name}' has shape {known.Shape} already; it cannot be shared with a use that needs {shape}.", nameof(shape));
        }

        if (_byName.ContainsKey(name))
            throw new ArgumentException($"The graph has a node called '{name}' already.", nameof(name));
        if (shape.IsBatched)
            throw new ArgumentException($"Variable '{name}' has the batched shape {shape}; a variable's shape is fixed.", nameof(shape));

        if (!(learningRateMultiplier >= 0) || !float.IsFinite(learningRateMultiplier))
            throw new ArgumentException($"The learning-rate multiplier of '{name}' is {learningRateMultiplier}, expected at least 0.", nameof(learningRateMultiplier));

        // Variables are named in full by their owner, so that sharing does not depend on where the first use stood.
        using (RootScope())
        {
            Attributes attributes = new(("dtype", DType.Float32), ("shape", shape), ("trainable", trainable));
            if (learningRateMultiplier != 1)
                attributes = new([.. attributes.Select(a => (a.Key, a.Value)), (MultiplierAttribute, learningRateMultiplier)]);
            Variable variable = new(Add("Variable", [], attributes, name).Outputs[0], initializer, trainable, learningRateMultiplier);
            _variables.Add(name, variable);
            _variableOrder.Add(variable);
            return variable;
        }
    }

    /// <summary>The variable called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Variable GetVariable(string name) => _variables.TryGetValue(name, out Variable? variable)
        ? variable
        : throw new ArgumentException($"The graph has no variable called '{name}'.", nameof(name));

    /// <summary>The node called <paramref name="name"/>, or null.</summary>
    public Node? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Names of nodes added until the result is disposed begin with <paramref name="name"/> and a slash. Scopes nest.</summary>
    public IDisposable Scope(string name)
    {
        string before = _scope;
        _scope = $"{before}{name}/";
        return new ScopeEnd(this, before);
    }

    // As Scope, but names begin anew.
    internal IDisposable RootScope()
    {
        string before = _scope;
        _scope = "";
        return new ScopeEnd(this, before);
    }

    private string UniqueName(string name)
    {
        if (!_byName.ContainsKey(name))
            return name;
        int suffix = _suffixes.GetValueOrDefault(name);
        string unique;
        do
            unique = $"{name}_{++suffix}";
        while (_byName.ContainsKey(unique));
        _suffixes[name] = suffix;
        return unique;
    }

    private sealed class ScopeEnd(Graph graph, string before) : IDisposable
    {
        public void Dispose() => graph._scope = before;
    }
}
