using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Signals.Tests.Support;

/// <summary>Loads a model in a process of its own that knows ML.NET only, and runs it on a sound file.</summary>
internal static class FreshProcess
{
    /// <summary>The entry point of that process.</summary>
    /// <param name="args">Model file; sound file.</param>
    public static int Main(string[] args)
    {
        if (args.Length != 2)
        {
            Console.Error.WriteLine("Run these tests with 'dotnet test'.");
            return 2;
        }

        MLContext ml = new();
        ITransformer model = ml.Model.Load(args[0], out _);
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable([new SignalRow { Path = args[1] }]));
        Console.WriteLine(string.Join(' ', scored.GetColumn<float[]>("Out").Single().Select(BitConverter.SingleToInt32Bits)));
        return 0;
    }

    /// <summary>The bits of the column Out of a saved model for a sound file.</summary>
    public static int[] Run(string model, string sound) => [.. OwnProcess.Run(model, sound).Single().Split(' ').Select(int.Parse)];
}
