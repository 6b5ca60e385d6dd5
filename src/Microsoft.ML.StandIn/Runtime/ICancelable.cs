namespace Microsoft.ML.Runtime;

/// <summary>A host whose work can be asked to stop.</summary>
internal interface ICancelable
{
    /// <summary>Whether it was asked to stop.</summary>
    bool IsCanceled { get; }

    /// <summary>Asks it to stop.</summary>
    void CancelExecution();
}
