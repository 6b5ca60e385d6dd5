namespace Microsoft.ML;

/// <summary>Marks what is loaded from a saved model.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);
