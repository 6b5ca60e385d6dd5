using System.Text.RegularExpressions;

namespace MLNetDeep.Tests.Support;

/// <summary>JSON that was changed.</summary>
internal static partial class HostileJson
{
    private static readonly string[] Values = ["null", "-1", "0", "1e38", "1e999", "2147483647", "\"x\"", "[]", "{}", "true", "[1,2]", "[1,2,3]", "[3,2,1]", "[null]", "65536", "1.5"];

    /// <summary>A value becomes one of another kind, or another of the text's, goes missing or comes twice.</summary>
    public static string Mutated(string json, Random random)
    {
        MatchCollection tokens = Token().Matches(json);
        if (tokens.Count == 0)
            return json;
        Match token = tokens[random.Next(tokens.Count)], other = tokens[random.Next(tokens.Count)];
        string put = random.Next(4) switch
        {
            0 => Values[random.Next(Values.Length)],
            1 => other.Value,
            2 => "",
            _ => token.Value + "," + token.Value,
        };
        return json[..token.Index] + put + json[(token.Index + token.Length)..];
    }

    /// <summary>Each number in turn becomes each of the others.</summary>
    public static IEnumerable<string> WithNumbers(string json, params string[] others)
    {
        for (int n = Number().Count(json) - 1; n >= 0; n--)
        {
            foreach (string other in others)
            {
                int at = 0;
                yield return Number().Replace(json, m => at++ == n ? other : m.Value);
            }
        }
    }

    [GeneratedRegex("(?<=[:\\[,])-?\\d+(\\.\\d+)?(?=[,\\]}])")]
    private static partial Regex Number();

    [GeneratedRegex("\"[^\"]*\"|-?\\d+(\\.\\d+)?|true|false|null|\\[[^\\[\\]]*\\]|\\{[^{}]*\\}")]
    private static partial Regex Token();
}
