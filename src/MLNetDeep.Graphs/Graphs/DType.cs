namespace MLNetDeep.Graphs;

/// <summary>Element types of the tensors in a <see cref="Graph"/>, with TensorFlow's names.</summary>
public enum DType
{
    /// <summary>32-bit IEEE floating point.</summary>
    Float32,

    /// <summary>32-bit signed integer: class labels, token ids, step counters.</summary>
    Int32,

    /// <summary>Truth values: results of comparisons, masks.</summary>
    Bool,
}
