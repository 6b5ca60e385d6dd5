using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Memory;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;
using MLNetDeep.Graphs;

namespace MLNetDeep.Cpu.Elementwise;

/// <summary>A fused loop over elements.</summary>
internal sealed unsafe class ElementwiseStep : Step, IDisposable
{
    /// <summary>Work (elements times cost) below which handing a part to another thread costs more than it saves.</summary>
    private const int GrainWork = 1 << 16;

    /// <summary>Rows shorter than this are joined: the start and end of a row cost as much as some vectors.</summary>
    private const int ShortRow = 256;

    private readonly LoopStream[] _streams;
    private readonly int[] _ids;
    private readonly NativeBuffer _parameters;
    private readonly ElementwiseLoop.Body _body;
    private readonly Inner _inner;
    private readonly Shape _shape;
    private readonly int _cost;

    // Streams that give each row the same numbers, and how many rows are joined to one; 1 where rows are not joined.
    private readonly int[] _rowStreams;
    private readonly int _joined;

    public ElementwiseStep(Group group, Func<Value, bool> isNeeded)
    {
        List<LoopStream> streams = [];
        foreach (PlanNode member in group.Members)
        {
            foreach (Operand input in member.Inputs)
            {
                if (!group.Makes(input.Value))
                    Add(LoopStream.Reading(member, input));
            }

            foreach (string parameter in member.Elementwise!.Parameters)
                Add(new(null, Access.Scalar, Parameter: member.Attributes.Get<float>(parameter)));
        }

        foreach (PlanNode member in group.Members)
        {
            if (isNeeded(member.Outputs[0]))
                streams.Add(new(member.Outputs[0], Access.Flat, IsOutput: true));
        }

        _streams = [.. streams];
        _parameters = new(_streams.Length);
        for (int i = 0; i < _streams.Length; i++)
            _parameters.Pointer[i] = _streams[i].Parameter ?? 0;
        _ids = [.. _streams.Select(s => s.Value?.Id ?? -1)];
        _inner = group.Inner;
        _shape = group.Members[0].OutputShapes[0];
        _cost = 2 * _streams.Length + group.Members.Sum(m => Cost(m.Op));
        _rowStreams = [.. Enumerable.Range(0, _streams.Length).Where(i => _streams[i].Access == Access.Row)];
        _joined = _inner.IsFlat || _inner.IsBatched || _inner.UnitSize >= ShortRow || _streams.Any(s => s.Access is Access.Column or Access.Block) ? 1 : Join(_inner.UnitSize);
        Description = $"{string.Join(" ", group.Members.Select(m => m.Op))} {group.Members[^1].Name}";
        _body = ElementwiseLoop.Compile(group.Members, _streams, _inner.IsFlat, CpuFeatures.Width);

        void Add(LoopStream stream)
        {
            if (!streams.Contains(stream))
                streams.Add(stream);
        }
    }

    public override string Description { get; }

    /// <summary>The inputs that are read element by element, so that an output may take their place.</summary>
    public IEnumerable<Value> FlatInputs => _streams.Where(s => !s.IsOutput && s.Access == Access.Flat).Select(s => s.Value!);

    /// <summary>The inputs that are read in another way.</summary>
    public IEnumerable<Value> OtherInputs => _streams.Where(s => !s.IsOutput && s.Access != Access.Flat && s.Value is not null).Select(s => s.Value!);

    public override IEnumerable<Value> Inputs => FlatInputs.Concat(OtherInputs);

    public override IEnumerable<Value> Outputs => _streams.Where(s => s.IsOutput).Select(s => s.Value!);

    public override bool WritesWholeVectors => _inner.IsFlat;

    public override long WorkspaceSize(int batch, int threads) => _joined == 1 ? 0 : _rowStreams.Length * NativeBuffer.Round((long)_inner.UnitSize * _joined);

    public override void Run(Frame frame)
    {
        float** pointers = stackalloc float*[_ids.Length];
        for (int i = 0; i < _ids.Length; i++)
            pointers[i] = _ids[i] < 0 ? _parameters.Pointer + i : frame.Pointers[_ids[i]];
        int size = checked((int)_shape.Size(frame.Batch));
        if (_inner.IsFlat)
        {
            int grain = Math.Max(GrainWork / _cost, 1024) & ~15;
            if (size <= grain)
            {
                _body(pointers, 0, size, 0);
                return;
            }

            Work work = new(_body, pointers, 0);
            frame.Pool.For(size, grain, ref work);
            return;
        }

        int inner = (int)_inner.Size(frame.Batch), rows = size / inner;
        int joined = rows < 2 ? 1 : _joined;
        if (joined > 1)
            RepeatRows(pointers, frame.Workspace, Math.Min(joined, rows));
        RunRows(frame, pointers, rows / joined, inner * joined);
        int done = rows / joined * joined;
        if (done == rows)
            return;

        // The rows left over are one shorter row.
        for (int i = 0; i < _ids.Length; i++)
        {
            if (_streams[i].Access == Access.Flat)
                pointers[i] += (long)done * inner;
        }

        _body(pointers, 0, 1, (rows - done) * inner);
    }

    public void Dispose() => _parameters.Dispose();

    // How many rows to join: to a length that whole vectors make up, of any width.
    private static int Join(int inner)
    {
        int step = NativeBuffer.Granule;
        while (step > 1 && inner * (step / 2) % NativeBuffer.Granule == 0)
            step /= 2;
        return (ShortRow / inner / step * step) + step;
    }

    private void RepeatRows(float** pointers, float* workspace, int times)
    {
        int inner = _inner.UnitSize;
        foreach (int stream in _rowStreams)
        {
            float* row = pointers[stream];
            for (int i = 0; i < times; i++)
                new ReadOnlySpan<float>(row, inner).CopyTo(new(workspace + (i * inner), inner));
            pointers[stream] = workspace;
            workspace += NativeBuffer.Round((long)inner * _joined);
        }
    }

    private void RunRows(Frame frame, float** pointers, int rows, int inner)
    {
        Work work = new(_body, pointers, inner);
        frame.Pool.For(rows, Math.Max(GrainWork / _cost / inner, 1), ref work);
    }

    private static int Cost(string op) => op switch
    {
        "Exp" or "Expm1" or "Log" or "Log1p" or "Erf" or "Elu" or "Selu" or "Sigmoid" or "Tanh" or "Softplus" => 12,
        "RealDiv" or "Sqrt" or "Rsqrt" or "Reciprocal" => 4,
        _ => 1,
    };

    private readonly struct Work(ElementwiseLoop.Body body, float** streams, int inner) : IRangeBody
    {
        public void Run(int begin, int end, int worker) => body(streams, begin, end, inner);
    }
}
