namespace MLNetDeep.Rows;

/// <summary>How sequences of differing lengths become rows of one length.</summary>
/// <param name="Length">Number of tokens that the network takes. Shorter sequences are followed by the id 0.</param>
/// <param name="Truncation">What becomes of longer ones.</param>
internal sealed record SequenceShape(int Length, SequenceTruncation Truncation)
{
    /// <summary>Longer ones are taken for a mistake.</summary>
    public const int MostTokens = 1 << 20;

    /// <summary>Puts a sequence into a row.</summary>
    /// <param name="tokens">The sequence.</param>
    /// <param name="target">Room for <see cref="Length"/> tokens.</param>
    /// <param name="column">Name of the column, for messages.</param>
    /// <param name="position">The row's number from 0, for messages.</param>
    /// <exception cref="InvalidOperationException">It is too long, and not to be truncated.</exception>
    public void Fill(ReadOnlySpan<int> tokens, Span<int> target, string column, long position)
    {
        tokens = tokens.Slice(Skipped(tokens.Length, column, position), Math.Min(tokens.Length, Length));
        tokens.CopyTo(target);
        target[tokens.Length..].Clear();
    }

    /// <summary>How many tokens are left out at the start.</summary>
    /// <exception cref="InvalidOperationException">It is too long, and not to be truncated.</exception>
    public int Skipped(int length, string column, long position)
    {
        if (length <= Length || Truncation == SequenceTruncation.End)
            return 0;
        return Truncation == SequenceTruncation.Start ? length - Length : throw new InvalidOperationException(
            $"The column '{column}' has {length} tokens in data row {position + 1}, but the network takes {Length}. Give the network's input a larger length, leave such rows out, or let tokens be left out: SequenceTruncation.End or Start.");
    }
}
