using MLNetDeep.Graphs;
using MLNetDeep.Graphs.Definitions;
using MLNetDeep.Initializers;
using MLNetDeep.Regularizers;

namespace MLNetDeep.Layers;

/// <summary>What the layers that read sequences step by step share: <see cref="SimpleRnn"/>, <see cref="Lstm"/> and <see cref="Gru"/>.</summary>
/// <remarks>
/// Input: (batch, steps, features), then where <see cref="TakesState"/> the first states, each (batch, units). Output: the last state (batch, units), or with
/// <see cref="ReturnSequences"/> that of each step, (batch, steps, units), and with <see cref="ReturnState"/> the last states beside it, which
/// <see cref="Network.LayerOutput"/> picks. A masked step leaves the state as it is and gives it as its output, as in Keras, so padding on either side does no harm.
/// A network with such a layer is trained with its gradients limited (<c>TrainerOptions.RecurrentClipNorm</c>).
/// </remarks>
public abstract record RecurrentLayer : Layer
{
    /// <summary>Size of the state; at least 1.</summary>
    public required int Units { get; init; }

    /// <summary>What new values of the state go through: a layer without weights. Default null: tanh. Others than those that the layer names take longer.</summary>
    public Layer? Activation { get; init; }

    /// <summary>Whether a bias is added. Default true.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>First values of the kernel of the input. Default Glorot uniform.</summary>
    public Initializer KernelInitializer { get; init; } = new GlorotUniform();

    /// <summary>First values of the kernel of the state. Default orthogonal.</summary>
    public Initializer RecurrentInitializer { get; init; } = new Orthogonal();

    /// <summary>First values of the bias. Default zeros.</summary>
    public Initializer BiasInitializer { get; init; } = Constant.Zeros;

    /// <summary>Penalty on the kernel of the input. Default none.</summary>
    public Regularizer? KernelRegularizer { get; init; }

    /// <summary>Penalty on the kernel of the state. Default none.</summary>
    public Regularizer? RecurrentRegularizer { get; init; }

    /// <summary>Penalty on the bias. Default none.</summary>
    public Regularizer? BiasRegularizer { get; init; }

    /// <summary>The share of features set to 0 while training, the same ones at all steps of a row; at least 0 and less than 1. Default 0.</summary>
    public float Dropout { get; init; }

    /// <summary>
    /// The share of the state set to 0 in its products with the kernel while training, the same elements at all steps of a row (Gal and Ghahramani 2016);
    /// at least 0 and less than 1. Default 0.
    /// </summary>
    public float RecurrentDropout { get; init; }

    /// <summary>Whether the output is the state of each step instead of the last. Default false.</summary>
    public bool ReturnSequences { get; init; }

    /// <summary>Whether the last states are further outputs: the state, and for <see cref="Lstm"/> the cell. Default false.</summary>
    public bool ReturnState { get; init; }

    /// <summary>
    /// Whether the steps are taken from the last to the first. Default false. The outputs of <see cref="ReturnSequences"/> stay at their steps, so that they fit the mask;
    /// Keras turns them round.
    /// </summary>
    public bool GoBackwards { get; init; }

    /// <summary>
    /// Whether a row goes on from the last state of the same row of the batch before, while training and where the caller asks for it
    /// (<see cref="BuildContext.CarryState"/>); scoring otherwise starts every row from zeros. Needs <see cref="BatchSize"/>. Training starts from zeros in each epoch,
    /// does not shuffle, and has whole batches only. Default false.
    /// </summary>
    public bool Stateful { get; init; }

    /// <summary>Rows in every batch of a <see cref="Stateful"/> layer. Default null.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Whether the first states are further inputs: the state, and for <see cref="Lstm"/> the cell. Default false: zeros.</summary>
    public bool TakesState { get; init; }

    /// <summary>
    /// Truncated backpropagation through time: no gradient flows through the state from one part of so many steps to the part before it. Default null: through all steps.
    /// </summary>
    public int? TruncateSteps { get; init; }

    /// <summary>States: 1, or 2 with a cell.</summary>
    internal virtual int StateCount => 1;

    private protected abstract int Gates { get; }

    /// <inheritdoc/>
    internal protected override int InputCount => TakesState ? 1 + StateCount : 1;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<MaskedTensor> Build(LayerContext context, IReadOnlyList<MaskedTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(inputs);
        (Tensor x, Tensor? mask) = inputs[0];
        Check(x, mask);
        context.NoteRecurrent();
        int rows = x.Shape[0], steps = x.Shape[1], features = x.Shape[2];
        Tensor kernel = context.AddWeight("kernel", new Shape(features, Gates * Units), KernelInitializer, regularizer: KernelRegularizer).Tensor;
        Tensor recurrent = context.AddWeight("recurrent_kernel", new Shape(Units, Gates * Units), RecurrentInitializer, regularizer: RecurrentRegularizer).Tensor;
        if (context.Training && Dropout > 0)
            x *= Ops.DropoutMask(Ops.Slice(x, 1, 0, 1), context.Step, Dropout, context.NextSeed());
        Tensor projection = Ops.MatMul(Ops.Reshape(x, new Shape(checked(rows * steps), features)), kernel);
        if (UseBias)
            projection += context.AddWeight("bias", new Shape(Gates * Units), FirstBias(), regularizer: BiasRegularizer).Tensor;
        projection = Ops.Reshape(projection, new Shape(rows, steps, Gates * Units));
        Tensor? dropout = context.Training && RecurrentDropout > 0
            ? Ops.DropoutMask(Unrolled.Zeros(projection, Units), context.Step, RecurrentDropout, context.NextSeed())
            : null;

        Tensor[]? first = TakesState ? [.. inputs.Skip(1).Select(s => s.Value)] : null;
        Variable[] states = [];
        Shape kept = new(BatchSize ?? 1, Units), state = new(rows, Units);
        if (Stateful && context.CarryState)
        {
            states = [.. Enumerable.Range(0, StateCount).Select(i => context.State(i == 0 ? "state" : "cell", kept))];
            first = [.. states.Select(s => Ops.EnsureShape(s.Tensor, state))];
        }

        Tensor[] results = Run(context, projection, recurrent, first, mask, dropout);
        for (int i = 0; i < states.Length; i++)
            context.KeepState(states[i], Ops.EnsureShape(results[1 + i], kept));
        return [new(ReturnSequences ? results[0] : results[1], ReturnSequences ? mask : null), .. ReturnState ? results[1..].Select(s => new MaskedTensor(s)) : []];
    }

    /// <summary>The layer over all steps: the states of each step, then the last states.</summary>
    private protected abstract Tensor[] Run(LayerContext context, Tensor projection, Tensor recurrent, Tensor[]? first, Tensor? mask, Tensor? dropout);

    private protected virtual Initializer FirstBias() => BiasInitializer;

    /// <summary>The layer in simple operations, step by step: for what the operations over whole sequences have not.</summary>
    private protected Tensor[] Unroll(Unrolled.Cell cell, Tensor projection, Tensor[]? first, Tensor? mask, Tensor? dropout)
    {
        first ??= [.. Enumerable.Range(0, StateCount).Select(_ => Unrolled.Zeros(projection, Units))];
        return Unrolled.Run(cell, projection, first, mask, dropout, GoBackwards, TruncateSteps ?? 0)[..(1 + StateCount)];
    }

    private protected static Func<Tensor, Tensor> Function(LayerContext context, Layer? activation, Func<Tensor, Tensor> otherwise) =>
        activation is null ? otherwise : x => activation.Build(context, [new(x)])[0].Value;

    private void Check(Tensor x, Tensor? mask)
    {
        if (Units < 1)
            throw new ArgumentException($"Units is {Units}, expected at least 1.");
        foreach ((string name, float rate) in ((string, float)[])[(nameof(Dropout), Dropout), (nameof(RecurrentDropout), RecurrentDropout)])
        {
            if (rate is not (>= 0 and < 1))
                throw new ArgumentException($"{name} is {rate}, expected at least 0 and less than 1.");
        }

        if (TruncateSteps < 1)
            throw new ArgumentException($"TruncateSteps is {TruncateSteps}, expected at least 1, or null for all steps.");
        if (x.DType != DType.Float32 || x.Shape.Rank != 3 || x.Shape.BatchAxis != 0)
            throw new ArgumentException("expected sequences of numbers, (batch, steps, features).");
        if (mask is not null && !mask.Shape.Equals(new Shape(x.Shape[0], x.Shape[1])))
            throw new ArgumentException($"the mask has shape {mask.Shape}, expected {new Shape(x.Shape[0], x.Shape[1])}.");
        if (Stateful && BatchSize is not >= 1)
            throw new ArgumentException($"a stateful layer needs BatchSize, the rows of every batch; it is {(BatchSize is null ? "not given" : BatchSize)}.");
        if (!Stateful && BatchSize is not null)
            throw new ArgumentException($"BatchSize is {BatchSize}, but only a stateful layer has a fixed batch; set Stateful too, or leave it out.");
        if (Stateful && TakesState)
            throw new ArgumentException("a stateful layer goes on from its own state and cannot take one as an input too.");
        if (Stateful && x.Shape[0] != -1)
            throw new ArgumentException("a stateful layer cannot be applied to the steps of a sequence one by one.");
    }
}
