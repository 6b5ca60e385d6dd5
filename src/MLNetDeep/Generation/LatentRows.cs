using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Generation;

/// <summary>Generated rows with the latent vectors that they were made of: what an encoder learns from.</summary>
internal sealed class LatentRows : IRowSource
{
    private readonly GanTransformer _model;
    private readonly double[] _shares;
    private readonly int _seed;
    private readonly long _count;

    /// <param name="model">What makes the rows.</param>
    /// <param name="encoder">The network: takes a row, and its class where it has a second input.</param>
    /// <param name="seed">Seed of latent vectors and classes.</param>
    /// <param name="count">Number of rows.</param>
    public LatentRows(GanTransformer model, Network encoder, int seed, long count)
    {
        (_model, _seed, _count, _shares) = (model, seed, count, model.ClassShares(null));
        RowColumn row = new(model.Columns.Features.Name, DType.Float32, model.Columns.Features.Size), latent = new(GeneratingTransformer.LatentName, DType.Float32, model.LatentSize);
        InputLayer[] inputs = [.. encoder.InputLayers];
        Columns = inputs.Length == 1 ? [row, latent] : [row, new(model.Columns.Columns.Label!, inputs[1].DType, inputs[1].Shape!.Aggregate(1, (a, b) => a * b)), latent];
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    public long? RowCount => _count;

    public IRowReader Read() => new Reader(this);

    private sealed class Reader(LatentRows owner) : IRowReader
    {
        private readonly RowMaker _maker = new(owner._model.Decoder, owner._seed, owner._shares);
        private long _row;

        public bool Read(RowBuffer rows, int index)
        {
            if (_row == owner._count)
                return false;
            int at = (int)(_row % RowMaker.BlockRows);
            if (at == 0)
                _maker.Make(_row, (int)Math.Min(RowMaker.BlockRows, owner._count - _row));
            _row++;
            _maker.Row(at).CopyTo(rows.Rows<float>(0, index));
            _maker.Latent(at).CopyTo(rows.Rows<float>(owner.Columns.Count - 1, index));
            if (owner.Columns.Count > 2)
                GanRows.WriteClass(rows, 1, index, _maker.Class(at));
            return true;
        }

        public void Dispose() => _maker.Dispose();
    }
}
