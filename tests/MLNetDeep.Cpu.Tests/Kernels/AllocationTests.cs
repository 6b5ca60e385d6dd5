using System.Diagnostics;
using System.Reflection;
using MLNetDeep.Cpu.Kernels;

namespace MLNetDeep.Cpu.Tests.Kernels;

public unsafe class AllocationTests
{
    [Fact]
    public void Kernels_allocate_nothing()
    {
        // Without the JIT's optimisations some generic calls on structs box them.
        if (typeof(Gemm).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
            return;
        using Buffer x = Buffer.Random(1 << 16, 1), y = new(1 << 16), z = Buffer.Random(1 << 16, 2), workspace = new(1 << 20), ids = new(new int[1 << 10]), saved = new(1 << 16);
        GemmShape[] shapes = [new(100, 100, 100, true, true), new(1, 100, 100, false, true), new(20, 20, 2048, true, false), new(4, 4, 4, false, false, 8, 16, 16, 16)];
        AttentionShape attention = new(2, 2, 64, 64, 16, 16, 1, true, 0.5f, 1);
        var pool = Pools.Two;
        void All()
        {
            foreach (var shape in shapes)
                Gemm.Run(pool, shape, x, z, y, null, workspace);
            Reduce.Run(pool, ReduceKind.Mean, x, y, 1, 1 << 10, 64, workspace);
            ArgMax.Run(pool, x, y.IntPointer, 256, 256, 1);
            Softmax.Forward(pool, x, y, 256, 256);
            LogSoftmax.Forward(pool, x, y, 256, 256);
            SparseCrossEntropy.Run(pool, x, ids.IntPointer, workspace, y, 256, 256);
            BatchNorm.Statistics(pool, x, y, y.Pointer + 64, 1024, 64, workspace);
            BatchNorm.Sums(pool, x, z, z, z, 1, y, y.Pointer + 64, 1024, 64, workspace);
            LayerNorm.Forward(pool, x, z, z, 1, y, workspace, workspace.Pointer + 1024, 1024, 64);
            Gather.Run(pool, x, ids.IntPointer, y, 1 << 10, 64, 10);
            SegmentSum.Run(pool, x, ids.IntPointer, y, 1 << 10, 64, 10);
            OneHot.Run(pool, ids.IntPointer, y, 1 << 10, 64, 1, 0);
            Transpose.Run(pool, x, y, [16, 64, 64], [2, 0, 1]);
            Broadcast.Run(pool, x, [16, 1, 64], y, [16, 64, 64]);
            StridedCopy.Run(pool, x, 64, y, 64, 1024, 63);
            PhiloxRandom.Normal(pool, y, 1 << 16, 1, 1);
            Attention.Forward(pool, attention, x, z, z, null, null, 1, y, workspace);
            Attention.Backward(pool, attention, x, x, z, z, null, null, 1, y, y.Pointer + (1 << 14), y.Pointer + (1 << 15), workspace);
            PanelProduct.Pack(pool, x, 32, 128, false, z);
            RecurrentSequence sequence = new() { Rows = 40, Steps = 4, Units = 32, Sequence = saved, Saved = saved.Pointer + (1 << 13), Cells = saved.Pointer + (1 << 15) };
            Recurrent.Forward<LstmCell>(pool, sequence, x, z, null, y, y.Pointer + (1 << 12), workspace);
            Recurrent.Backward<LstmCell>(pool, sequence, z, saved, null, null, y, y.Pointer + (1 << 15), null, null, null, workspace);
        }

        All();
        long before = GC.GetAllocatedBytesForCurrentThread();
        All();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
