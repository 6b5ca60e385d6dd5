using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx;

/// <summary>
/// Writes an operation of our graphs in ONNX's operators. A new one is a method marked with <see cref="OperationAttribute"/>, or, where it reads
/// other tensors than the node's inputs, a class of its own; <see cref="OnnxEmitters"/> finds both.
/// </summary>
internal abstract class OnnxEmitter
{
    /// <summary>The operation.</summary>
    public abstract string Operation { get; }

    /// <summary>The tensors that <see cref="Emit"/> reads the values of.</summary>
    public virtual IEnumerable<Tensor> Reads(Node node) => node.Inputs.Where((_, i) => !node.Op.IsShapeOnly(i));

    /// <summary>Adds the operators.</summary>
    /// <returns>The values of the node's outputs; null for one that only training reads.</returns>
    public abstract OnnxValue?[] Emit(OnnxEmission emission, Node node);
}
