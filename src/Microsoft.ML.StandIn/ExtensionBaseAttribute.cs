namespace Microsoft.ML;

/// <summary>Base of the attributes that give a class a name by which saved models find it.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public abstract class ExtensionBaseAttribute : Attribute
{
    private protected ExtensionBaseAttribute(string contractName)
    {
        ArgumentException.ThrowIfNullOrEmpty(contractName);
        ContractName = contractName;
    }

    /// <summary>The name.</summary>
    public string ContractName { get; }
}
