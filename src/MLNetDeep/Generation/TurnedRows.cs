using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Generation;

/// <summary>
/// Square images, each turned by 0 to 3 quarters, and by how many: what a classifier can learn where images have no classes (Gidaris, Singh and Komodakis 2018). The turn of a row is a
/// function of the seed and the row's number.
/// </summary>
internal sealed class TurnedRows : IRowSource
{
    /// <summary>Turns that there are.</summary>
    public const int Turns = 4;

    private readonly IRowSource _images;
    private readonly int _side, _channels;
    private readonly int _seed;

    /// <param name="images">Images of one column.</param>
    /// <param name="side">Height and width.</param>
    /// <param name="channels">Channels, beside one another.</param>
    /// <param name="seed">Seed of the turns.</param>
    public TurnedRows(IRowSource images, int side, int channels, int seed)
    {
        (_images, _side, _channels, _seed) = (images, side, channels, seed);
        Columns = [images.Columns[0], new("turn", DType.Int32, 1)];
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public long? RowCount => _images.RowCount;

    public IRowReader Read() => new Reader(this);

    /// <summary>Turns an image counterclockwise.</summary>
    internal static void Turn(ReadOnlySpan<float> image, Span<float> turned, int side, int channels, int quarters)
    {
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                (int fromY, int fromX) = quarters switch
                {
                    0 => (y, x),
                    1 => (x, side - 1 - y),
                    2 => (side - 1 - y, side - 1 - x),
                    _ => (side - 1 - x, y),
                };
                image.Slice(((fromY * side) + fromX) * channels, channels).CopyTo(turned[(((y * side) + x) * channels)..]);
            }
        }
    }

    private sealed class Reader(TurnedRows owner) : IRowReader
    {
        private readonly IRowReader _images = owner._images.Read();
        private readonly RowBuffer _next = new(owner._images.Columns, 1);
        private readonly CounterRandom _turns = new(Initializer.SeedFor(owner._seed, "turn"));
        private long _row;

        public bool Read(RowBuffer rows, int index)
        {
            if (!_images.Read(_next, 0))
                return false;
            int quarters = Math.Min((int)(_turns.Uniform(_row++) * Turns), Turns - 1);
            Turn(_next.Rows<float>(0, 0), rows.Rows<float>(0, index), owner._side, owner._channels, quarters);
            rows.Rows<int>(1, index)[0] = quarters;
            return true;
        }

        public void Dispose() => _images.Dispose();
    }
}
