using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Images.Tests.Support;

/// <summary>Loads a model in a process of its own that knows ML.NET only, and scores image files with it.</summary>
internal static class FreshProcess
{
    /// <summary>The entry point of that process.</summary>
    /// <param name="args">Model file; image files.</param>
    public static int Main(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("Run these tests with 'dotnet test'.");
            return 2;
        }

        MLContext ml = new();
        ITransformer model = ml.Model.Load(args[0], out _);
        foreach (string line in Scores(ml, model, args[1..]))
            Console.WriteLine(line);
        return 0;
    }

    /// <summary>The bits of the scores of image files, a line each.</summary>
    public static string[] Scores(MLContext ml, ITransformer model, IEnumerable<string> paths) =>
        [.. model.Transform(ml.Data.LoadFromEnumerable(paths.Select(p => new PathRow { ImagePath = p })))
            .GetColumn<float[]>("Score").Select(s => string.Join(' ', s.Select(v => BitConverter.SingleToInt32Bits(v).ToString(CultureInfo.InvariantCulture))))];

    /// <summary>The same in a process of its own.</summary>
    public static string[] Scores(string model, IEnumerable<string> paths) => OwnProcess.Run([model, .. paths]);
}
