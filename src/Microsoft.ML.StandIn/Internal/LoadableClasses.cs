using Microsoft.ML;
using Microsoft.ML.Data;

[assembly: LoadableClass(typeof(TransformerChain<ITransformer>), typeof(TransformerChain), null, typeof(SignatureLoadModel),
    "Transformer Chain", TransformerChain.LoaderSignature)]
