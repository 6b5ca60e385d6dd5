namespace MLNetDeep.Cpu.Kernels;

/// <summary>A matrix product C = op(A)·op(B), or several of the same size.</summary>
/// <param name="M">Rows of C and of op(A).</param>
/// <param name="N">Columns of C and of op(B).</param>
/// <param name="K">Columns of op(A), rows of op(B).</param>
/// <param name="TransposeA">Whether A is stored as K rows of M.</param>
/// <param name="TransposeB">Whether B is stored as N rows of K.</param>
/// <param name="Batch">Number of products.</param>
/// <param name="StrideA">Floats from one product's A to the next; 0 if all use the same.</param>
/// <param name="StrideB">Floats from one product's B to the next; 0 if all use the same.</param>
/// <param name="StrideC">Floats from one product's C to the next.</param>
/// <param name="Accumulate">Whether the product is added to what C holds.</param>
/// <param name="Activation">Applied to the result, after C's old value and the bias were added.</param>
/// <param name="IsRowwise">Whether the bits of a row must not depend on the number of rows.</param>
internal readonly record struct GemmShape(
    int M,
    int N,
    int K,
    bool TransposeA,
    bool TransposeB,
    int Batch = 1,
    long StrideA = 0,
    long StrideB = 0,
    long StrideC = 0,
    bool Accumulate = false,
    GemmActivation Activation = GemmActivation.None,
    bool IsRowwise = false);
