namespace MLNetDeep.Graphs.Definitions;

/// <summary>
/// Recurrent layers step by step in simple operations: what the whole-sequence operations stand for, and what layers use whose activations those have not.
/// </summary>
internal static class Unrolled
{
    /// <summary>One step.</summary>
    /// <param name="projection">The step's input projection, (batch, gates · units).</param>
    /// <param name="states">State and, for LSTM, cell before the step, each (batch, units).</param>
    /// <param name="dropped">The state as the recurrent products take it, after dropout.</param>
    /// <returns>The states after the step, and what the operation saves of it for its gradient.</returns>
    public delegate (Tensor[] States, Tensor[] Saved) Cell(Tensor projection, Tensor[] states, Tensor dropped);

    /// <summary>All steps.</summary>
    /// <returns>The state of each step, the last states, and what was saved of each step.</returns>
    public static Tensor[] Run(Cell cell, Tensor projection, Tensor[] states, Tensor? mask, Tensor? dropout, bool goBackwards, int truncate)
    {
        int steps = projection.Shape[1];
        Tensor[] outputs = new Tensor[steps];
        Tensor[][] saved = new Tensor[steps][];
        for (int i = 0; i < steps; i++)
        {
            int step = goBackwards ? steps - 1 - i : i;
            if (truncate > 0 && i > 0 && i % truncate == 0)
                states = [.. states.Select(Ops.StopGradient)];
            Tensor dropped = dropout is null ? states[0] : states[0] * dropout;
            (Tensor[] next, saved[step]) = cell(At(projection, step), states, dropped);
            if (mask is null)
            {
                states = next;
            }
            else
            {
                Tensor real = Ops.Slice(mask, 1, step, 1), one = Ops.Cast(real);
                saved[step] = [.. saved[step].Select(s => s * one)];
                states = [.. next.Zip(states, (after, before) => Ops.Select(real, after, before))];
            }

            outputs[step] = states[0];

            // The cells are kept as they are carried on.
            if (states.Length > 1 && saved[step].Length > 0)
                saved[step] = [.. saved[step], states[1]];
        }

        return [Join(outputs), .. states, .. Enumerable.Range(0, saved[0].Length).Select(i => Join([.. saved.Select(s => s[i])]))];
    }

    public static Cell Lstm(Tensor kernel, Func<Tensor, Tensor> activation, Func<Tensor, Tensor> recurrentActivation) => (projection, states, dropped) =>
    {
        Tensor z = projection + Ops.MatMul(dropped, kernel);
        int units = kernel.Shape[0];
        Tensor i = recurrentActivation(Part(z, 0, units)), f = recurrentActivation(Part(z, 1, units));
        Tensor g = activation(Part(z, 2, units)), o = recurrentActivation(Part(z, 3, units));
        Tensor c = f * states[1] + i * g;
        return ([o * activation(c), c], [Ops.Concatenate([i, f, g, o], 1)]);
    };

    public static Cell GruResetAfter(Tensor kernel, Tensor? bias, Func<Tensor, Tensor> activation, Func<Tensor, Tensor> recurrentActivation) => (projection, states, dropped) =>
    {
        int units = kernel.Shape[0];
        Tensor b = Ops.MatMul(dropped, kernel);
        if (bias is not null)
            b += bias;
        Tensor z = recurrentActivation(Part(projection, 0, units) + Part(b, 0, units)), r = recurrentActivation(Part(projection, 1, units) + Part(b, 1, units));
        Tensor bn = Part(b, 2, units), n = activation(Part(projection, 2, units) + r * bn);
        return ([n + z * (states[0] - n)], [Ops.Concatenate([z, r, n, bn], 1)]);
    };

    public static Cell GruResetBefore(Tensor kernel, Func<Tensor, Tensor> activation, Func<Tensor, Tensor> recurrentActivation)
    {
        int units = kernel.Shape[0];
        Tensor gates = Ops.Slice(kernel, 1, 0, 2 * units), candidate = Part(kernel, 2, units);
        return (projection, states, dropped) =>
        {
            Tensor b = Ops.MatMul(dropped, gates);
            Tensor z = recurrentActivation(Part(projection, 0, units) + Part(b, 0, units)), r = recurrentActivation(Part(projection, 1, units) + Part(b, 1, units));
            Tensor n = activation(Part(projection, 2, units) + Ops.MatMul(r * dropped, candidate));
            return ([n + z * (states[0] - n)], []);
        };
    }

    public static Cell Simple(Tensor kernel, Func<Tensor, Tensor> activation) => (projection, states, dropped) =>
        ([activation(projection + Ops.MatMul(dropped, kernel))], []);

    /// <summary>A state of zeros for as many rows as <paramref name="projection"/> has.</summary>
    public static Tensor Zeros(Tensor projection, int units) =>
        Ops.BroadcastLike(Ops.Like(projection, 0), Ops.Slice(At(projection, 0), 1, 0, units));

    private static Tensor At(Tensor x, int step) => Ops.Reshape(Ops.Slice(x, 1, step, 1), new Shape(x.Shape[0], x.Shape[2]));

    private static Tensor Part(Tensor x, int index, int units) => Ops.Slice(x, 1, index * units, units);

    private static Tensor Join(Tensor[] steps)
    {
        Tensor[] rows = [.. steps.Select(s => Ops.Reshape(s, new Shape(s.Shape[0], 1, s.Shape[1])))];
        return rows.Length == 1 ? rows[0] : Ops.Concatenate(rows, 1);
    }
}
