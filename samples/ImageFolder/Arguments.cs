using System.Globalization;

namespace ImageFolder;

/// <summary>What stands on the command line: words, and options that begin with two dashes.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    /// <param name="args">The command line.</param>
    /// <param name="flags">Options that stand alone.</param>
    /// <param name="valued">Options that a value follows.</param>
    /// <exception cref="ArgumentException">An option is unknown or lacks its value.</exception>
    public Arguments(string[] args, string[] flags, string[] valued)
    {
        List<string> words = [];
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                words.Add(args[i]);
            else if (flags.Contains(args[i]))
                _options[args[i]] = "";
            else if (!valued.Contains(args[i]))
                throw new ArgumentException($"There is no option '{args[i]}'. Options are: {string.Join(", ", flags.Concat(valued))}.");
            else if (++i < args.Length)
                _options[args[i - 1]] = args[i];
            else
                throw new ArgumentException($"The option '{args[i - 1]}' lacks its value.");
        }

        Words = [.. words];
    }

    /// <summary>What is no option.</summary>
    public string[] Words { get; }

    public bool Has(string option) => _options.ContainsKey(option);

    public string? Text(string option) => _options.GetValueOrDefault(option);

    /// <exception cref="ArgumentException">It is not a number of that range.</exception>
    public int? Number(string option, int least, int most)
    {
        if (Text(option) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{option} is '{text}', expected a number from {least} to {most}.");
    }
}
