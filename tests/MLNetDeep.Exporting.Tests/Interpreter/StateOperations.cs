using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Constants, placeholders and resource variables.</summary>
internal static class StateOperations
{
    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = new()
    {
        ["Const"] = Const,
        ["Placeholder"] = call => throw call.Error("must be fed"),
        ["PlaceholderWithDefault"] = call => call[0],
        ["Identity"] = Identity,
        ["Snapshot"] = Identity,
        ["StopGradient"] = Identity,
        ["PreventGradient"] = Identity,
        ["DeepCopy"] = Identity,
        ["CheckNumerics"] = CheckNumerics,
        ["EnsureShape"] = EnsureShape,
        ["VarHandleOp"] = VarHandle,
        ["ReadVariableOp"] = ReadVariable,
        ["VarIsInitializedOp"] = call => Value.Bools([call.Variables.ContainsKey(call[0].Handle!)]),
        ["ResourceGather"] = call => IndexOperations.Gather(Variable(call, "dtype"), call[1], 0, 0),
    };

    public static Dictionary<string, Func<OpCall, Value[]>> Several { get; } = new()
    {
        ["NoOp"] = _ => [],
        ["Assert"] = Assert,
        ["IdentityN"] = call => call.Inputs,
        ["AssignVariableOp"] = call => Assign(call, (_, value) => value, needsOld: false),
        ["AssignAddVariableOp"] = call => Assign(call, (old, value) => Combine(call, old, value, 1), needsOld: true),
        ["AssignSubVariableOp"] = call => Assign(call, (old, value) => Combine(call, old, value, -1), needsOld: true),
        ["ResourceScatterAdd"] = call => Scatter(call, (old, value) => old + value),
        ["ResourceScatterSub"] = call => Scatter(call, (old, value) => old - value),
        ["ResourceScatterUpdate"] = call => Scatter(call, (_, value) => value),
    };

    private static Value Const(OpCall call)
    {
        Value value = Value.Parse(call.Node.Attr["value"].Tensor);
        return value.Type == call.Type("dtype") ? value : throw call.Error($"says dtype = {call.Type("dtype")}, but has {value}");
    }

    private static Value Identity(OpCall call)
    {
        call.RequireCount(1);
        call.RequireType("T", 0);
        return call[0];
    }

    private static Value CheckNumerics(OpCall call) =>
        call[0].Reals.All(double.IsFinite) ? call[0] : throw call.Error($"found a number that is not finite: {call.Text("message")}");

    private static Value EnsureShape(OpCall call)
    {
        call.RequireType("T", 0);
        TensorShapeProto shape = call.Node.Attr["shape"].Shape;
        if (!shape.UnknownRank && (shape.Dim.Count != call[0].Rank || shape.Dim.Select((d, i) => d.Size >= 0 && d.Size != call[0].Dims[i]).Any(wrong => wrong)))
            throw call.Error($"received {call[0]}, expected [{string.Join(", ", shape.Dim.Select(d => d.Size))}]");
        return call[0];
    }

    // Two handles of one shared name and container are one variable; without a shared name the node's own is it.
    private static Value VarHandle(OpCall call)
    {
        call.Type("dtype");
        if (!call.Has("shape"))
            throw call.Error("has no attribute 'shape'");
        string shared = call.Text("shared_name", "");
        return Value.Resource(shared.Length > 0 ? shared : call.Node.Name);
    }

    private static Value ReadVariable(OpCall call)
    {
        call.RequireCount(1);
        return Variable(call, "dtype");
    }

    private static Value Variable(OpCall call, string typeAttribute)
    {
        string name = call[0].Handle ?? throw call.Error($"takes a resource, received {call[0]}");
        Value value = call.Variables.TryGetValue(name, out Value? found) ? found : throw call.Error($"reads the variable '{name}', which has no value yet");
        return value.Type == call.Type(typeAttribute) ? value : throw call.Error($"says dtype = {call.Type(typeAttribute)}, but '{name}' is {value}");
    }

    private static Value[] Assign(OpCall call, Func<Value, Value, Value> update, bool needsOld)
    {
        call.RequireCount(2);
        call.RequireType("dtype", 1);
        string name = call[0].Handle ?? throw call.Error($"takes a resource, received {call[0]}");
        Value? old = call.Variables.TryGetValue(name, out Value? found) ? found : null;
        if (old is null && needsOld)
            throw call.Error($"changes the variable '{name}', which has no value yet");
        if (old is not null && old.Type != call[1].Type)
            throw call.Error($"gives the variable '{name}' of {old.Type} {call[1]}");
        call.Variables[name] = update(old!, call[1]);
        return [];
    }

    private static Value Combine(OpCall call, Value old, Value value, int sign)
    {
        if (!old.Dims.SequenceEqual(value.Dims))
            throw call.Error($"changes {old} by {value}");
        return old.IsReal
            ? Value.Of(old.Type, old.Dims, [.. old.Reals.Zip(value.Reals, (a, b) => a + (sign * b))])
            : Value.Of(old.Type, old.Dims, [.. old.Wholes.Zip(value.Wholes, (a, b) => a + (sign * b))]);
    }

    // (resource, indices, updates [indices..., row])
    private static Value[] Scatter(OpCall call, Func<double, double, double> update)
    {
        call.RequireType("Tindices", 1);
        call.RequireType("dtype", 2);
        Value old = Variable(call, "dtype"), ids = call[1], updates = call[2];
        int row = Extents.Size(old.Dims.AsSpan(1));
        if (!updates.Dims.SequenceEqual([.. ids.Dims, .. old.Dims[1..]]))
            throw call.Error($"changes rows of {old} by {updates} at {ids}");
        double[] values = [.. old.Reals];
        for (int i = 0; i < ids.Length; i++)
        {
            long id = ids.Wholes[i];
            if (id < 0 || id >= old.Dims[0])
                throw call.Error($"has the index {id}, which is not in [0, {old.Dims[0]})");
            for (int j = 0; j < row; j++)
                values[(id * row) + j] = (float)update(values[(id * row) + j], updates.Reals[(i * row) + j]);
        }

        call.Variables[call[0].Handle!] = Value.Of(old.Type, old.Dims, values);
        return [];
    }

    private static Value[] Assert(OpCall call) => call[0].Wholes.All(v => v != 0) ? [] : throw call.Error("failed");
}
