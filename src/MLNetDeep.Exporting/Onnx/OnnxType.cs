namespace MLNetDeep.Exporting.Onnx;

/// <summary>Element types, with the numbers that ONNX gives them.</summary>
internal enum OnnxType
{
    Float = 1,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    UInt32 = 12,
}
