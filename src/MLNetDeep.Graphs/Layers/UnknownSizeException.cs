namespace MLNetDeep.Layers;

/// <summary>Something that only data can tell is still open: an input's shape or the number of outputs.</summary>
internal sealed class UnknownSizeException(string message) : ArgumentException(message);
