using MLNetDeep.Cpu.Planning;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Elementwise;

/// <summary>A pointer that a fused loop reads or writes through.</summary>
/// <param name="Value">The value; null for a parameter.</param>
/// <param name="Access">How it is read.</param>
/// <param name="IsOutput">Whether it is written.</param>
/// <param name="Converts">Whether integers are to be read as floats, not as they are.</param>
/// <param name="Parameter">The number, for a parameter of an operation.</param>
internal sealed record LoopStream(Value? Value, Access Access, bool IsOutput = false, bool Converts = false, float? Parameter = null)
{
    /// <summary>The stream through which an operation reads an input.</summary>
    public static LoopStream Reading(PlanNode node, Operand input) => new(
        input.Value,
        Inner.Of(input.Shape, node.OutputShapes[0]).Access,
        Converts: node.Op == "Cast" && input.Value.DType == DType.Int32);
}
