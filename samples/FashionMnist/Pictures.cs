using System.Collections;

namespace FashionMnist;

/// <summary>Pictures kept as bytes; each becomes a row only while it is read.</summary>
internal sealed class Pictures : IReadOnlyCollection<Picture>
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;
    private readonly IReadOnlyList<string> _names;

    /// <param name="pixels">28 x 28 bytes a picture.</param>
    /// <param name="labels">The class number of each.</param>
    /// <param name="names">Names of the classes.</param>
    public Pictures(byte[] pixels, byte[] labels, IReadOnlyList<string> names)
    {
        if (pixels.Length != labels.Length * Picture.Side * Picture.Side)
            throw new ArgumentException($"{labels.Length} pictures need {labels.Length * Picture.Side * Picture.Side} pixels, received {pixels.Length}.", nameof(pixels));
        if (labels.FirstOrDefault(l => l >= names.Count) is var wrong and > 0)
            throw new InvalidDataException($"A label is {wrong}, expected 0 to {names.Count - 1}.");
        _pixels = pixels;
        _labels = labels;
        _names = names;
    }

    public int Count => _labels.Length;

    /// <summary>The pictures of the file pair <c>images</c> and <c>labels</c>.</summary>
    /// <exception cref="InvalidDataException">A file is damaged, or they do not fit each other.</exception>
    public static Pictures Read(string images, string labels, IReadOnlyList<string> names)
    {
        IdxFile pixels = IdxFile.Read(images), classes = IdxFile.Read(labels);
        if (pixels.Dimensions is not [var count, Picture.Side, Picture.Side])
            throw new InvalidDataException($"'{images}' has the dimensions {string.Join(" x ", pixels.Dimensions)}, expected a number of pictures x 28 x 28.");
        if (classes.Dimensions is not [var labelled] || labelled != count)
            throw new InvalidDataException($"'{labels}' has the dimensions {string.Join(" x ", classes.Dimensions)}, but '{images}' has {count} pictures.");
        return new(pixels.Elements, classes.Elements, names);
    }

    /// <summary>Some of the pictures.</summary>
    public Pictures Select(IReadOnlyList<int> numbers)
    {
        const int Size = Picture.Side * Picture.Side;
        byte[] pixels = new byte[numbers.Count * Size], labels = new byte[numbers.Count];
        for (int i = 0; i < numbers.Count; i++)
        {
            _pixels.AsSpan(numbers[i] * Size, Size).CopyTo(pixels.AsSpan(i * Size));
            labels[i] = _labels[numbers[i]];
        }

        return new(pixels, labels, _names);
    }

    /// <summary>Splits the pictures so that a share of each class, drawn at random, is in the second part.</summary>
    public (Pictures Train, Pictures Test) Split(double testFraction, int seed)
    {
        Random random = new(seed);
        List<int> train = [], test = [];
        foreach (IGrouping<byte, int> sameClass in Enumerable.Range(0, Count).GroupBy(i => _labels[i]))
        {
            int[] numbers = [.. sameClass];
            random.Shuffle(numbers);
            int held = (int)Math.Round(numbers.Length * testFraction);
            test.AddRange(numbers[..held]);
            train.AddRange(numbers[held..]);
        }

        train.Sort();
        test.Sort();
        return (Select(train), Select(test));
    }

    public IEnumerator<Picture> GetEnumerator()
    {
        const int Size = Picture.Side * Picture.Side;
        for (int i = 0; i < Count; i++)
        {
            float[] pixels = new float[Size];
            for (int p = 0; p < Size; p++)
                pixels[p] = _pixels[i * Size + p] / 255f;
            yield return new() { Label = _names[_labels[i]], Pixels = pixels };
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
