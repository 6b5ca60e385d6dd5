using MLNetDeep.Engines;
using MLNetDeep.Tasks;

namespace MLNetDeep.Transformers;

/// <summary>The outputs for one row of a batch that has been run.</summary>
internal sealed class BatchScores(Scorer scorer, IExecutable executable, int[] lengths) : Scores
{
    private readonly int _outputSize = scorer.Output.Shape.UnitSize, _logitSize = scorer.Logits?.Shape.UnitSize ?? 0, _innerSize = scorer.Inner?.Shape.UnitSize ?? 0;

    /// <summary>Which row of the batch.</summary>
    public int Row { get; set; }

    /// <summary>Called before the first look at a row; does what is needed for there to be outputs.</summary>
    public Action? Prepare { get; init; }

    public override ReadOnlySpan<float> Output
    {
        get
        {
            Prepare?.Invoke();
            return executable.Fetch<float>(scorer.Output).Slice(Row * _outputSize, _outputSize);
        }
    }

    public override int Length
    {
        get
        {
            Prepare?.Invoke();
            return lengths[Row];
        }
    }

    public override ReadOnlySpan<float> Logits
    {
        get
        {
            if (scorer.Logits is null)
                return [];
            Prepare?.Invoke();
            return executable.Fetch<float>(scorer.Logits).Slice(Row * _logitSize, _logitSize);
        }
    }

    public override ReadOnlySpan<float> Inner
    {
        get
        {
            if (scorer.Inner is null)
                return [];
            Prepare?.Invoke();
            return executable.Fetch<float>(scorer.Inner).Slice(Row * _innerSize, _innerSize);
        }
    }
}
