using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Rows;

namespace MLNetDeep.Generation;

/// <summary>Rows of features and, with classes, labels.</summary>
/// <param name="model">What makes the rows.</param>
/// <param name="count">Number of rows.</param>
/// <param name="seed">Seed of latent vectors and classes.</param>
/// <param name="shares">What share of the rows are of each class; empty without classes.</param>
/// <param name="pathSteps">Rows of a way from one latent vector to another; null for vectors that have nothing to do with each other.</param>
internal sealed class GeneratedView(GeneratingTransformer model, long count, int seed, double[] shares, int? pathSteps = null) : MadeView(model.Columns.ToSchema(), count)
{
    protected override Block CreateBlock() => new MadeRows(new(model.Decoder, seed, shares, pathSteps), model.Columns.Range);

    private sealed class MadeRows(RowMaker maker, ValueRange range) : Block(RowMaker.BlockRows)
    {
        public override void Make(long start, int count)
        {
            maker.Make(start, count);
            for (int i = 0; i < count; i++)
                range.Stretch(maker.Row(i));
        }

        public override Delegate CreateGetter(DataViewSchema.Column column, Func<int> row)
        {
            return column.Type is VectorDataViewType ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Vectors.Set(ref value, maker.Row(row())))
                : column.Type.RawType == typeof(byte) ? (ValueGetter<byte>)((ref byte value) => value = (byte)Key())
                : column.Type.RawType == typeof(ushort) ? (ValueGetter<ushort>)((ref ushort value) => value = (ushort)Key())
                : column.Type.RawType == typeof(uint) ? (ValueGetter<uint>)((ref uint value) => value = (uint)Key())
                : (ValueGetter<ulong>)((ref ulong value) => value = (ulong)Key());

            int Key() => maker.Class(row()) + 1;
        }

        public override void Dispose() => maker.Dispose();
    }
}
