namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>Says which operation of graphs a method writes as TensorFlow nodes: <c>static Value[] Name(Emission e)</c> in a class of this namespace's Emitters.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class OperationAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
