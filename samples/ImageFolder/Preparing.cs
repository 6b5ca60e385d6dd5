using System.Globalization;
using FashionMnist;
using MLNetDeep.Images;

namespace ImageFolder;

/// <summary>From a data set in IDX files to a folder of pictures.</summary>
internal static class Preparing
{
    public static int Run(string data, string folder, Arguments arguments)
    {
        int count = arguments.Number("--count", 20, 60_000) ?? 10_000;
        DataSet set = arguments.Has("--mnist") ? DataSet.Mnist(data) : DataSet.FashionMnist(data);

        // As many of each class as there are of the others.
        int most = Math.Max(count / set.Classes.Count, 1);
        Dictionary<string, int> written = set.Classes.ToDictionary(c => c, _ => 0);
        foreach (Picture picture in set.Train)
        {
            int number = written[picture.Label];
            if (number == most)
                continue;
            written[picture.Label] = number + 1;
            PngImage.FromFloats(picture.Pixels, Picture.Side, Picture.Side)
                .Save(Path.Combine(folder, FolderName(picture.Label), string.Create(CultureInfo.InvariantCulture, $"{number:00000}.png")));
        }

        Console.WriteLine($"{set.Name}: {written.Values.Sum()} pictures of {set.Classes.Count} classes in '{folder}'.");
        return 0;
    }

    // "T-shirt/top" is no name for a folder.
    private static string FolderName(string label) => label.Replace('/', '-');
}
