using MLNetDeep.Graphs;
using MLNetDeep.Training.Augmentation;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Tests.Augmentation;

/// <summary>Small pictures and ways to change them.</summary>
internal static class Images
{
    /// <summary>The picture after the operations of one row's draw.</summary>
    public static float[] Apply(ImageAugmentation augmentation, ImageShape shape, float[] pixels, long row = 0, int seed = 1)
    {
        augmentation.Check(shape);
        float[] copy = [.. pixels];
        RandomNumbers random = RandomDraws.Of(seed, 1, row);
        augmentation.Apply(ref random, shape, copy, new float[shape.Size]);
        return copy;
    }

    public static float[] Noise(ImageShape shape, int seed = 1, float low = 0, float high = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, shape.Size).Select(_ => low + (high - low) * random.NextSingle())];
    }

    /// <summary>Pictures of (height, width, channels) with a class or number each.</summary>
    public static PictureRows Rows(int count, ImageShape shape, int classes, bool weighted = false, int seed = 3) => new(
        [.. Enumerable.Range(0, count).Select(i => Noise(shape, seed + i))],
        [.. Enumerable.Range(0, count).Select(i => classes == 0 ? i * 0.25f : i % classes)],
        weighted ? [.. Enumerable.Range(0, count).Select(i => 0.5f + i % 4)] : null,
        classes > 0);

    /// <summary>Rows in memory.</summary>
    internal sealed class PictureRows(float[][] pixels, float[] targets, float[]? weights, bool classes) : IRowSource
    {
        public IReadOnlyList<RowColumn> Columns { get; } =
            [new("pixels", DType.Float32, pixels[0].Length), new("label", classes ? DType.Int32 : DType.Float32, 1), .. weights is null ? Array.Empty<RowColumn>() : [new("weight", DType.Float32, 1)]];

        public float[][] Pixels => pixels;

        /// <summary>Called before a row is read, with its number.</summary>
        public Action<int>? Reading { get; set; }

        public int OpenReaders { get; private set; }

        public IRowReader Read()
        {
            OpenReaders++;
            return new Reader(this, pixels, targets, weights);
        }

        private sealed class Reader(PictureRows owner, float[][] pixels, float[] targets, float[]? weights) : IRowReader
        {
            private int _next;

            public bool Read(RowBuffer rows, int index)
            {
                if (_next == pixels.Length)
                    return false;
                owner.Reading?.Invoke(_next);
                pixels[_next].CopyTo(rows.Rows<float>(0, index));
                if (rows.Columns[1].DType == DType.Int32)
                    rows.Rows<int>(1, index)[0] = (int)targets[_next];
                else
                    rows.Rows<float>(1, index)[0] = targets[_next];
                if (weights is not null)
                    rows.Rows<float>(2, index)[0] = weights[_next];
                _next++;
                return true;
            }

            public void Dispose() => owner.OpenReaders--;
        }
    }
}
