namespace MLNetDeep.Exporting.TensorFlow.Emitters;

/// <summary>Products of matrices, and softmax with its losses.</summary>
internal static class Products
{
    [Operation("MatMul")]
    public static Value[] MatMul(Emission e) =>
        e.Direct(("transpose_a", e.Attributes.Get<bool>("transpose_a")), ("transpose_b", e.Attributes.Get<bool>("transpose_b")));

    [Operation("BatchMatMulV2")]
    public static Value[] BatchMatMul(Emission e) => e.Direct(("adj_x", e.Attributes.Get<bool>("adj_x")), ("adj_y", e.Attributes.Get<bool>("adj_y")));

    [Operation("Softmax"), Operation("LogSoftmax")]
    public static Value[] Softmax(Emission e) => e.Direct();

    [Operation("SparseSoftmaxCrossEntropyWithLogits")]
    public static Value[] CrossEntropy(Emission e)
    {
        Value loss = e.Op("SparseSoftmaxCrossEntropyWithLogits", Emission.Float, [e.In(0), e.In(1)], ("T", Emission.Float), ("Tlabels", Emission.Int));
        return [loss, loss with { Index = 1 }];
    }
}
