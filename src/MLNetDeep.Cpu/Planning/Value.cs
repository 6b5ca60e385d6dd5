using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Planning;

/// <summary>A block of numbers that steps read and write; several tensors of the graph may be views of it.</summary>
internal sealed class Value(int id, Storage storage, DType dtype, int unitSize, bool isBatched)
{
    /// <summary>Its place in the table of pointers.</summary>
    public int Id { get; } = id;

    /// <summary>Where it lives. A temporary becomes the storage of a variable when its producer may write there directly.</summary>
    public Storage Storage { get; private set; } = storage;

    public DType DType { get; } = dtype;

    /// <summary>Number of elements for a batch of one.</summary>
    public int UnitSize { get; } = unitSize;

    public bool IsBatched { get; } = isBatched;

    /// <summary>The placeholder or variable, for those.</summary>
    public Node? Source { get; init; }

    /// <summary>The variable in whose place it is written, if any.</summary>
    public Value? WrittenTo { get; private set; }

    /// <summary>The elements of a constant: float[] or int[].</summary>
    public Array? Constant { get; init; }

    /// <summary>What writes it; null for feeds, variables and constants.</summary>
    public PlanNode? Producer { get; set; }

    public long Size(int batch) => IsBatched ? (long)UnitSize * batch : UnitSize;

    public void WriteTo(Value variable)
    {
        Storage = Storage.Variable;
        WrittenTo = variable;
    }
}
