using System.Reflection;
using System.Reflection.Emit;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Elementwise;

/// <summary>
/// Writes the loop of a fused group as machine-independent code that the JIT compiles like any method: a chain of
/// operations then costs one pass over memory, its intermediate results staying in registers.
/// </summary>
internal static unsafe class ElementwiseLoop
{
    private static readonly MethodInfo[] Methods = typeof(ElementwiseOps).GetMethods(BindingFlags.Static | BindingFlags.Public);

    /// <summary>A compiled loop.</summary>
    /// <param name="streams">Pointers to the inputs, parameters and outputs.</param>
    /// <param name="begin">First element of a flat loop, a multiple of the vector width; else first row.</param>
    /// <param name="end">One past the last. A flat loop may work on up to a vector more.</param>
    /// <param name="inner">Elements of a row.</param>
    internal delegate void Body(float** streams, nint begin, nint end, nint inner);

    /// <summary>Compiles a group.</summary>
    /// <param name="members">Operations, producers first.</param>
    /// <param name="streams">What is read and written; its order is that of the pointers.</param>
    /// <param name="flat">Whether the loop has no rows.</param>
    /// <param name="width">The vector width.</param>
    public static Body Compile(IReadOnlyList<PlanNode> members, IReadOnlyList<LoopStream> streams, bool flat, VectorWidth width)
    {
        Type vector = width switch
        {
            VectorWidth.V512 => typeof(Vec512),
            VectorWidth.V256 => typeof(Vec256),
            _ => typeof(Vec128),
        };
        DynamicMethod method = new(
            "Fused_" + string.Join('_', members.Select(m => m.Op)),
            typeof(void),
            [typeof(float**), typeof(nint), typeof(nint), typeof(nint)],
            typeof(ElementwiseLoop).Module,
            skipVisibility: true);
        Writer writer = new(method.GetILGenerator(), vector, (int)width, members, streams);
        if (flat)
            writer.WriteFlat();
        else
            writer.WriteRows();
        return method.CreateDelegate<Body>();
    }

    private sealed class Writer(ILGenerator il, Type vector, int width, IReadOnlyList<PlanNode> members, IReadOnlyList<LoopStream> streams)
    {
        private readonly LocalBuilder[] _pointers = [.. streams.Select(_ => il.DeclareLocal(typeof(nint)))];
        private readonly LocalBuilder?[] _loaded = [.. streams.Select(s => s.IsOutput ? null : il.DeclareLocal(vector))];

        // Where the current block of a stream that is read by blocks begins.
        private readonly LocalBuilder?[] _blocks = [.. streams.Select(s => s.Access == Access.Block ? il.DeclareLocal(typeof(nint)) : null)];
        private readonly Dictionary<Value, LocalBuilder> _results = members.ToDictionary(m => m.Outputs[0], _ => il.DeclareLocal(vector));

        public void WriteFlat()
        {
            LoadPointers();
            LoadConstants(Access.Scalar);
            LocalBuilder offset = il.DeclareLocal(typeof(nint)), limit = il.DeclareLocal(typeof(nint));
            SetBytes(offset, () => il.Emit(OpCodes.Ldarg_1));
            SetBytes(limit, () => il.Emit(OpCodes.Ldarg_2));
            Loop(offset, limit, width * sizeof(float), () => Body(s => s.Access == Access.Flat, offset, offset, null));
            il.Emit(OpCodes.Ret);
        }

        public void WriteRows()
        {
            LoadPointers();
            LoadConstants(Access.Scalar);
            LocalBuilder row = il.DeclareLocal(typeof(nint)), lastRow = il.DeclareLocal(typeof(nint));
            LocalBuilder rowBytes = il.DeclareLocal(typeof(nint)), fullBytes = il.DeclareLocal(typeof(nint));
            LocalBuilder column = il.DeclareLocal(typeof(nint)), offset = il.DeclareLocal(typeof(nint)), start = il.DeclareLocal(typeof(nint));
            LocalBuilder rest = il.DeclareLocal(typeof(int));
            SetBytes(row, () => il.Emit(OpCodes.Ldarg_1));
            SetBytes(lastRow, () => il.Emit(OpCodes.Ldarg_2));
            SetBytes(rowBytes, () => il.Emit(OpCodes.Ldarg_3));

            // Whole vectors of a row, and how many elements are left.
            Set(fullBytes, () =>
            {
                il.Emit(OpCodes.Ldarg_3);
                Number(-width);
                il.Emit(OpCodes.And);
                Number(sizeof(float));
                il.Emit(OpCodes.Mul);
            });
            Set(rest, () =>
            {
                il.Emit(OpCodes.Ldarg_3);
                Number(width - 1);
                il.Emit(OpCodes.And);
                il.Emit(OpCodes.Conv_I4);
            });
            Set(start, () =>
            {
                il.Emit(OpCodes.Ldarg_1);
                il.Emit(OpCodes.Ldloc, rowBytes);
                il.Emit(OpCodes.Mul);
            });
            Loop(row, lastRow, sizeof(float), () =>
            {
                LoadConstants(Access.Column, row);
                FindBlocks(row, rowBytes);
                Set(column, () => Number(0));
                Set(offset, () => il.Emit(OpCodes.Ldloc, start));
                Loop(column, fullBytes, width * sizeof(float), () =>
                {
                    Body(s => s.Access is Access.Flat or Access.Row or Access.Block, offset, column, null);
                    Advance(offset, () => Number(width * sizeof(float)));
                });
                Label done = il.DefineLabel();
                il.Emit(OpCodes.Ldloc, rest);
                il.Emit(OpCodes.Brfalse, done);
                Body(s => s.Access is Access.Flat or Access.Row or Access.Block, offset, column, rest);
                il.MarkLabel(done);
                Advance(start, () => il.Emit(OpCodes.Ldloc, rowBytes));
            });
            il.Emit(OpCodes.Ret);
        }

        private void Body(Func<LoopStream, bool> loadsHere, LocalBuilder flatOffset, LocalBuilder rowOffset, LocalBuilder? count)
        {
            for (int i = 0; i < streams.Count; i++)
            {
                LoopStream stream = streams[i];
                if (stream.IsOutput || !loadsHere(stream))
                    continue;
                Address(i, stream.Access == Access.Flat ? flatOffset : rowOffset);
                if (count is not null)
                    il.Emit(OpCodes.Ldloc, count);
                Call(count is null ? nameof(ElementwiseOps.Load) : nameof(ElementwiseOps.LoadPartial));
                FinishLoad(i);
            }

            foreach (PlanNode member in members)
            {
                foreach (Operand input in member.Inputs)
                    il.Emit(OpCodes.Ldloc, _results.GetValueOrDefault(input.Value) ?? _loaded[IndexOf(s => s == LoopStream.Reading(member, input))]!);
                foreach (string parameter in member.Elementwise!.Parameters)
                    il.Emit(OpCodes.Ldloc, _loaded[IndexOf(s => s.Parameter == member.Attributes.Get<float>(parameter))]!);
                Call(member.Op);
                il.Emit(OpCodes.Stloc, _results[member.Outputs[0]]);
            }

            for (int i = 0; i < streams.Count; i++)
            {
                if (!streams[i].IsOutput)
                    continue;
                il.Emit(OpCodes.Ldloc, _results[streams[i].Value!]);
                Address(i, flatOffset);
                if (count is not null)
                    il.Emit(OpCodes.Ldloc, count);
                Call(count is null ? nameof(ElementwiseOps.Store) : nameof(ElementwiseOps.StorePartial));
            }
        }

        private int IndexOf(Func<LoopStream, bool> condition)
        {
            for (int i = 0; i < streams.Count; i++)
            {
                if (condition(streams[i]))
                    return i;
            }

            throw new InvalidOperationException("A fused loop lacks one of its inputs: an error in the planner.");
        }

        private void LoadPointers()
        {
            for (int i = 0; i < streams.Count; i++)
            {
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldc_I4, i * sizeof(float*));
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Ldind_I);
                il.Emit(OpCodes.Stloc, _pointers[i]);
            }
        }

        // Numbers that stay the same for the whole loop, or for a row of it.
        private void LoadConstants(Access access, LocalBuilder? offset = null)
        {
            for (int i = 0; i < streams.Count; i++)
            {
                if (streams[i].IsOutput || streams[i].Access != access)
                    continue;
                if (offset is null)
                    il.Emit(OpCodes.Ldloc, _pointers[i]);
                else
                    Address(i, offset);
                Call(nameof(ElementwiseOps.Broadcast));
                FinishLoad(i);
            }
        }

        // block = pointer + row / rows of a block * bytes of a row; row counts in bytes of a number.
        private void FindBlocks(LocalBuilder row, LocalBuilder rowBytes)
        {
            for (int i = 0; i < streams.Count; i++)
            {
                if (_blocks[i] is not { } block)
                    continue;
                int rows = streams[i].BlockRows;
                Set(block, () =>
                {
                    il.Emit(OpCodes.Ldloc, _pointers[i]);
                    il.Emit(OpCodes.Ldloc, row);
                    Number(checked(rows * sizeof(float)));
                    il.Emit(OpCodes.Div);
                    il.Emit(OpCodes.Ldloc, rowBytes);
                    il.Emit(OpCodes.Mul);
                    il.Emit(OpCodes.Add);
                });
            }
        }

        private void FinishLoad(int stream)
        {
            if (streams[stream].Converts)
                Call(nameof(ElementwiseOps.FromInt));
            il.Emit(OpCodes.Stloc, _loaded[stream]!);
        }

        private void Loop(LocalBuilder index, LocalBuilder limit, int step, Action body)
        {
            Label top = il.DefineLabel(), test = il.DefineLabel();
            il.Emit(OpCodes.Br, test);
            il.MarkLabel(top);
            body();
            Advance(index, () => Number(step));
            il.MarkLabel(test);
            il.Emit(OpCodes.Ldloc, index);
            il.Emit(OpCodes.Ldloc, limit);
            il.Emit(OpCodes.Blt, top);
        }

        private void Address(int stream, LocalBuilder offset)
        {
            il.Emit(OpCodes.Ldloc, _blocks[stream] ?? _pointers[stream]);
            il.Emit(OpCodes.Ldloc, offset);
            il.Emit(OpCodes.Add);
        }

        private void Call(string name) => il.Emit(OpCodes.Call, Array.Find(Methods, m => m.Name == name)!.MakeGenericMethod(vector));

        private void Number(int value)
        {
            il.Emit(OpCodes.Ldc_I4, value);
            il.Emit(OpCodes.Conv_I);
        }

        private void Set(LocalBuilder local, Action value)
        {
            value();
            il.Emit(OpCodes.Stloc, local);
        }

        private void SetBytes(LocalBuilder local, Action elements) => Set(local, () =>
        {
            elements();
            Number(sizeof(float));
            il.Emit(OpCodes.Mul);
        });

        private void Advance(LocalBuilder local, Action by) => Set(local, () =>
        {
            il.Emit(OpCodes.Ldloc, local);
            by();
            il.Emit(OpCodes.Add);
        });
    }
}
