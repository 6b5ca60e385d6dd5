using Digits;
using Microsoft.ML;
using MLNetDeep;
using MLNetDeep.TensorFlow;
using TensorFlowSample;

bool onTensorFlow = args.Contains("--tensorflow");
if (args.Where(a => a != "--tensorflow").ToArray() is not [var folder] || folder.StartsWith('-'))
{
    Console.WriteLine("""
        Trains a network with us, writes it as a TensorFlow SavedModel, and scores it with ML.NET's own TensorFlow transform beside ImageClassification.

        TensorFlowSample <folder>    where the SavedModel goes; a new or empty folder
          --tensorflow               trains on TensorFlow too, instead of the embedded engine
        """);
    return args is [] or ["--help"] ? 0 : 2;
}

try
{
    MLContext ml = new(seed: 1);
    var digits = ml.Data.CreateEnumerable<Digit>(
        ml.Data.LoadFromTextFile<Digit>(Path.Combine(AppContext.BaseDirectory, "data", "digits.csv"), separatorChar: ',', hasHeader: true), reuseRowObject: false);
    var split = ml.Data.TrainTestSplit(ml.Data.LoadFromEnumerable<Picture>([.. digits.Select(Picture.Of)]), testFraction: 0.2, seed: 1);

    ITransformer ours = Training.Run(ml, split.TrainSet, folder, onTensorFlow ? Engine.TensorFlow : Engine.Cpu);
    Console.WriteLine($"Trained with us, and written as {Path.Combine(folder, "saved_model.pb")}.");

    // ImageClassification makes graphs of its own on this thread; our network's scores are to be the same before and after.
    using StockTransform stock = new(ml, folder, split.TestSet);
    bool agrees = stock.Agrees(ours, split.TestSet);
    if (Neighbour.Run(ml, ml.Data.TakeRows(split.TrainSet, 300), split.TestSet))
        agrees &= stock.Agrees(ours, split.TestSet);
    Console.WriteLine(agrees ? "TensorFlow and we agree to 1e-4." : "TensorFlow and we do NOT agree to 1e-4.");
    return agrees ? 0 : 1;
}
catch (Exception e) when (e is DllNotFoundException or { InnerException: DllNotFoundException })
{
    Console.Error.WriteLine("The SavedModel is written, but there is no native TensorFlow here to score it with: add the NuGet package SciSharp.TensorFlow.Redist 2.16.0 (-p:HasTensorFlowRedist=true).");
    return 1;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or TensorFlowException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
