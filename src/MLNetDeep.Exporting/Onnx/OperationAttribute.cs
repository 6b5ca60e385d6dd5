namespace MLNetDeep.Exporting.Onnx;

/// <summary>Marks a method of an emitter class as the one that writes an operation of our graphs; see <see cref="OnnxEmitters"/>.</summary>
/// <param name="name">The operation.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class OperationAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
