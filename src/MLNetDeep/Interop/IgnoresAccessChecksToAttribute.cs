#pragma warning disable IDE0130, SA1403 // The runtime knows the attribute by this name.
namespace System.Runtime.CompilerServices;

/// <summary>Tells the runtime that this assembly may reach the internals of another. The runtime honours it; no library declares it.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
