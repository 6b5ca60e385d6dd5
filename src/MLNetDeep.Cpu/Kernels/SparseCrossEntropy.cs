using System.Runtime.CompilerServices;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>
/// Softmax cross-entropy with class numbers, as TensorFlow's SparseSoftmaxCrossEntropyWithLogits: the loss of each row
/// and the gradient of that loss. A label that is no column makes its row NaN.
/// </summary>
internal static unsafe class SparseCrossEntropy
{
    /// <summary><paramref name="backprop"/> may be <paramref name="logits"/>.</summary>
    public static void Run(WorkerPool pool, float* logits, int* labels, float* loss, float* backprop, int rows, int columns)
    {
        var body = new Body { Logits = logits, Labels = labels, Loss = loss, Backprop = backprop, Columns = columns };
        pool.ForRows(rows, (long)columns * 8, ref body);
    }

    private struct Body : IVecRangeBody
    {
        public float* Logits, Loss, Backprop;
        public int* Labels;
        public int Columns;

        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVec>(int begin, int end, int worker)
            where TVec : struct, IVec<TVec>
        {
            for (int row = begin; row < end; row++)
            {
                float* x = Logits + ((long)row * Columns);
                float* y = Backprop + ((long)row * Columns);
                int label = Labels[row];
                if ((uint)label >= (uint)Columns)
                {
                    Loss[row] = float.NaN;
                    new Span<float>(y, Columns).Fill(float.NaN);
                    continue;
                }

                float most = Softmax.Greatest<TVec>(x, Columns);
                float own = x[label] - most;
                float sum = Softmax.Exponentials<TVec>(x, y, Columns, most);
                Loss[row] = LogSoftmax.Log(sum) - own;
                var scale = TVec.Broadcast(1 / sum);
                for (int i = 0; i < Columns; i += TVec.Count)
                    VecTail.Store(VecTail.Load<TVec>(y + i, Columns - i) * scale, y + i, Columns - i);
                y[label] -= 1;
            }
        }
    }
}
