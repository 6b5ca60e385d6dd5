using MLNetDeep.Cpu.Execution;
using MLNetDeep.Cpu.Memory;
using MLNetDeep.Cpu.Planning;
using MLNetDeep.Cpu.Simd;
using MLNetDeep.Cpu.Threading;

namespace MLNetDeep.Cpu.Elementwise;

/// <summary>A fused loop over elements.</summary>
internal sealed unsafe class ElementwiseStep : Step, IDisposable
{
    /// <summary>Work (elements times cost) below which handing a part to another thread costs more than it saves.</summary>
    private const int GrainWork = 1 << 16;

    private readonly LoopStream[] _streams;
    private readonly int[] _ids;
    private readonly NativeBuffer _parameters;
    private readonly ElementwiseLoop.Body _body;
    private readonly Inner _inner;
    private readonly Value _shape;
    private readonly int _cost;

    public ElementwiseStep(Group group, Func<Value, bool> isNeeded)
    {
        List<LoopStream> streams = [];
        foreach (PlanNode member in group.Members)
        {
            foreach (Operand input in member.Inputs)
            {
                if (input.Value.Producer?.Group != group)
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
        _shape = group.Members[0].Outputs[0];
        _cost = 2 * _streams.Length + group.Members.Sum(m => Cost(m.Op));
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

    /// <summary>The values written.</summary>
    public IEnumerable<Value> Outputs => _streams.Where(s => s.IsOutput).Select(s => s.Value!);

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
        }
        else
        {
            int inner = (int)_inner.Size(frame.Batch);
            Work work = new(_body, pointers, inner);
            frame.Pool.For(size / inner, Math.Max(GrainWork / _cost / inner, 1), ref work);
        }
    }

    public void Dispose() => _parameters.Dispose();

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
