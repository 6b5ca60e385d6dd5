namespace MLNetDeep.Evaluation;

/// <summary>
/// Entities of a sequence of tags, as the CoNLL-2000 script <c>conlleval</c> finds them: a tag is a letter and a kind, as in <c>B-PER</c>.
/// B begins an entity, I goes on with it (and begins one after another kind or O), E ends it, S is one of a single token; every other tag is outside.
/// </summary>
internal static class EntitySpans
{
    /// <summary>Kind, first token, last token.</summary>
    public readonly record struct Span(string Type, int First, int Last);

    /// <summary>Whether a set of tags marks spans: all are <c>O</c> or a letter and a kind.</summary>
    public static bool AreMarkedBy(IEnumerable<string> tags) => tags.Any(t => Split(t).Position != 'O') && tags.All(t => t == "O" || Split(t).Position != 'O');

    /// <summary>The entities of a row, in order.</summary>
    public static List<Span> Of(IReadOnlyList<string> tags)
    {
        List<Span> spans = [];
        int first = -1;
        char last = 'O';
        string type = "";
        for (int i = 0; i <= tags.Count; i++)
        {
            (char position, string kind) = i < tags.Count ? Split(tags[i]) : ('O', "");
            bool goesOn = (last is 'B' or 'I') && (position is 'I' or 'E') && kind == type;
            if (first >= 0 && !goesOn)
            {
                spans.Add(new(type, first, i - 1));
                first = -1;
            }

            if (first < 0 && position != 'O')
                first = i;
            (last, type) = (position, kind);
        }

        return spans;
    }

    private static (char Position, string Type) Split(string tag) =>
        tag.Length > 2 && tag[1] == '-' && (tag[0] is 'B' or 'I' or 'E' or 'S') ? (tag[0], tag[2..]) : ('O', "");
}
