namespace MLNetDeep.Graphs;

/// <summary>
/// Functions that add operations to the graph of their inputs, the words layers, losses and optimizers are written in
/// (as <c>keras.ops</c> is for Keras). Elementwise ones broadcast as NumPy does.
/// </summary>
public static class Ops
{
    /// <summary>A constant with these values.</summary>
    public static Tensor Constant(Graph graph, ReadOnlySpan<float> values, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(shape);
        return graph.Add("Const", [], new(("value", values.ToArray()), ("shape", shape))).Outputs[0];
    }

    /// <summary>A constant number.</summary>
    public static Tensor Constant(Graph graph, float value) => Constant(graph, [value], Shape.Scalar);

    /// <summary>A constant with these integers.</summary>
    public static Tensor Constant(Graph graph, ReadOnlySpan<int> values, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(shape);
        return graph.Add("Const", [], new(("value", values.ToArray()), ("shape", shape))).Outputs[0];
    }

    /// <summary>The number <paramref name="value"/> in the graph of <paramref name="tensor"/>.</summary>
    public static Tensor Like(Tensor tensor, float value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Constant(tensor.Graph, value);
    }

    /// <summary>Adds a node that, at the end of a run, gives <paramref name="variable"/> the value <paramref name="value"/>. It runs where it is among the targets.</summary>
    public static Node Assign(Variable variable, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable.Tensor.Graph.Add("Assign", [variable.Tensor, value]);
    }

    /// <summary>The input itself.</summary>
    public static Tensor Identity(Tensor x, string? name = null) => Node("Identity", [x], name: name)[0];

    /// <summary>The input, as a constant to the gradient.</summary>
    public static Tensor StopGradient(Tensor x) => Node("StopGradient", [x])[0];

    /// <summary>Sum of two.</summary>
    public static Tensor Add(Tensor a, Tensor b) => Elementwise("AddV2", [a, b]);

    /// <summary>Difference of two.</summary>
    public static Tensor Subtract(Tensor a, Tensor b) => Elementwise("Sub", [a, b]);

    /// <summary>Product of two.</summary>
    public static Tensor Multiply(Tensor a, Tensor b) => Elementwise("Mul", [a, b]);

    /// <summary>Quotient of two.</summary>
    public static Tensor Divide(Tensor a, Tensor b) => Elementwise("RealDiv", [a, b]);

    /// <summary>The larger of two.</summary>
    public static Tensor Maximum(Tensor a, Tensor b) => Elementwise("Maximum", [a, b]);

    /// <summary>The smaller of two.</summary>
    public static Tensor Minimum(Tensor a, Tensor b) => Elementwise("Minimum", [a, b]);

    /// <summary>The input limited to a range.</summary>
    public static Tensor Clip(Tensor x, float min, float max) => Minimum(Maximum(x, Like(x, min)), Like(x, max));

    /// <summary>-x.</summary>
    public static Tensor Negative(Tensor x) => Elementwise("Neg", [x]);

    /// <summary>|x|.</summary>
    public static Tensor Abs(Tensor x) => Elementwise("Abs", [x]);

    /// <summary>-1, 0 or 1.</summary>
    public static Tensor Sign(Tensor x) => Elementwise("Sign", [x]);

    /// <summary>x².</summary>
    public static Tensor Square(Tensor x) => Elementwise("Square", [x]);

    /// <summary>√x.</summary>
    public static Tensor Sqrt(Tensor x) => Elementwise("Sqrt", [x]);

    /// <summary>1 / √x.</summary>
    public static Tensor Rsqrt(Tensor x) => Elementwise("Rsqrt", [x]);

    /// <summary>1 / x.</summary>
    public static Tensor Reciprocal(Tensor x) => Elementwise("Reciprocal", [x]);

    /// <summary>eˣ.</summary>
    public static Tensor Exp(Tensor x) => Elementwise("Exp", [x]);

    /// <summary>eˣ - 1, exact near 0.</summary>
    public static Tensor Expm1(Tensor x) => Elementwise("Expm1", [x]);

    /// <summary>Natural logarithm.</summary>
    public static Tensor Log(Tensor x) => Elementwise("Log", [x]);

    /// <summary>ln(1 + x), exact near 0.</summary>
    public static Tensor Log1p(Tensor x) => Elementwise("Log1p", [x]);

    /// <summary>The error function.</summary>
    public static Tensor Erf(Tensor x) => Elementwise("Erf", [x]);

    /// <summary>x where positive, else 0.</summary>
    public static Tensor Relu(Tensor x) => Elementwise("Relu", [x]);

    /// <summary>x where positive, else <paramref name="alpha"/>·x.</summary>
    public static Tensor LeakyRelu(Tensor x, float alpha) => Elementwise("LeakyRelu", [x], new(("alpha", alpha)));

    /// <summary>x where positive, else <paramref name="alpha"/>·(eˣ - 1).</summary>
    public static Tensor Elu(Tensor x, float alpha = 1) => Elementwise("Elu", [x], new(("alpha", alpha)));

    /// <summary>Scaled exponential linear unit (Klambauer et al. 2017).</summary>
    public static Tensor Selu(Tensor x) => Elementwise("Selu", [x]);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Tensor Sigmoid(Tensor x) => Elementwise("Sigmoid", [x]);

    /// <summary>Hyperbolic tangent.</summary>
    public static Tensor Tanh(Tensor x) => Elementwise("Tanh", [x]);

    /// <summary>ln(1 + eˣ).</summary>
    public static Tensor Softplus(Tensor x) => Elementwise("Softplus", [x]);

    /// <summary>a &gt; b.</summary>
    public static Tensor Greater(Tensor a, Tensor b) => Elementwise("Greater", [a, b]);

    /// <summary>a ≥ b.</summary>
    public static Tensor GreaterEqual(Tensor a, Tensor b) => Elementwise("GreaterEqual", [a, b]);

    /// <summary>a &lt; b.</summary>
    public static Tensor Less(Tensor a, Tensor b) => Elementwise("Less", [a, b]);

    /// <summary>a ≤ b.</summary>
    public static Tensor LessEqual(Tensor a, Tensor b) => Elementwise("LessEqual", [a, b]);

    /// <summary>a = b.</summary>
    public static Tensor Equal(Tensor a, Tensor b) => Elementwise("Equal", [a, b]);

    /// <summary>a ≠ b.</summary>
    public static Tensor NotEqual(Tensor a, Tensor b) => Elementwise("NotEqual", [a, b]);

    /// <summary>Both.</summary>
    public static Tensor LogicalAnd(Tensor a, Tensor b) => Elementwise("LogicalAnd", [a, b]);

    /// <summary>Either.</summary>
    public static Tensor LogicalOr(Tensor a, Tensor b) => Elementwise("LogicalOr", [a, b]);

    /// <summary>Not.</summary>
    public static Tensor LogicalNot(Tensor a) => Elementwise("LogicalNot", [a]);

    /// <summary><paramref name="a"/> where the Bool <paramref name="condition"/> holds, else <paramref name="b"/>.</summary>
    public static Tensor Select(Tensor condition, Tensor a, Tensor b) => Elementwise("SelectV2", [condition, a, b]);

    /// <summary>The input as Float32: truth as 1 and 0.</summary>
    public static Tensor Cast(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.DType == DType.Float32 ? x : Elementwise("Cast", [x]);
    }

    /// <summary>Sum over <paramref name="axes"/> (all by default).</summary>
    public static Tensor Sum(Tensor x, int[]? axes = null, bool keepDims = false) => Reduce("Sum", x, axes, keepDims);

    /// <summary>Mean over <paramref name="axes"/> (all by default).</summary>
    public static Tensor Mean(Tensor x, int[]? axes = null, bool keepDims = false) => Reduce("Mean", x, axes, keepDims);

    /// <summary>Maximum over <paramref name="axes"/> (all by default).</summary>
    public static Tensor Max(Tensor x, int[]? axes = null, bool keepDims = false) => Reduce("Max", x, axes, keepDims);

    /// <summary>Position of the largest element along <paramref name="axis"/>, the first of equals; Int32.</summary>
    public static Tensor ArgMax(Tensor x, int axis) => Node("ArgMax", [x], new(("axis", axis)))[0];

    /// <summary>The number of elements of <paramref name="x"/> along <paramref name="axes"/>, which the batch size may enter, as a Float32 number.</summary>
    public static Tensor ElementCount(Tensor x, int[] axes) => Node("ElementCount", [x], new(("axes", axes)))[0];

    /// <summary>The same elements in another shape.</summary>
    public static Tensor Reshape(Tensor x, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Shape.Equals(shape) ? x : Node("Reshape", [x], new(("shape", shape)))[0];
    }

    /// <summary>
    /// The same elements in a shape that differs in its first axis alone, batched in one of the two and of a fixed length in the other; a run with another batch fails.
    /// </summary>
    public static Tensor EnsureShape(Tensor x, Shape shape) => Node("EnsureShape", [x], new(("shape", shape)))[0];

    /// <summary>Axes in another order: axis i of the result is axis <c>perm[i]</c> of the input.</summary>
    public static Tensor Transpose(Tensor x, params int[] perm) => Node("Transpose", [x], new(("perm", perm)))[0];

    /// <summary>Tensors joined along <paramref name="axis"/>.</summary>
    public static Tensor Concatenate(IReadOnlyList<Tensor> tensors, int axis) => Node("ConcatV2", tensors, new(("axis", axis)))[0];

    /// <summary>The <paramref name="size"/> elements from <paramref name="begin"/> along <paramref name="axis"/>; along the batched axis both count in (negative) multiples of the batch.</summary>
    public static Tensor Slice(Tensor x, int axis, int begin, int size) => Node("Slice", [x], new(("axis", axis), ("begin", begin), ("size", size)))[0];

    /// <summary>The input with zeros before and after along <paramref name="axis"/>.</summary>
    public static Tensor Pad(Tensor x, int axis, int before, int after) =>
        before == 0 && after == 0 ? x : Node("Pad", [x], new(("axis", axis), ("before", before), ("after", after)))[0];

    /// <summary><paramref name="x"/> stretched to the shape of <paramref name="like"/>.</summary>
    public static Tensor BroadcastLike(Tensor x, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(like);
        return x.Shape.Equals(like.Shape) ? x : Node("BroadcastLike", [x, like])[0];
    }

    /// <summary><paramref name="x"/> summed over the axes along which <paramref name="like"/> would be stretched to its shape: the reverse of broadcasting.</summary>
    public static Tensor ReduceLike(Tensor x, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(like);
        if (x.Shape.Equals(like.Shape))
            return x;

        // A gradient that did not come to depend on the larger input has that input's shape still to take.
        int extra = x.Shape.Rank - like.Shape.Rank;
        if (extra < 0 || Shape.Broadcast(x.Shape, like.Shape) is not { } full || !full.Equals(x.Shape))
            throw new ArgumentException($"A tensor of shape {x.Shape} cannot be reduced to {like.Shape}.", nameof(x));
        int[] axes = [.. Enumerable.Range(0, x.Shape.Rank).Where(i => i < extra || like.Shape[i - extra] == 1 && x.Shape[i] != 1)];
        return Reshape(Sum(x, axes), like.Shape);
    }

    /// <summary>Rows of <paramref name="table"/> picked by the Int32 <paramref name="ids"/>.</summary>
    public static Tensor Gather(Tensor table, Tensor ids) => Node("GatherV2", [table, ids])[0];

    /// <summary>Each row of <paramref name="data"/> added to the row of the result that its id names; the gradient of <see cref="Gather"/>.</summary>
    public static Tensor UnsortedSegmentSum(Tensor data, Tensor ids, int segments) =>
        Node("UnsortedSegmentSum", [data, ids], new(("num_segments", segments)))[0];

    /// <summary>Int32 ids as vectors of length <paramref name="depth"/> with <paramref name="on"/> at the id and <paramref name="off"/> elsewhere.</summary>
    public static Tensor OneHot(Tensor ids, int depth, float on = 1, float off = 0) =>
        Node("OneHot", [ids], new(("depth", depth), ("on_value", on), ("off_value", off)))[0];

    /// <summary>Product of two matrices, either transposed first.</summary>
    public static Tensor MatMul(Tensor a, Tensor b, bool transposeA = false, bool transposeB = false) =>
        Node("MatMul", [a, b], new(("transpose_a", transposeA), ("transpose_b", transposeB)))[0];

    /// <summary>
    /// Products of the matrices in the last two axes, either transposed first, for each index of the axes before them;
    /// where one input has fewer of these, the missing first ones stretch.
    /// </summary>
    public static Tensor BatchMatMul(Tensor x, Tensor y, bool adjX = false, bool adjY = false) =>
        Node("BatchMatMulV2", [x, y], new(("adj_x", adjX), ("adj_y", adjY)))[0];

    /// <summary>
    /// Convolution (correlation, as everywhere in deep learning) of images (batch, height, width, channels) by filters
    /// (height, width, channels / groups, filters).
    /// </summary>
    /// <param name="x">Images.</param>
    /// <param name="filters">Filters.</param>
    /// <param name="strides">Steps [height, width]; default 1.</param>
    /// <param name="pads">Zeros put around the images: [top, bottom, left, right]; default none.</param>
    /// <param name="dilations">Distance between neighbouring cells of the window [height, width]; default 1.</param>
    /// <param name="groups">Parts of channels and filters, each convolved on its own.</param>
    public static Tensor Conv2D(Tensor x, Tensor filters, int[]? strides = null, int[]? pads = null, int[]? dilations = null, int groups = 1) =>
        Node("Conv2D", [x, filters], Window(strides, pads, dilations, groups))[0];

    /// <summary>The transposed convolution: the gradient of <see cref="Conv2D"/> by its images, from filters and the output's gradient.</summary>
    /// <param name="filters">Filters.</param>
    /// <param name="dy">The gradient that flows into the output.</param>
    /// <param name="height">The images' height.</param>
    /// <param name="width">The images' width.</param>
    /// <param name="strides">As for <see cref="Conv2D"/>.</param>
    /// <param name="pads">As for <see cref="Conv2D"/>.</param>
    /// <param name="dilations">As for <see cref="Conv2D"/>.</param>
    /// <param name="groups">As for <see cref="Conv2D"/>.</param>
    public static Tensor Conv2DBackpropInput(
        Tensor filters, Tensor dy, int height, int width, int[]? strides = null, int[]? pads = null, int[]? dilations = null, int groups = 1) =>
        Node("Conv2DBackpropInput", [filters, dy], Window(strides, pads, dilations, groups, ("input_sizes", (int[])[height, width])))[0];

    /// <summary>The gradient of <see cref="Conv2D"/> by its filters, from images and the output's gradient.</summary>
    /// <param name="x">Images.</param>
    /// <param name="dy">The gradient that flows into the output.</param>
    /// <param name="height">The filters' height.</param>
    /// <param name="width">The filters' width.</param>
    /// <param name="strides">As for <see cref="Conv2D"/>.</param>
    /// <param name="pads">As for <see cref="Conv2D"/>.</param>
    /// <param name="dilations">As for <see cref="Conv2D"/>.</param>
    /// <param name="groups">As for <see cref="Conv2D"/>.</param>
    public static Tensor Conv2DBackpropFilter(
        Tensor x, Tensor dy, int height, int width, int[]? strides = null, int[]? pads = null, int[]? dilations = null, int groups = 1) =>
        Node("Conv2DBackpropFilter", [x, dy], Window(strides, pads, dilations, groups, ("filter_sizes", (int[])[height, width])))[0];

    /// <summary>The largest element of each window over images (batch, height, width, channels); cells of the padding do not count.</summary>
    /// <param name="x">Images.</param>
    /// <param name="ksize">The window [height, width].</param>
    /// <param name="strides">Steps [height, width].</param>
    /// <param name="pads">Cells put around the images: [top, bottom, left, right]; default none.</param>
    public static Tensor MaxPool(Tensor x, int[] ksize, int[] strides, int[]? pads = null) => Node("MaxPool", [x], Pool(ksize, strides, pads))[0];

    /// <summary>The mean of each window over images (batch, height, width, channels); cells of the padding do not count.</summary>
    /// <param name="x">Images.</param>
    /// <param name="ksize">The window [height, width].</param>
    /// <param name="strides">Steps [height, width].</param>
    /// <param name="pads">Cells put around the images: [top, bottom, left, right]; default none.</param>
    public static Tensor AvgPool(Tensor x, int[] ksize, int[] strides, int[]? pads = null) => Node("AvgPool", [x], Pool(ksize, strides, pads))[0];

    /// <summary>The gradient of <see cref="AvgPool"/>: every element of <paramref name="dy"/> shared out equally over its window.</summary>
    /// <param name="dy">The gradient that flows into the output.</param>
    /// <param name="height">The images' height.</param>
    /// <param name="width">The images' width.</param>
    /// <param name="ksize">As for <see cref="AvgPool"/>.</param>
    /// <param name="strides">As for <see cref="AvgPool"/>.</param>
    /// <param name="pads">As for <see cref="AvgPool"/>.</param>
    public static Tensor AvgPoolGrad(Tensor dy, int height, int width, int[] ksize, int[] strides, int[]? pads = null) =>
        Node("AvgPoolGrad", [dy], Pool(ksize, strides, pads, ("input_sizes", (int[])[height, width])))[0];

    /// <summary>Exponentials over their sum, along the last axis.</summary>
    public static Tensor Softmax(Tensor x) => Node("Softmax", [x])[0];

    /// <summary>The gradient of <see cref="Softmax"/> from its output.</summary>
    public static Tensor SoftmaxGrad(Tensor y, Tensor dy) => Node("SoftmaxGrad", [y, dy])[0];

    /// <summary>Logarithm of <see cref="Softmax"/>.</summary>
    public static Tensor LogSoftmax(Tensor x) => Node("LogSoftmax", [x])[0];

    /// <summary>Cross-entropy of each row of <paramref name="logits"/> [rows, classes] against the Int32 <paramref name="labels"/> [rows]: [rows].</summary>
    public static Tensor SparseSoftmaxCrossEntropy(Tensor logits, Tensor labels) => Node("SparseSoftmaxCrossEntropyWithLogits", [logits, labels])[0];

    /// <summary>
    /// Attention (Vaswani et al. 2017): for each head <c>softmax(scale · query · keyᵀ) · value</c>. A step that may look at no source gets zeros.
    /// </summary>
    /// <param name="query">(batch, steps, heads, size).</param>
    /// <param name="key">(batch, sources, heads, size).</param>
    /// <param name="value">(batch, sources, heads, value size).</param>
    /// <param name="scale">What the products of queries and keys are multiplied by.</param>
    /// <param name="causal">Whether step i sees the sources up to i only.</param>
    /// <param name="queryMask">Bool (batch, steps): steps that look at anything; null for all.</param>
    /// <param name="keyMask">Bool (batch, sources): sources that may be looked at; null for all.</param>
    /// <param name="dropout">The share of weights set to 0; 0 for none.</param>
    /// <param name="step">The number of the training step, for dropout; else null.</param>
    /// <param name="seed">Seed of the dropout.</param>
    /// <returns>(batch, steps, heads, value size).</returns>
    public static Tensor ScaledDotProductAttention(
        Tensor query, Tensor key, Tensor value, float scale, bool causal = false, Tensor? queryMask = null, Tensor? keyMask = null, float dropout = 0, Tensor? step = null, int seed = 0)
    {
        List<Tensor> inputs = [query, key, value];
        if (queryMask is not null)
            inputs.Add(queryMask);
        if (keyMask is not null)
            inputs.Add(keyMask);
        if (dropout > 0)
            inputs.Add(step ?? throw new ArgumentNullException(nameof(step)));
        Attributes attributes = new(
            ("scale", scale), ("causal", causal), ("query_mask", queryMask is not null), ("key_mask", keyMask is not null), ("rate", dropout), ("seed", dropout > 0 ? seed : 0));
        return Node("ScaledDotProductAttention", inputs, attributes)[0];
    }

    /// <summary>
    /// A long short-term memory over whole sequences (Hochreiter and Schmidhuber 1997; with forget gates, Gers et al. 2000), after the input projection.
    /// Gates stand in the order i, f, c, o.
    /// </summary>
    /// <param name="projection">x · kernel + bias of all steps, (batch, steps, 4 · units).</param>
    /// <param name="kernel">The recurrent kernel, (units, 4 · units).</param>
    /// <param name="state">The first state, (batch, units); null for zeros. Given with <paramref name="cell"/> or not at all.</param>
    /// <param name="cell">The first cell, (batch, units).</param>
    /// <param name="mask">Bool (batch, steps): at a masked step state and cell stay as they are; null for none.</param>
    /// <param name="dropout">Factors of the state in recurrent products, (batch, units); null for none.</param>
    /// <param name="goBackwards">Whether the steps are taken from the last to the first.</param>
    /// <param name="truncate">After so many steps each time, no gradient flows back through the state; 0 for never.</param>
    /// <returns>The state after each step, (batch, steps, units), and the last state and cell, (batch, units).</returns>
    public static (Tensor Sequence, Tensor State, Tensor Cell) Lstm(
        Tensor projection, Tensor kernel, Tensor? state = null, Tensor? cell = null, Tensor? mask = null, Tensor? dropout = null, bool goBackwards = false, int truncate = 0)
    {
        IReadOnlyList<Tensor> outputs = Node("LSTM", Given(projection, kernel, null, state, cell, mask, dropout), Recurrent(state, mask, dropout, goBackwards, truncate));
        return (outputs[0], outputs[1], outputs[2]);
    }

    /// <summary>
    /// Gated recurrent units over whole sequences (Cho et al. 2014), after the input projection, the reset gate applied after the recurrent product.
    /// Gates stand in the order z, r, h.
    /// </summary>
    /// <param name="projection">x · kernel + bias of all steps, (batch, steps, 3 · units).</param>
    /// <param name="kernel">The recurrent kernel, (units, 3 · units).</param>
    /// <param name="bias">Added to the recurrent products, (3 · units); null for none.</param>
    /// <param name="state">The first state, (batch, units); null for zeros.</param>
    /// <param name="mask">As for <see cref="Lstm"/>.</param>
    /// <param name="dropout">As for <see cref="Lstm"/>.</param>
    /// <param name="goBackwards">As for <see cref="Lstm"/>.</param>
    /// <param name="truncate">As for <see cref="Lstm"/>.</param>
    /// <returns>The state after each step, (batch, steps, units), and the last one, (batch, units).</returns>
    public static (Tensor Sequence, Tensor State) Gru(
        Tensor projection, Tensor kernel, Tensor? bias = null, Tensor? state = null, Tensor? mask = null, Tensor? dropout = null, bool goBackwards = false, int truncate = 0)
    {
        Attributes attributes = Recurrent(state, mask, dropout, goBackwards, truncate, ("has_bias", bias is not null));
        IReadOnlyList<Tensor> outputs = Node("GRU", Given(projection, kernel, bias, state, null, mask, dropout), attributes);
        return (outputs[0], outputs[1]);
    }

    /// <summary>A simple recurrent layer over whole sequences (Elman 1990), after the input projection.</summary>
    /// <param name="projection">x · kernel + bias of all steps, (batch, steps, units).</param>
    /// <param name="kernel">The recurrent kernel, (units, units).</param>
    /// <param name="activation"><c>Tanh</c> or <c>Relu</c>.</param>
    /// <param name="state">The first state, (batch, units); null for zeros.</param>
    /// <param name="mask">As for <see cref="Lstm"/>.</param>
    /// <param name="dropout">As for <see cref="Lstm"/>.</param>
    /// <param name="goBackwards">As for <see cref="Lstm"/>.</param>
    /// <param name="truncate">As for <see cref="Lstm"/>.</param>
    /// <returns>The state after each step, (batch, steps, units), and the last one, (batch, units).</returns>
    public static (Tensor Sequence, Tensor State) SimpleRnn(
        Tensor projection, Tensor kernel, string activation = "Tanh", Tensor? state = null, Tensor? mask = null, Tensor? dropout = null, bool goBackwards = false, int truncate = 0)
    {
        Attributes attributes = Recurrent(state, mask, dropout, goBackwards, truncate, ("activation", activation));
        IReadOnlyList<Tensor> outputs = Node("SimpleRNN", Given(projection, kernel, null, state, null, mask, dropout), attributes);
        return (outputs[0], outputs[1]);
    }

    /// <summary>Batch normalisation over all axes but the last, with the batch's own statistics.</summary>
    /// <returns>The normalised input, and mean and biased variance by channel.</returns>
    public static (Tensor Y, Tensor Mean, Tensor Variance) BatchNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon)
    {
        IReadOnlyList<Tensor> outputs = Node("BatchNorm", [x, gamma, beta], new(("epsilon", epsilon)));
        return (outputs[0], outputs[1], outputs[2]);
    }

    /// <summary>Layer normalisation over the last axis.</summary>
    public static Tensor LayerNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon) => Node("LayerNorm", [x, gamma, beta], new(("epsilon", epsilon)))[0];

    /// <summary>Uniform random numbers in [0, 1) in the shape of <paramref name="like"/>, a function of seed and <paramref name="step"/> alone.</summary>
    public static Tensor RandomUniform(Tensor like, Tensor step, int seed) => Node("StatelessRandomUniform", [like, step], new(("seed", seed)))[0];

    /// <summary>Standard normal random numbers in the shape of <paramref name="like"/>, a function of seed and <paramref name="step"/> alone.</summary>
    public static Tensor RandomNormal(Tensor like, Tensor step, int seed) => Node("StatelessRandomNormal", [like, step], new(("seed", seed)))[0];

    /// <summary>0 with probability <paramref name="rate"/>, else 1 / (1 - rate), in the shape of <paramref name="like"/>.</summary>
    public static Tensor DropoutMask(Tensor like, Tensor step, float rate, int seed) =>
        Node("DropoutMask", [like, step], new(("rate", rate), ("seed", seed)))[0];

    internal static Tensor Elementwise(string op, IReadOnlyList<Tensor> inputs, Attributes? attributes = null) => Node(op, inputs, attributes)[0];

    internal static Tensor[] Many(string op, IReadOnlyList<Tensor> inputs, Attributes attributes) => [.. Node(op, inputs, attributes)];

    private static Tensor Reduce(string op, Tensor x, int[]? axes, bool keepDims)
    {
        ArgumentNullException.ThrowIfNull(x);
        axes ??= [.. Enumerable.Range(0, x.Shape.Rank)];
        return axes.Length == 0 ? x : Node(op, [x], new(("axes", axes), ("keep_dims", keepDims)))[0];
    }

    private static Attributes Window(int[]? strides, int[]? pads, int[]? dilations, int groups, params ReadOnlySpan<(string, AttributeValue)> sizes) =>
        new([("strides", strides ?? [1, 1]), ("pads", pads ?? new int[4]), ("dilations", dilations ?? [1, 1]), ("groups", groups), .. sizes]);

    private static Tensor[] Given(params ReadOnlySpan<Tensor?> inputs) => [.. inputs.ToArray().OfType<Tensor>()];

    private static Attributes Recurrent(Tensor? state, Tensor? mask, Tensor? dropout, bool goBackwards, int truncate, params ReadOnlySpan<(string, AttributeValue)> more) => new(
        [("has_state", state is not null), ("has_mask", mask is not null), ("has_dropout", dropout is not null), ("go_backwards", goBackwards), ("truncate", truncate), .. more]);

    private static Attributes Pool(int[] ksize, int[] strides, int[]? pads, params ReadOnlySpan<(string, AttributeValue)> sizes) =>
        new([("ksize", ksize), ("strides", strides), ("pads", pads ?? new int[4]), .. sizes]);

    private static IReadOnlyList<Tensor> Node(string op, IReadOnlyList<Tensor> inputs, Attributes? attributes = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(inputs[0]);
        return inputs[0].Graph.Add(op, inputs, attributes, name).Outputs;
    }
}
