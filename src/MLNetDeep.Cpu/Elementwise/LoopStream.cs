using MLNetDeep.Cpu.Planning;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Elementwise;

/// <summary>A pointer that a fused loop reads or writes through.</summary>
/// <param name="Value">The value; null for a parameter.</param>
/// <param name="Access">How it is read.</param>
/// <param name="IsOutput">Whether it is written.</param>
/// <param name="Converts">Whether integers are to be read as floats, not as they are.</param>
/// <param name="Parameter">The number, for a parameter of an operation.</param>
/// <param name="BlockRows">Rows of a block, where it is read by blocks.</param>
internal sealed record LoopStream(Value? Value, Access Access, bool IsOutput = false, bool Converts = false, float? Parameter = null, int BlockRows = 0)
{
    /// <summary>The stream through which an operation reads an input.</summary>
    public static LoopStream Reading(PlanNode node, Operand input)
    {
        Access access = Inner.Of(input.Shape, node.OutputShapes[0]).Access;
        return new(
            input.Value,
            access,
            Converts: node.Op == "Cast" && input.Value.DType == DType.Int32,
            BlockRows: access == Access.Block ? Inner.BlockRows(input.Shape, node.OutputShapes[0]) : 0);
    }
}
