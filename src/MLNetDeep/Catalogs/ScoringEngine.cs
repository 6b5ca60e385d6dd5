using System;
using System.Collections.Generic;
using System.Linq;
using MLNetDeep;
using MLNetDeep.Engines;
using MLNetDeep.Transformers;

#pragma warning disable IDE0130 // Where ML.NET's own extensions are, so that it is found without a using.
namespace Microsoft.ML;

/// <summary>Chooses what a trained model scores on.</summary>
public static class ScoringEngine
{
    /// <summary>
    /// The same model on another engine. A model scores on the engine that it was trained on, and one from a file on the embedded CPU engine; the file does not depend on it.
    /// </summary>
    /// <param name="model">A network of this library, or a chain with one or several: all of them move. The model itself stays as it is.</param>
    /// <param name="engine">The engine: <see cref="Engine.Cpu"/>, <see cref="Engine.TensorFlow"/>, or one with options of its own.</param>
    /// <param name="context">Whose <c>GpuDeviceId</c> and <c>FallbackToCpu</c> hold for <see cref="Engine.TensorFlow"/>; null for the CPU.</param>
    /// <exception cref="ArgumentException">There is no network in the model.</exception>
    /// <exception cref="InvalidOperationException">The engine's package or native library is missing, or there is no such device; the message says what to add.</exception>
    /// <example><c>ITransformer model = ml.Model.Load("digits.zip", out _).WithEngine(Engine.TensorFlow, ml);</c></example>
    public static ITransformer WithEngine(this ITransformer model, IEngine engine, MLContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(engine);
        IEngine chosen = engine is NamedEngine named ? named.On(context?.GpuDeviceId, context?.FallbackToCpu ?? true) : engine;
        int moved = 0;
        ITransformer result = Move(model);
        return moved > 0 ? result : throw new ArgumentException("There is no neural network in the model: nothing of it runs on an engine.", nameof(model));

        ITransformer Move(ITransformer part)
        {
            if (part is IScoresOnEngine network)
            {
                moved++;
                return network.On(chosen);
            }

            return part is IEnumerable<ITransformer> chain ? new Data.TransformerChain<ITransformer>([.. chain.Select(Move)]) : part;
        }
    }
}
