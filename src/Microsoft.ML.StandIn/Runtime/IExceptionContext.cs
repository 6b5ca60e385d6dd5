namespace Microsoft.ML.Runtime;

/// <summary>Something that can mark exceptions as coming from it.</summary>
public interface IExceptionContext
{
    /// <summary>What it is, in words.</summary>
    string ContextDescription { get; }

    /// <summary>Marks an exception, and gives it back to be thrown.</summary>
    TException Process<TException>(TException ex)
        where TException : Exception;
}
