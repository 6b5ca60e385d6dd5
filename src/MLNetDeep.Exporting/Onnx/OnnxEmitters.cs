using System.Reflection;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.Onnx;

/// <summary>The closed table of emitters: every class of this assembly that derives from <see cref="OnnxEmitter"/>, and every method marked with <see cref="OperationAttribute"/>.</summary>
internal static class OnnxEmitters
{
    private static readonly Dictionary<string, OnnxEmitter> Table = Find().ToDictionary(e => e.Operation, StringComparer.Ordinal);

    /// <summary>The emitter of an operation; null where there is none, and what the operation stands for is written instead.</summary>
    public static OnnxEmitter? Of(string operation) => Table.GetValueOrDefault(operation);

    private static IEnumerable<OnnxEmitter> Find()
    {
        foreach (Type type in typeof(OnnxEmitters).Assembly.GetTypes())
        {
            if (type.IsSubclassOf(typeof(OnnxEmitter)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
                yield return (OnnxEmitter)Activator.CreateInstance(type)!;
            foreach (MethodInfo method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                foreach (OperationAttribute operation in method.GetCustomAttributes<OperationAttribute>())
                    yield return new Method(operation.Name, method.CreateDelegate<Func<OnnxEmission, Node, OnnxValue>>());
            }
        }
    }

    private sealed class Method(string operation, Func<OnnxEmission, Node, OnnxValue> emit) : OnnxEmitter
    {
        public override string Operation => operation;

        public override OnnxValue?[] Emit(OnnxEmission emission, Node node) => [emit(emission, node), .. node.Outputs.Skip(1).Select(_ => (OnnxValue?)null)];
    }
}
