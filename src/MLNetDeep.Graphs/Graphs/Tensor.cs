using System.Diagnostics;

namespace MLNetDeep.Graphs;

/// <summary>
/// One output of a <see cref="Graphs.Node"/>: a symbol for the values it will have when an engine runs the graph.
/// The arithmetic operators add nodes, with NumPy's broadcasting.
/// </summary>
[DebuggerDisplay("{Name} {DType} {Shape}")]
public sealed class Tensor
{
    internal Tensor(Node node, int index, TensorSpec spec)
    {
        Node = node;
        Index = index;
        Spec = spec;
    }

    /// <summary>The node that computes it.</summary>
    public Node Node { get; }

    /// <summary>Which of the node's outputs it is.</summary>
    public int Index { get; }

    /// <summary>Element type and shape.</summary>
    public TensorSpec Spec { get; }

    /// <summary>Element type.</summary>
    public DType DType => Spec.DType;

    /// <summary>Dimensions.</summary>
    public Shape Shape => Spec.Shape;

    /// <summary>The graph it belongs to.</summary>
    public Graph Graph => Node.Graph;

    /// <summary>TensorFlow's name for it: the node's name, a colon and the output's index.</summary>
    public string Name => $"{Node.Name}:{Index}";

    /// <summary>Elementwise sum.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Ops.Add(a, b);

    /// <summary>Elementwise sum with a number.</summary>
    public static Tensor operator +(Tensor a, float b) => Ops.Add(a, Ops.Like(a, b));

    /// <summary>Elementwise sum with a number.</summary>
    public static Tensor operator +(float a, Tensor b) => Ops.Add(Ops.Like(b, a), b);

    /// <summary>Elementwise difference.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Ops.Subtract(a, b);

    /// <summary>Elementwise difference with a number.</summary>
    public static Tensor operator -(Tensor a, float b) => Ops.Subtract(a, Ops.Like(a, b));

    /// <summary>Elementwise difference with a number.</summary>
    public static Tensor operator -(float a, Tensor b) => Ops.Subtract(Ops.Like(b, a), b);

    /// <summary>Elementwise negation.</summary>
    public static Tensor operator -(Tensor a) => Ops.Negative(a);

    /// <summary>Elementwise product.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Ops.Multiply(a, b);

    /// <summary>Elementwise product with a number.</summary>
    public static Tensor operator *(Tensor a, float b) => Ops.Multiply(a, Ops.Like(a, b));

    /// <summary>Elementwise product with a number.</summary>
    public static Tensor operator *(float a, Tensor b) => Ops.Multiply(Ops.Like(b, a), b);

    /// <summary>Elementwise quotient.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Ops.Divide(a, b);

    /// <summary>Elementwise quotient with a number.</summary>
    public static Tensor operator /(Tensor a, float b) => Ops.Divide(a, Ops.Like(a, b));

    /// <summary>Elementwise quotient with a number.</summary>
    public static Tensor operator /(float a, Tensor b) => Ops.Divide(Ops.Like(b, a), b);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Spec}";
}
