namespace MLNetDeep.Generation.Tabular;

/// <summary>The different texts of a column, in the order in which they were met.</summary>
internal sealed class TextList
{
    private readonly List<string> _texts = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly int _most;

    /// <param name="most">More than this are not taken.</param>
    public TextList(int most = int.MaxValue) => _most = most;

    public IReadOnlyList<string> Texts => _texts;

    /// <summary>Whether texts that are not known get a place.</summary>
    public bool Grows { get; set; } = true;

    /// <summary>Whether there were more texts than it takes.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The place of a text; -1 for one that is not known.</summary>
    public int IndexOf(ReadOnlySpan<char> text)
    {
        if (_places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int place))
            return place;
        if (!Grows)
            return -1;
        if (_texts.Count == _most)
        {
            IsFull = true;
            return -1;
        }

        string added = text.ToString();
        _texts.Add(added);
        _places.Add(added, place = _texts.Count - 1);
        return place;
    }
}
