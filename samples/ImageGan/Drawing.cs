using FashionMnist;
using Microsoft.ML;
using MLNetDeep.Generation;
using MLNetDeep.Images;

namespace ImageGan;

/// <summary>From a saved model to pictures.</summary>
internal static class Drawing
{
    public static int Run(string modelFile, string name, string sheet)
    {
        GanTransformer gan = (GanTransformer)new MLContext().Model.Load(modelFile, out _);
        IDataView pictures = gan.Generate(100, seed: Environment.TickCount, condition: name);
        GeneratedSheets.Of(pictures, "Pixels", Picture.Side, Picture.Side, columns: 10, scale: 2).Save(sheet);
        Console.WriteLine($"Saved {sheet}: 100 pictures of {name}.");
        return 0;
    }
}
