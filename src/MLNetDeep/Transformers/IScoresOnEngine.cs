using Microsoft.ML;
using MLNetDeep.Engines;

namespace MLNetDeep.Transformers;

/// <summary>A transformer whose networks run on an engine.</summary>
internal interface IScoresOnEngine : ITransformer
{
    /// <summary>The same on another engine.</summary>
    ITransformer On(IEngine engine);
}
