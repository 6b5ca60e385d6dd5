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
        if (new MLContext().Model.Load(modelFile, out _) is not GanTransformer gan)
            throw new InvalidDataException($"{modelFile} is another model than 'ImageGan train' saves.");
        IDataView pictures = gan.Generate(100, seed: Environment.TickCount, condition: name);
        GeneratedSheets.Of(pictures, "Pixels", Picture.Side, Picture.Side, columns: 10, scale: 2).Save(sheet);
        Console.WriteLine($"Saved {sheet}: 100 pictures of {name}.");
        return 0;
    }
}
