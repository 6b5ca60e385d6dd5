namespace Microsoft.ML.Data;

/// <summary>A type whose values own memory that getters may reuse.</summary>
public abstract class StructuredDataViewType : DataViewType
{
    /// <summary>Creates the type over a .NET type.</summary>
    protected StructuredDataViewType(Type rawType)
        : base(rawType)
    {
    }
}
