using System.Diagnostics.CodeAnalysis;
using MLNetDeep.Cpu.Execution;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Planning;

/// <summary>
/// Finds groups, one after the other, that do each row on its own: products with weights that are ready, normalisations of rows, elementwise loops.
/// They become one step (<see cref="RowFusedStep"/>); and such steps, with others that do each element of a batch on its own, become one again.
/// </summary>
internal static class RowFusion
{
    /// <summary>What becomes one step.</summary>
    /// <param name="Groups">In the order in which they run.</param>
    /// <param name="Rows">Rows for a batch of one, where there are several groups.</param>
    /// <param name="Runs">What the groups become first, if anything.</param>
    public sealed record Run(IReadOnlyList<Group> Groups, int Rows = 0, IReadOnlyList<Run>? Runs = null)
    {
        /// <param name="isNeeded">Whether a value is read by anything.</param>
        /// <param name="isNeededOutside">Whether a value is read by anything but some groups.</param>
        public Step CreateStep(Func<Value, bool> isNeeded, Func<Value, IReadOnlyList<Group>, bool> isNeededOutside)
        {
            if (Groups.Count == 1)
                return Groups[0].CreateStep(isNeeded);
            Step[] steps = Runs is null ? [.. Groups.Select(g => Cut(g, Rows)!.CreateStep(isNeeded))] : [.. Runs.Select(r => r.CreateStep(isNeeded, isNeededOutside))];
            return new RowFusedStep(steps, Rows, vectors: Runs is null, v => isNeededOutside(v, Groups));
        }
    }

    /// <summary>The runs that groups make, in order.</summary>
    public static List<Run> Runs(IReadOnlyList<Group> groups)
    {
        List<Run> runs = [], open = [];
        foreach (Run run in RunsOfRows(groups))
        {
            if (run.Groups.Count > 1 || IsBatchwise(run.Groups[0]))
            {
                open.Add(run);
                continue;
            }

            Close();
            runs.Add(run);
        }

        Close();
        return runs;

        // Loops alone have fused as far as they can.
        void Close()
        {
            if (open.Count > 1 && open.Any(r => r.Groups.Count > 1 || !r.Groups[0].IsElementwise))
                runs.Add(new([.. open.SelectMany(r => r.Groups)], 1, [.. open]));
            else
                runs.AddRange(open);
            open.Clear();
        }
    }

    private static List<Run> RunsOfRows(IReadOnlyList<Group> groups)
    {
        List<Run> runs = [];
        List<Group> open = [];
        int rows = 0;
        foreach (Group group in groups)
        {
            int own = RowsOf(group);
            if (own < 0 || rows != 0 && (own > 0 && own != rows || !CanCut(group, rows)))
                Close();
            if (own < 0)
            {
                runs.Add(new([group]));
                continue;
            }

            // Only now is it known what the loops before this are cut to.
            if (rows == 0 && own > 0)
            {
                int fit = open.Count;
                while (fit > 0 && CanCut(open[fit - 1], own))
                    fit--;
                runs.AddRange(open.Take(fit).Select(g => new Run([g])));
                open.RemoveRange(0, fit);
                rows = own;
            }

            open.Add(group);
        }

        Close();
        return runs;

        void Close()
        {
            if (rows > 0 && open.Count > 1)
                runs.Add(new([.. open], rows));
            else
                runs.AddRange(open.Select(g => new Run([g])));
            open.Clear();
            rows = 0;
        }
    }

    private static bool IsBatchwise(Group group) =>
        !group.WritesVariable && group.Members[0].Outputs[0].IsBatched && CanCut(group, 1) && (group.IsElementwise || group.Kernel.IsBatchwise);

    /// <summary>Rows that a group is best cut to for a batch of one: 0 for any, -1 where it cannot be cut.</summary>
    private static int RowsOf(Group group)
    {
        PlanNode node = group.Members[0];
        if (group.WritesVariable || !node.Outputs[0].IsBatched)
            return -1;
        if (group.IsElementwise)
            return 0;
        Shape shape = node.OutputShapes[0];
        int rows = shape.UnitSize / Math.Abs(shape[^1]);
        return shape.BatchAxis < shape.Rank - 1 && group.Kernel.IsRowwise && CanCut(group, rows) ? rows : -1;
    }

    private static bool CanCut(Group group, int rows) => Cut(group, rows) is not null;

    /// <summary>A group with other shapes: what is a row becomes one of a batch. Null where that cannot be.</summary>
    private static Group? Cut(Group group, int rows)
    {
        Group cut = new() { Original = group };
        foreach (PlanNode member in group.Members)
        {
            if (!TryCut(member, rows, out PlanNode? node))
                return null;
            if (!node.Inner.IsFlat && !cut.Inner.IsFlat && node.Inner != cut.Inner)
                return null;
            if (cut.Inner.IsFlat)
                cut.Inner = node.Inner;
            cut.Members.Add(node);
        }

        return cut;
    }

    private static bool TryCut(PlanNode node, int rows, [NotNullWhen(true)] out PlanNode? cut)
    {
        cut = null;
        Shape[] outputs = new Shape[node.OutputShapes.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            if (!TryCut(node.OutputShapes[i], rows, out Shape? shape))
                return false;
            outputs[i] = shape;
        }

        Operand[] inputs = [.. node.Inputs];
        Inner inner = default;
        for (int i = 0; i < inputs.Length; i++)
        {
            Shape shape = inputs[i].Shape;
            if (inputs[i].Stretched is not null)
                return false;
            if (shape.IsBatched)
            {
                // Rows of an elementwise operation's inputs are those of its result.
                if (!TryCut(shape, rows, out Shape? other) || node.IsElementwise && !HasSameRows(shape, node.OutputShapes[0], outputs[0]))
                    return false;
                inputs[i] = inputs[i] with { Shape = other };
            }

            if (!node.IsElementwise)
                continue;
            if (inputs[i].Shape.Rank > outputs[0].Rank)
                return false;
            (Access access, Inner own) = Inner.Of(inputs[i].Shape, outputs[0]);
            if (access == Access.Other || !own.IsFlat && !inner.IsFlat && own != inner)
                return false;
            if (access is Access.Row or Access.Column or Access.Block)
                inner = own;
        }

        cut = new(node.Index, node.Op, node.Attributes, inputs, outputs)
        {
            Name = node.Name,
            Elementwise = node.Elementwise,
            Inner = inner,
            Scores = node.Scores,
            Bias = node.Bias,
            Relu = node.Relu,
            Outputs = node.Outputs,
        };
        return true;
    }

    // (-1, 64, 4, 32) cut to 64 rows is (-1, 4, 32): the first axes become the batch.
    private static bool TryCut(Shape shape, int rows, [NotNullWhen(true)] out Shape? cut)
    {
        cut = null;
        if (shape.BatchAxis != 0)
            return false;
        int axis = 0;
        for (; axis < shape.Rank && rows % Math.Abs(shape[axis]) == 0 && (axis == 0 || rows > 1); axis++)
            rows /= Math.Abs(shape[axis]);
        if (rows == 1 && axis > 0)
        {
            cut = new([-1, .. shape.Dims[axis..]]);
            return true;
        }

        if (axis == shape.Rank || shape[axis] % rows != 0)
            return false;
        cut = new([-Math.Abs(shape[axis]) / rows, .. shape.Dims[(axis + 1)..]]);
        return true;
    }

    private static bool HasSameRows(Shape input, Shape output, Shape cutOutput)
    {
        // At most the axes that the cut took away, and the one that it left a part of.
        int axes = output.Rank - cutOutput.Rank + 1;
        return input.Rank == output.Rank && input.Dims[..axes].SequenceEqual(output.Dims[..axes]);
    }
}
