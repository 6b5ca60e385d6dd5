using System.Numerics;

namespace Microsoft.ML;

/// <summary>What a normaliser learns of the slots of one column.</summary>
internal abstract class SlotStatistics
{
    /// <summary>Sets the number of slots, before anything is added.</summary>
    public abstract void Start(int slots);

    /// <summary>Takes in one value.</summary>
    public abstract void Add(int slot, double value);

    /// <summary>The function that was learnt, over numbers of the column's type.</summary>
    public abstract SlotFunction ToFunction<T>(bool isVector)
        where T : struct, IFloatingPointIeee754<T>;
}
