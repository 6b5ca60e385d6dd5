namespace Microsoft.ML.Data;

/// <summary>A type whose values can be copied by plain assignment.</summary>
public abstract class PrimitiveDataViewType : DataViewType
{
    /// <summary>Creates the type over a .NET type that owns nothing to dispose.</summary>
    protected PrimitiveDataViewType(Type rawType)
        : base(rawType)
    {
        if (typeof(IDisposable).IsAssignableFrom(rawType))
            throw new ArgumentException("A primitive type cannot be disposable.", nameof(rawType));
    }
}
