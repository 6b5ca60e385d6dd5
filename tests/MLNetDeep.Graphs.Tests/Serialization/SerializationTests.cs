using System.Text;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Serialization;

namespace MLNetDeep.Graphs.Tests.Serialization;

public class SerializationTests
{
    internal static Network Branching()
    {
        Dense shared = new() { Units = 4, KernelInitializer = new Orthogonal(0.5f), KernelRegularizer = new Regularizers.L2() };
        Network left = Network.Input("left", 3), right = Network.Input("right", 3), words = Network.TokenInput(5, "words");
        Network both = left.Append(shared).Add(right.Append(shared)).BatchNormalization().Relu();
        return both.Concatenate(words.Embedding(7, 2, maskZero: true).Flatten()).Dropout(0.25).TaskOutput();
    }

    // Forward, loss, gradients, updates: all there can be in a graph.
    internal static Graph TrainingGraph()
    {
        Graph graph = new();
        BuildContext context = new(graph) { Training = true, OutputUnits = 3, OutputActivation = new Softmax() };
        MaskedTensor output = Branching().Build(context);
        SparseCategoricalCrossentropy loss = new() { LabelSmoothing = 0.1f };
        Tensor total = loss.Reduce(output, graph.Placeholder("label", DType.Int32, Shape.Batched()), penalties: context.Losses);
        new AdamW { GlobalClipNorm = 1 }.Minimize(total, [.. graph.Variables], graph.Placeholder("learning_rate", DType.Float32, Shape.Scalar));
        return graph;
    }

    [Fact]
    public void A_network_comes_back_as_it_was()
    {
        string json = NetworkJson.Write(Branching());
        Network read = NetworkJson.Read(json);
        Assert.Equal(json, NetworkJson.Write(read));
        Assert.Equal(["left", "right", "words"], read.InputLayers.Select(i => i.Name));
        Graph before = new(), after = new();
        Branching().Build(new BuildContext(before) { OutputUnits = 3 });
        read.Build(new BuildContext(after) { OutputUnits = 3 });
        Assert.Equal(GraphJson.Write(before), GraphJson.Write(after));
    }

    [Fact]
    public void What_the_data_is_to_tell_stays_open()
    {
        Network read = NetworkJson.Read(NetworkJson.Write(Networks.Mlp(hidden: [4])));
        Assert.Null(read.InputLayers[0].Shape);
        Assert.Equal(Shape.Batched(2), read.WithInputShapes([3]).WithOutputUnits(2, new Softmax()).Build(new BuildContext(new Graph())).Value.Shape);
        Network filled = Networks.Mlp(hidden: [4]).WithInputShapes([3]).WithOutputUnits(2, new Softmax());
        Assert.Equal("Softmax", NetworkJson.Read(NetworkJson.Write(filled)).Build(new BuildContext(new Graph())).Value.Node.Op.Name);
    }

    [Fact]
    public void Several_outputs_share_what_they_share()
    {
        Network trunk = Network.Input(3).Dense(4);
        string json = NetworkJson.WriteAll([trunk.Dense(1), trunk.Dense(2)]);
        IReadOnlyList<Network> read = NetworkJson.ReadAll(json);
        Assert.Same(read[0].Inputs[0], read[1].Inputs[0]);
        Assert.Equal(json, NetworkJson.WriteAll(read));
        Assert.Throws<InvalidDataException>(() => NetworkJson.Read(json));
    }

    [Fact]
    public void A_graph_comes_back_as_it_was()
    {
        Graph graph = TrainingGraph();
        string json = GraphJson.Write(graph);
        Graph read = GraphJson.Read(json);
        Assert.Equal(json, GraphJson.Write(read));
        Assert.Equal(graph.Nodes.Select(n => n.ToString()), read.Nodes.Select(n => n.ToString()));
        Assert.Equal(graph.Variables.Select(v => (v.Name, v.Initializer, v.Trainable)), read.Variables.Select(v => (v.Name, v.Initializer, v.Trainable)));
    }

    [Fact]
    public void First_values_can_be_left_out()
    {
        Graph read = GraphJson.Read(GraphJson.Write(TrainingGraph()), keepInitializers: false);
        Assert.All(read.Variables, v => Assert.Equal(Constant.Zeros, v.Initializer));
    }

    [Fact]
    public void Odd_constants_keep_their_bits()
    {
        float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -0f, float.MaxValue, 0.1f];
        Graph graph = new();
        Ops.Constant(graph, odd, new Shape(7));
        Ops.LeakyRelu(Ops.Constant(graph, 1f), float.NegativeInfinity);
        Assert.Equal(graph.Nodes[0].Attributes["value"], GraphJson.Read(GraphJson.Write(graph)).Nodes[0].Attributes["value"]);
    }

    [Fact]
    public void Settings_of_every_kind_come_back()
    {
        Same<Optimizer>(new AdamW { LearningRate = 0.5f, ClipNorm = 2, ExcludeFromWeightDecay = ["/bias"] });
        Same<Optimizer>(new RMSprop { Centered = true });
        Same<Loss>(new Quantile(0.1f, 0.9f));
        Same<Loss>(new BinaryCrossentropy { FocalAlpha = 0.25f });
        Same<LearningRateSchedule>(new CosineDecay(0.1f) { WarmupEpochs = 2, FirstRestart = 3 });
        Same<LearningRateSchedule>(0.5f);
        Same<Initializer>(new RandomUniform(-2, 3));
        Assert.Equal(0.1f, ((Quantile)SettingsJson.Read<Loss>(SettingsJson.Write<Loss>(new Quantile(0.1f, 0.9f)))).Quantiles[0]);
        Assert.Equal(2, SettingsJson.Read<Optimizer>(SettingsJson.Write<Optimizer>(new AdamW { ClipNorm = 2 })).ClipNorm);

        static void Same<T>(T settings)
            where T : class
        {
            string json = SettingsJson.Write(settings);
            T read = SettingsJson.Read<T>(json);
            Assert.Equal(settings.GetType(), read.GetType());
            Assert.Equal(json, SettingsJson.Write(read));
        }
    }

    [Fact]
    public void All_kinds_of_settings_can_be_written_with_defaults()
    {
        foreach (Type type in typeof(Loss).Assembly.GetTypes().Where(t => !t.IsAbstract && t.GetConstructor([]) is not null))
        {
            foreach (string kind in (string[])["Optimizer", "Loss"])
            {
                if (type.BaseType?.Name != kind)
                    continue;
                object settings = Activator.CreateInstance(type)!;
                string json = kind == "Loss" ? SettingsJson.Write((Loss)settings) : SettingsJson.Write((Optimizer)settings);
                Assert.Contains($"\"$type\": \"{type.Name}\"", json, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Layers_from_elsewhere_cannot_be_written()
    {
        Assert.Throws<NotSupportedException>(() => NetworkJson.Write(Network.Input(3).Append(new Foreign())));
        Assert.Throws<NotSupportedException>(() => SettingsJson.Write("text"));
    }

    [Theory]
    [InlineData("", "network")]
    [InlineData("null", "null")]
    [InlineData("{}", "Format")]
    [InlineData("""{"Format":"Other","Version":1,"Layers":[],"Uses":[],"Outputs":[]}""", "'Other'")]
    [InlineData("""{"Format":"MLNetDeep.Network","Version":2,"Layers":[],"Uses":[],"Outputs":[]}""", "version is 2")]
    [InlineData("""{"Format":"MLNetDeep.Network","Version":1,"Layers":[],"Uses":[],"Outputs":[]}""", "no outputs")]
    [InlineData("""{"Format":"MLNetDeep.Network","Version":1,"Layers":[{"$type":"Relu"}],"Uses":[{"Layer":0,"Inputs":[{"Use":0}]}],"Outputs":[{"Use":0}]}""", "no use 0 before")]
    [InlineData("""{"Format":"MLNetDeep.Network","Version":1,"Layers":[{"$type":"Relu"}],"Uses":[{"Layer":0,"Inputs":[]}],"Outputs":[{"Use":0}]}""", "Relu 0 inputs")]
    [InlineData("""{"Format":"MLNetDeep.Network","Version":1,"Layers":[{"$type":"System.Diagnostics.Process"}],"Uses":[],"Outputs":[{"Use":0}]}""", "System.Diagnostics.Process")]
    [InlineData("""{"Format":"MLNetDeep.Network","Version":1,"Layers":[{"$type":"Dense"}],"Uses":[],"Outputs":[{"Use":0}]}""", "Units")]
    [InlineData("""{"Format":"MLNetDeep.Network","Version":1,"Layers":[{"$type":"Relu","Slope":1}],"Uses":[],"Outputs":[{"Use":0}]}""", "Slope")]
    public void What_is_wrong_with_a_network_is_said(string json, string expected)
    {
        string error = Assert.Throws<InvalidDataException>(() => NetworkJson.Read(json)).Message;
        Assert.StartsWith("The network cannot be read: ", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Too_deep_or_too_long_is_refused()
    {
        string deep = string.Concat(Enumerable.Repeat("""{"$type":"TaskOutput","Activation":""", 200)) + "null" + new string('}', 200);
        Assert.Throws<InvalidDataException>(() => SettingsJson.Read<Layer>(deep));
        string uses = string.Join(",", Enumerable.Repeat("""{"Layer":0,"Inputs":[]}""", NetworkJson.MaxUses + 1));
        Assert.Contains("at most", Assert.Throws<InvalidDataException>(() => NetworkJson.Read(
            $$"""{"Format":"MLNetDeep.Network","Version":1,"Layers":[{"$type":"InputLayer"}],"Uses":[{{uses}}],"Outputs":[{"Use":0}]}""")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Name":"x","Op":"Nothing"}""", "Nothing")]
    [InlineData("""{"Name":"x","Op":"Relu","Inputs":["y:0"]}""", "'y:0'")]
    [InlineData("""{"Name":"x","Op":"Relu"}""", "Relu takes 1")]
    [InlineData("""{"Name":"x","Op":"Variable","Attributes":{"shape":{"Shape":[2]},"dtype":{"DType":"Float32"},"trainable":{"Bool":true}}}""", "initializer")]
    [InlineData("""{"Name":"x","Op":"Placeholder","Attributes":{"shape":{"Shape":[2000000000,2000000000]},"dtype":{"DType":"Float32"}}}""", "elements")]
    [InlineData("""{"Name":"x","Op":"Placeholder","Attributes":{"shape":{"Int":2},"dtype":{"DType":"Float32"}}}""", "shape")]
    [InlineData("""{"Name":"x","Op":"Const","Attributes":{"shape":{"Shape":[2]},"value":{"Floats":[1]}}}""", "do not fill")]
    [InlineData("""{"Name":"x","Op":"Const","Attributes":{"shape":{"Shape":[1]},"value":{"Floats":[1]}}},{"Name":"x","Op":"Const","Attributes":{"shape":{"Shape":[1]},"value":{"Floats":[1]}}}""", "two nodes")]
    public void What_is_wrong_with_a_graph_is_said(string nodes, string expected)
    {
        string error = Assert.Throws<InvalidDataException>(() => GraphJson.Read($$"""{"Format":"MLNetDeep.Graph","Version":1,"Nodes":[{{nodes}}]}""")).Message;
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    internal static byte[] Archive()
    {
        TensorArchive archive = new();
        archive.AddText("network", NetworkJson.Write(Branching()));
        archive.AddText("leer", "");
        archive.AddTensor("dense/kernel", [2, 3], [1, 2, 3, 4, 5, float.NaN]);
        archive.AddTensor("Zähler", [], [7]);
        archive.AddTensor("none", [0, 4], []);
        archive.AddTensor("long", [1000], [.. Enumerable.Range(0, 1000).Select(i => (float)i)]);
        using MemoryStream stream = new();
        archive.Write(stream);
        return stream.ToArray();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_archive_comes_back_as_it_was(bool seekable)
    {
        byte[] bytes = Archive();
        using Stream stream = seekable ? new MemoryStream(bytes) : new Pipe(bytes);
        TensorArchive archive = TensorArchive.Read(stream);
        Assert.Equal(["network", "leer"], archive.TextNames);
        Assert.Equal(["dense/kernel", "Zähler", "none", "long"], archive.TensorNames);
        Assert.Equal(NetworkJson.Write(Branching()), archive.Text("network"));
        Assert.Equal([1, 2, 3, 4, 5, float.NaN], archive.Tensor("dense/kernel", new Shape(2, 3)));
        Assert.Equal([7], archive.Tensor("Zähler", Shape.Scalar));
        Assert.Equal([0, 4], archive.Dims("none"));
        Assert.Equal(999, archive.Tensor("long")[999]);
        Assert.Contains("expected (3, 2)", Assert.Throws<InvalidDataException>(() => archive.Tensor("dense/kernel", new Shape(3, 2))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => archive.Tensor("other"));
        Assert.Throws<InvalidDataException>(() => archive.Text("other"));
        using MemoryStream again = new();
        archive.Write(again);
        Assert.Equal(bytes, again.ToArray());
    }

    [Fact]
    public void The_file_is_as_documented()
    {
        TensorArchive archive = new();
        archive.AddTensor("w", [1], [1]);
        using MemoryStream stream = new();
        archive.Write(stream);
        byte[] entry = [2, 1, 0, 0, 0, (byte)'w', 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F];
        Crc32 crc = new();
        crc.Append(entry);
        Assert.Equal([.. "MLNDEEP\0"u8, 1, 0, 0, 0, 1, 0, 0, 0, .. entry, .. BitConverter.GetBytes(crc.Value)], stream.ToArray());
    }

    [Fact]
    public void Checksum_is_that_of_zip()
    {
        Crc32 crc = new();
        crc.Append("123456789"u8);
        Assert.Equal(0xCBF43926, crc.Value);
        crc = new();
        crc.Append("1234"u8);
        crc.Append("56789"u8);
        Assert.Equal(0xCBF43926, crc.Value);
    }

    [Fact]
    public void Every_truncation_and_every_changed_byte_is_noticed()
    {
        byte[] bytes = Archive();
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => TensorArchive.Read(new MemoryStream(bytes, 0, length)));
        for (int i = 0; i < bytes.Length; i += i < 200 ? 1 : 7)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 0x10;

            // The number of entries is not under a checksum: fewer can be read.
            if (i is not (>= 12 and < 16))
                Assert.Throws<InvalidDataException>(() => TensorArchive.Read(new MemoryStream(changed)));
        }
    }

    [Fact]
    public void Memory_follows_the_data_not_the_claim()
    {
        using MemoryStream claim = new();
        using BinaryWriter writer = new(claim, Encoding.UTF8);
        writer.Write("MLNDEEP\0"u8);
        writer.Write(1);
        writer.Write(1);
        writer.Write((byte)2);
        writer.Write(1);
        writer.Write((byte)'w');
        writer.Write(1);
        writer.Write(500_000_000);
        writer.Write(2_000_000_000L);
        writer.Write(1f);
        foreach (Func<Stream> open in (Func<Stream>[])[() => new MemoryStream(claim.ToArray()), () => new Pipe(claim.ToArray())])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<InvalidDataException>(() => TensorArchive.Read(open()));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        }
    }

    [Fact]
    public void Names_and_sizes_are_checked_when_added()
    {
        TensorArchive archive = new();
        archive.AddText("a", "");
        archive.AddTensor("a", [1], [1]);
        Assert.Throws<ArgumentException>(() => archive.AddText("a", ""));
        Assert.Throws<ArgumentException>(() => archive.AddTensor("a", [1], [1]));
        Assert.Throws<ArgumentException>(() => archive.AddTensor("b", [2], [1]));
        Assert.Throws<ArgumentException>(() => archive.AddText("", ""));
        Assert.Throws<ArgumentException>(() => archive.AddText(new string('x', 5000), ""));
    }

    private sealed record Foreign : SimpleLayer
    {
        protected override Tensor Build(LayerContext context, Tensor x) => x;
    }

    // A stream that tells neither length nor position and gives little at a time, as one in a zip.
    internal sealed class Pipe(byte[] bytes) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int length = Math.Min(Math.Min(count, 100), bytes.Length - _position);
            Array.Copy(bytes, _position, buffer, offset, length);
            _position += length;
            return length;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
