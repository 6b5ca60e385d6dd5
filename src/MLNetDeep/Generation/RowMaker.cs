using MLNetDeep.Engines;
using MLNetDeep.Initializers;
using MLNetDeep.Transformers;

namespace MLNetDeep.Generation;

/// <summary>Makes blocks of rows, on the network's scale. Latent vector and class of a row are functions of the seed and the row's number.</summary>
internal sealed class RowMaker : IDisposable
{
    public const int BlockRows = 256;

    private readonly Scorer _scorer;
    private readonly IExecutable _executable;
    private readonly CounterRandom _latents, _draws;
    private readonly double[] _shares;
    private readonly int? _pathSteps;
    private readonly int[] _classes = new int[BlockRows];
    private readonly float[] _latent, _rows;

    /// <param name="scorer">The network that makes rows of latent vectors and, where there are shares, of classes.</param>
    /// <param name="seed">Seed of latent vectors and classes.</param>
    /// <param name="shares">What share of the rows are of each class; empty without classes.</param>
    /// <param name="pathSteps">Rows of a way from one latent vector to another; null for vectors that have nothing to do with each other.</param>
    public RowMaker(Scorer scorer, int seed, double[] shares, int? pathSteps = null)
    {
        (_scorer, _shares, _pathSteps) = (scorer, shares, pathSteps);
        _latents = new(Initializer.SeedFor(seed, "latent"));
        _draws = new(Initializer.SeedFor(seed, "class"));
        _latent = new float[BlockRows * LatentSize];
        _rows = new float[BlockRows * RowSize];
        _executable = scorer.Rent();
    }

    public int LatentSize => _scorer.Inputs[0].Shape.UnitSize;

    public int RowSize => _scorer.Output.Shape.UnitSize;

    public Span<float> Row(int index) => _rows.AsSpan(index * RowSize, RowSize);

    public ReadOnlySpan<float> Latent(int index) => _latent.AsSpan(index * LatentSize, LatentSize);

    /// <summary>The class of a row, from 0; 0 without classes.</summary>
    public int Class(int index) => _classes[index];

    /// <summary>Makes up to <see cref="BlockRows"/> rows from a number on.</summary>
    public void Make(long start, int count)
    {
        for (int i = 0; i < count; i++)
            Fill(_latent.AsSpan(i * LatentSize, LatentSize), start + i);
        _latent.AsSpan(0, count * LatentSize).CopyTo(_executable.Feed<float>(_scorer.Inputs[0], count));
        if (_shares.Length > 0)
        {
            for (int i = 0; i < count; i++)
                _classes[i] = Draw(_pathSteps is { } steps ? (start + i) / steps : start + i);
            GeneratingTransformer.FeedClasses(_executable, _scorer.Inputs[1], _classes.AsSpan(0, count));
        }

        _executable.Run(count);
        _executable.Fetch<float>(_scorer.Output).CopyTo(_rows);
    }

    /// <summary>Is called once.</summary>
    public void Dispose() => _scorer.Return(_executable);

    private void Fill(Span<float> latent, long row)
    {
        if (_pathSteps is not { } steps)
        {
            for (int i = 0; i < latent.Length; i++)
                latent[i] = (float)_latents.Normal((row * latent.Length) + i);
            return;
        }

        // Along the sphere that normal vectors of many numbers lie near (White 2016): in a straight line they would become too short.
        long from = row / steps * 2 * latent.Length, to = from + latent.Length;
        double share = (double)(row % steps) / (steps - 1), dot = 0, first = 0, second = 0;
        for (int i = 0; i < latent.Length; i++)
        {
            (double a, double b) = (_latents.Normal(from + i), _latents.Normal(to + i));
            (dot, first, second) = (dot + (a * b), first + (a * a), second + (b * b));
        }

        double angle = Math.Acos(Math.Clamp(dot / Math.Sqrt(first * second), -1, 1)), sine = Math.Sin(angle);
        (double start, double end) = sine < 1e-6 ? (1 - share, share) : (Math.Sin((1 - share) * angle) / sine, Math.Sin(share * angle) / sine);
        for (int i = 0; i < latent.Length; i++)
            latent[i] = (float)((start * _latents.Normal(from + i)) + (end * _latents.Normal(to + i)));
    }

    private int Draw(long index)
    {
        double at = _draws.Uniform(index);
        int last = 0;
        for (int i = 0; i < _shares.Length; i++)
        {
            if (_shares[i] == 0)
                continue;
            last = i;
            if ((at -= _shares[i]) < 0)
                break;
        }

        return last;
    }
}
