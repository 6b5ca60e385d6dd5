using System.Runtime.InteropServices;
using System.Text.Json;
using MLNetDeep.Exporting.Tests.Support;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Tests.Onnx;

/// <summary>ONNX Runtime (npm's onnxruntime-node) and ONNX's checker (Debian's python3-onnx), where they are there: ./test.sh brings both.</summary>
internal static class OnnxRuntime
{
    private static readonly TestTool Node = new("node", [Path.Combine(TestTool.ProjectFolder, "Onnx", "run_onnx.js")], ["-e", "require('onnxruntime-node')"]);

    private static readonly TestTool Checker = new("/usr/bin/python3", [Path.Combine(TestTool.ProjectFolder, "Onnx", "check_onnx.py")], ["-c", "import onnx"]);

    /// <summary>Skips the test where ONNX Runtime is not there.</summary>
    public static void Require() => Skip.If(Node.Missing is not null, $"ONNX Runtime: {Node.Missing}. Run 'npm install --ignore-scripts' in {TestTool.ProjectFolder}.");

    /// <summary>Asserts that a file is well formed; does nothing where there is no checker: tests that are about this alone call <see cref="RequireChecker"/> first.</summary>
    public static void Check(string file)
    {
        if (Checker.Missing is null && Checker.Ask(file) is not "ok" and var wrong)
            Assert.Fail($"ONNX's checker: {wrong}");
    }

    /// <summary>Skips the test where ONNX's checker is not there.</summary>
    public static void RequireChecker() => Skip.If(Checker.Missing is not null, $"ONNX's checker: {Checker.Missing}. Install python3-onnx.");

    /// <summary>The outputs by name: dimensions and values, as numbers.</summary>
    public static Dictionary<string, (int[] Dims, float[] Values)> Run(string file, IReadOnlyDictionary<string, (Array Values, int[] Dims)> feeds)
    {
        Dictionary<string, object> given = feeds.ToDictionary(f => f.Key, f => (object)new Value(
            f.Value.Values is int[] ? "int32" : "float32",
            f.Value.Dims,
            Convert.ToBase64String(f.Value.Values is int[] ints ? MemoryMarshal.AsBytes(ints.AsSpan()) : MemoryMarshal.AsBytes(((float[])f.Value.Values).AsSpan()))));
        Answer answer = JsonSerializer.Deserialize<Answer>(Node.Ask(JsonSerializer.Serialize(new { model = file, feeds = given }, Json)), Json)!;
        Assert.True(answer.Error is null, answer.Error);
        return answer.Outputs!.ToDictionary(o => o.Key, o => (o.Value.Dims, Numbers(o.Value)));
    }

    /// <summary>Dimensions of a tensor for a number of rows.</summary>
    public static int[] Dims(Shape shape, int batch) => [.. Enumerable.Range(0, shape.Rank).Select(i => shape.Dim(i, batch))];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static float[] Numbers(Value value)
    {
        byte[] bytes = Convert.FromBase64String(value.Data);
        return value.Type switch
        {
            "float32" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            "int32" => [.. MemoryMarshal.Cast<byte, int>(bytes).ToArray().Select(v => (float)v)],
            "uint32" => [.. MemoryMarshal.Cast<byte, uint>(bytes).ToArray().Select(v => (float)v)],
            "int64" => [.. MemoryMarshal.Cast<byte, long>(bytes).ToArray().Select(v => (float)v)],
            "bool" => [.. bytes.Select(v => (float)v)],
            var other => throw new InvalidOperationException($"An output is of type {other}."),
        };
    }

    private sealed record Value(string Type, int[] Dims, string Data);

    private sealed record Answer(Dictionary<string, Value>? Outputs, string? Error);
}
