using MLNetDeep.Engines;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.TensorFlow.Tests.Support;

namespace MLNetDeep.TensorFlow.Tests;

/// <summary>What every engine promises, and what is special to this one: devices, memory that TensorFlow keeps, closing.</summary>
public class EngineTests
{
    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Variables_start_as_on_the_cpu_and_are_read_and_written_by_name(string engine)
    {
        Graph graph = new();
        Variable kernel = graph.Variable("a layer/kernel", new Shape(3, 2), new GlorotUniform()), number = graph.Variable("number", Shape.Scalar, new Constant(2));
        using ISession session = TestedEngines.Get(engine).CreateSession(graph, 7), cpu = TestedEngines.Cpu.CreateSession(graph, 7);
        float[] own = new float[6], wanted = new float[6];
        session.ReadVariable(kernel.Name, own);
        cpu.ReadVariable(kernel.Name, wanted);
        Assert.Equal(wanted, own);
        session.WriteVariable(kernel.Name, [1, 2, 3, 4, 5, 6]);
        session.ReadVariable(kernel.Name, own);
        Assert.Equal([1, 2, 3, 4, 5, 6], own);

        // Added after the session was made, and after the others were.
        Variable late = graph.Variable("late", new Shape(1), new Constant(9));
        using IExecutable run = session.Compile([late.Tensor + number.Tensor + Ops.Sum(kernel.Tensor)]);
        run.Run(1);
        Assert.Equal([9 + 2 + 21f], run.Fetch<float>(run.Fetches[0]).ToArray());
        Assert.Contains("no variable called 'other'", Assert.Throws<ArgumentException>(() => session.ReadVariable("other", own)).Message, StringComparison.Ordinal);
        Assert.Contains("has 6 elements, received room for 5", Assert.Throws<ArgumentException>(() => session.WriteVariable(kernel.Name, own.AsSpan(1))).Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void All_of_a_run_sees_the_values_from_before_it(string engine)
    {
        Graph graph = new();
        Variable a = graph.Variable("a", new Shape(2), new Constant(1)), b = graph.Variable("b", new Shape(2), new Constant(10));
        Tensor sum = a.Tensor + b.Tensor;
        Node[] updates = [Ops.Assign(a, b.Tensor), Ops.Assign(b, a.Tensor * 2f)];
        using ISession session = TestedEngines.Get(engine).CreateSession(graph, 0);
        using IExecutable step = session.Compile([sum, a.Tensor], updates);
        step.Run(1);
        Assert.Equal([11, 11], step.Fetch<float>(sum).ToArray());
        Assert.Equal([1, 1], step.Fetch<float>(a.Tensor).ToArray());
        step.Run(1);
        Assert.Equal([12, 12], step.Fetch<float>(sum).ToArray());
        float[] values = new float[2];
        session.ReadVariable("a", values);
        Assert.Equal([2, 2], values);
    }

    // TensorFlow gives a variable the fed tensor's own memory.
    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void A_variable_keeps_what_it_was_given_when_the_feed_changes(string engine)
    {
        Graph graph = new();
        Variable variable = graph.Variable("v", new Shape(2, 2), new Constant(0));
        Tensor fed = graph.Placeholder("x", DType.Float32, new Shape(4)), read = variable.Tensor * 1f;
        using ISession session = TestedEngines.Get(engine).CreateSession(graph, 0);
        using IExecutable write = session.Compile([], [Ops.Assign(variable, Ops.Reshape(fed, new Shape(2, 2)))]), look = session.Compile([read]);
        write.Feed<float>(fed, 1).Fill(3);
        write.Run(1);
        write.Feed<float>(fed, 1).Fill(4);
        look.Run(1);
        Assert.Equal([3, 3, 3, 3], look.Fetch<float>(read).ToArray());
        float[] values = [5, 5, 5, 5];
        session.WriteVariable("v", values);
        Array.Fill(values, 6);
        session.ReadVariable("v", values);
        Assert.Equal([5, 5, 5, 5], values);
        write.Run(1);
        session.ReadVariable("v", values);
        Assert.Equal([4, 4, 4, 4], values);
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Batches_of_any_size_run_in_one_executable(string engine)
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(2)), scale = graph.Placeholder("scale", DType.Float32, Shape.Scalar);
        Tensor y = x * scale, big = Ops.Greater(y, Ops.Like(y, 4)), fixedRows = Ops.EnsureShape(x, new Shape(2, 2));
        using ISession session = TestedEngines.Get(engine).CreateSession(graph, 0);
        using IExecutable run = session.Compile([y, big, x, y]), fixedRun = session.Compile([fixedRows]);
        run.Feed<float>(scale, 3)[0] = 2;
        foreach (int batch in (int[])[3, 1, 4])
        {
            Span<float> to = run.Feed<float>(x, batch);
            Assert.Equal(2 * batch, to.Length);
            for (int i = 0; i < to.Length; i++)
                to[i] = i;
            run.Run(batch);
            Assert.Equal(Enumerable.Range(0, 2 * batch).Select(i => 2f * i), run.Fetch<float>(y).ToArray());
            Assert.Equal(Enumerable.Range(0, 2 * batch).Select(i => i > 2 ? 1f : 0), run.Fetch<float>(big).ToArray());
            Assert.Equal(Enumerable.Range(0, 2 * batch).Select(i => (float)i), run.Fetch<float>(x).ToArray());
        }

        // Fewer rows than were fed: the first ones.
        run.Run(2);
        Assert.Equal([0, 2, 4, 6], run.Fetch<float>(y).ToArray());
        fixedRun.Feed<float>(x, 2).Fill(1);
        fixedRun.Run(2);
        fixedRun.Feed<float>(x, 3).Fill(1);
        Assert.Throws<TensorFlowException>(() => fixedRun.Run(3));
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void A_batch_that_no_feed_tells_is_that_of_the_run(string engine)
    {
        Graph graph = new();
        Tensor shape = graph.Placeholder("shape", DType.Float32, Shape.Batched(2)), step = graph.Placeholder("step", DType.Int32, Shape.Scalar);
        Tensor noise = Ops.RandomUniform(shape, step, 3), count = Ops.ElementCount(shape, [0]);
        using ISession session = TestedEngines.Get(engine).CreateSession(graph, 0), cpu = TestedEngines.Cpu.CreateSession(graph, 0);
        using IExecutable actual = session.Compile([noise, count]), expected = cpu.Compile([noise, count]);
        foreach (int batch in (int[])[3, 5])
        {
            foreach (IExecutable run in (IExecutable[])[actual, expected])
            {
                run.Feed<int>(step, batch)[0] = 8;
                run.Run(batch);
                Assert.Equal([batch], run.Fetch<float>(count).ToArray());
            }

            Assert.Equal(expected.Fetch<float>(noise).ToArray(), actual.Fetch<float>(noise).ToArray());
        }
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Ids_out_of_range_are_told_as_on_the_cpu(string engine)
    {
        Graph graph = new();
        Tensor ids = graph.Placeholder("ids", DType.Int32, Shape.Batched(2)), labels = graph.Placeholder("labels", DType.Int32, new Shape(-1));
        Tensor table = graph.Variable("table", new Shape(5, 3), new GlorotUniform()).Tensor;
        Tensor loss = Ops.SparseSoftmaxCrossEntropy(Ops.Sum(Ops.Gather(table, ids), [1]), labels);
        foreach (IEngine tested in (IEngine[])[TestedEngines.Get(engine), TestedEngines.Cpu])
        {
            using ISession session = tested.CreateSession(graph, 0);
            using IExecutable run = session.Compile([loss]);
            Set(run, [0, 1, 4, 5], [0, 2]);
            Assert.Contains("element 3 of the ids is 5, expected 0 to 4", Assert.Throws<ArgumentOutOfRangeException>(() => run.Run(2)).Message, StringComparison.Ordinal);
            Set(run, [0, 1, 4, 4], [0, -1]);
            Assert.Contains("element 1 of the labels is -1, expected 0 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => run.Run(2)).Message, StringComparison.Ordinal);
            Set(run, [0, 1, 4, 4], [0, 2]);
            run.Run(2);
        }

        void Set(IExecutable run, int[] a, int[] b)
        {
            a.CopyTo(run.Feed<int>(ids, 2));
            b.CopyTo(run.Feed<int>(labels, 2));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Threads_run_forks_of_one_executable(string engine)
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(3));
        Tensor y = Ops.MatMul(x, graph.Variable("w", new Shape(3, 2), new GlorotUniform()).Tensor);
        using ISession session = TestedEngines.Get(engine).CreateSession(graph, 1), cpu = TestedEngines.Cpu.CreateSession(graph, 1);
        using IExecutable first = session.Compile([y]), reference = cpu.Compile([y]);
        Parallel.For(0, 8, i =>
        {
            using IExecutable run = first.Fork();
            using IExecutable wanted = reference.Fork();
            for (int n = 0; n < 20; n++)
            {
                int batch = 1 + ((i + n) % 5);
                foreach (IExecutable executable in (IExecutable[])[run, wanted])
                {
                    Span<float> to = executable.Feed<float>(x, batch);
                    for (int j = 0; j < to.Length; j++)
                        to[j] = i + (0.1f * j) + n;
                    executable.Run(batch);
                }

                Compare.Near("y", wanted.Fetch<float>(y), run.Fetch<float>(y), 1e-5);
            }
        });
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Mistakes_are_told(string engine)
    {
        Graph graph = new(), other = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(2)), ids = graph.Placeholder("ids", DType.Int32, Shape.Batched(1)), y = x * 2f;
        Tensor strange = other.Placeholder("strange", DType.Float32, Shape.Batched(2));
        ISession session = TestedEngines.Get(engine).CreateSession(graph, 0);
        Assert.Contains("belongs to another graph", Assert.Throws<ArgumentException>(() => session.Compile([strange])).Message, StringComparison.Ordinal);
        IExecutable run = session.Compile([y]);
        Assert.Contains("is not among what this executable is fed with: x", Assert.Throws<ArgumentException>(() => run.Feed<int>(ids, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("expected Single, received Int32", Assert.Throws<ArgumentException>(() => run.Feed<int>(x, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("run the executable first", Assert.Throws<InvalidOperationException>(() => run.Fetch<float>(y).Length).Message, StringComparison.Ordinal);
        Assert.Contains("is not among what this executable computes", Assert.Throws<ArgumentException>(() => run.Fetch<float>(x).Length).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Run(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Feed<float>(x, 0));

        // Closed before what was compiled from it.
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => run.Run(1));
        Assert.Throws<ObjectDisposedException>(() => session.Compile([y]));
        Assert.Throws<ObjectDisposedException>(run.Fork);
        run.Dispose();
        Assert.Throws<ObjectDisposedException>(() => run.Feed<float>(x, 1));
        run.Dispose();
        session.Dispose();
    }

    [Fact]
    public void Everything_is_given_back()
    {
        InterpretedRuntime runtime = new();
        Graph graph = new();
        Tensor y = graph.Placeholder("x", DType.Float32, Shape.Batched(2)) * graph.Variable("v", new Shape(2), new Constant(1)).Tensor;
        using (ISession session = new TensorFlowEngine(null, runtime).CreateSession(graph, 0))
        {
            using IExecutable run = session.Compile([y]), fork = run.Fork();
            Assert.Equal((1, 4), (runtime.OpenSessions, runtime.OpenCalls));
        }

        Assert.Equal((0, 0), (runtime.OpenSessions, runtime.OpenCalls));
    }

    [Theory]
    [InlineData(null, true, "/device:CPU:0")]
    [InlineData(1, true, "/device:GPU:1")]
    [InlineData(1, false, "/device:GPU:1")]
    [InlineData(7, true, "/device:CPU:0")]
    public void Nodes_are_placed_on_the_device_asked_for(int? gpu, bool fallback, string device)
    {
        InterpretedRuntime runtime = new("0", "1");
        Graph graph = new();
        using ISession session = new TensorFlowEngine(new() { GpuDeviceId = gpu, FallbackToCpu = fallback }, runtime).CreateSession(graph, 0);
        session.Compile([graph.Placeholder("x", DType.Float32, Shape.Batched(2)) * graph.Variable("v", new Shape(2), new Constant(1)).Tensor]).Dispose();
        Assert.All(runtime.Nodes, n => Assert.Equal(device, n.Device));
        Assert.Contains(runtime.Nodes, n => n.Op == "VarHandleOp");
    }

    [Fact]
    public void A_gpu_that_is_not_there_is_an_error_without_fallback()
    {
        TensorFlowOptions options = new() { GpuDeviceId = 2, FallbackToCpu = false };
        Assert.Contains("There is no GPU 2: TensorFlow found GPUs 0, 1.", Error("0", "1"), StringComparison.Ordinal);
        Assert.Contains("There is no GPU 2: TensorFlow found GPU 0.", Error("0"), StringComparison.Ordinal);
        Assert.Contains("TensorFlow found none. The native library must be one for GPUs (SciSharp.TensorFlow.Redist-Linux-GPU 2.11.1)", Error(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorFlowEngine(new() { GpuDeviceId = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorFlowEngine(new() { Threads = 0 }));

        string Error(params string[] gpus) => Assert.Throws<TensorFlowException>(() => new TensorFlowEngine(options, new InterpretedRuntime(gpus)).CreateSession(new Graph(), 0)).Message;
    }

    // A second part of the graph must find the variables of the first under the same shared names.
    [Fact]
    public void Parts_share_variables_by_name()
    {
        InterpretedRuntime runtime = new();
        Graph graph = new();
        Variable odd = graph.Variable("layer 1/kernel", new Shape(2), new Constant(1)), alike = graph.Variable("layer_1/kernel", new Shape(2), new Constant(2));
        using ISession session = new TensorFlowEngine(null, runtime).CreateSession(graph, 0);
        using IExecutable one = session.Compile([alike.Tensor * 3f]), both = session.Compile([odd.Tensor + alike.Tensor]);
        both.Run(1);
        Assert.Equal([3, 3], both.Fetch<float>(both.Fetches[0]).ToArray());
        one.Run(1);
        Assert.Equal([6, 6], one.Fetch<float>(one.Fetches[0]).ToArray());
        Assert.Equal(["layer 1/kernel", "layer_1/kernel"], runtime.Nodes.Where(n => n.Op == "VarHandleOp").Select(n => n.Attr["shared_name"].S.ToStringUtf8()).Distinct().Order());
    }
}
