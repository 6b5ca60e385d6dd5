using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using MLNetDeep.Layers;
using MLNetDeep.Serialization;

namespace MLNetDeep.Graphs.Tests.Serialization;

/// <summary>Ten thousand damaged files for each reader: it reads them or says what is wrong, and soon.</summary>
public class FuzzTests
{
    private const int Mutations = 10_000;

    [Fact]
    public void Archives() => Fuzz(SerializationTests.Archive(), bytes =>
    {
        TensorArchive.Read(new MemoryStream(bytes));
    });

    [Fact]
    public void Archives_with_right_checksums() => Fuzz(SerializationTests.Archive(), bytes =>
    {
        // What a checksum does not catch, because whoever made the file made that too.
        TensorArchive archive = TensorArchive.Read(new SerializationTests.Pipe(Mended(bytes)));
        foreach (string name in archive.TensorNames)
            archive.Tensor(name);
    });

    [Fact]
    public void Networks() => Fuzz(Encoding.UTF8.GetBytes(NetworkJson.Write(SerializationTests.Branching())), bytes =>
    {
        Network network = NetworkJson.Read(Encoding.UTF8.GetString(bytes));
        try
        {
            network.Build(new BuildContext(new Graph()) { Training = true, OutputUnits = 3 });
        }
        catch (ArgumentException)
        {
            // A network it may be, and not one whose layers fit.
        }
    });

    [Fact]
    public void Convolutional_networks() => Fuzz(
        Encoding.UTF8.GetBytes(NetworkJson.Write(Network.Input(6, 6, 2).Conv2D(2, 3, 2, Padding.Explicit((1, 0), (0, 1))).UpSampling2D(2, MLNetDeep.Layers.Interpolation.Bilinear)
            .Conv2DTranspose(2, 2, 2, outputPadding: 1).AdaptiveAveragePool2D(3).MaxPool2D(padding: "same").Reshape(2, 2, 1, 2).Conv3D(1, (2, 1, 1)).Flatten())),
        bytes =>
        {
            Network network = NetworkJson.Read(Encoding.UTF8.GetString(bytes));
            try
            {
                network.Build(new BuildContext(new Graph()));
            }
            catch (ArgumentException)
            {
                // A network it may be, and not one whose layers fit.
            }
        });

    [Fact]
    public void Graphs() => Fuzz(Encoding.UTF8.GetBytes(SmallGraph()), bytes => GraphJson.Read(Encoding.UTF8.GetString(bytes)));

    // One operation of most kinds, so that its attributes are damaged too.
    private static string SmallGraph()
    {
        Graph graph = new();
        Tensor x = graph.Placeholder("x", DType.Float32, Shape.Batched(4)), ids = graph.Placeholder("ids", DType.Int32, Shape.Batched());
        Tensor w = graph.Variable("w", new Shape(4, 3), new Initializers.GlorotUniform()).Tensor;
        Tensor y = Ops.Transpose(Ops.Concatenate([Ops.MatMul(Ops.LeakyRelu(x, 0.5f), w), Ops.Pad(Ops.Slice(x, 1, 1, 2), 1, 0, 1)], 1), 1, 0);
        Ops.Sum(Ops.Reshape(y, new Shape(-6)), [0]);
        Ops.Mean(Ops.OneHot(ids, 5), [1], keepDims: true);
        Ops.LayerNorm(Ops.Gather(w, ids), Ops.Constant(graph, [1f, 1, 1], new Shape(3)), Ops.Constant(graph, [1f, 1, 1], new Shape(3)), 0.1f);
        Ops.ArgMax(x, -1);
        Tensor image = Ops.Reshape(x, Shape.Batched(2, 2, 1)), filters = Ops.Reshape(Ops.Slice(w, 0, 0, 3), new Shape(3, 3, 1, 1));
        Tensor z = Ops.Conv2D(image, filters, pads: [1, 1, 1, 1]);
        Gradients.Compute([Ops.Sum(Ops.MaxPool(Ops.AvgPool(z, [2, 2], [1, 1]), [1, 1], [1, 1]))], [image, filters]);
        Ops.BatchMatMul(Ops.Reshape(x, Shape.Batched(2, 2)), Ops.Reshape(x, Shape.Batched(2, 2)), adjY: true);
        Ops.ElementCount(x, [0]);
        Ops.UnsortedSegmentSum(x, ids, 3);
        Ops.SparseSoftmaxCrossEntropy(x, ids);
        return GraphJson.Write(graph);
    }

    private static void Fuzz(byte[] file, Action<byte[]> read)
    {
        read(file);
        Random random = new(1);
        Stopwatch clock = Stopwatch.StartNew();
        int refused = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] mutated = Mutate(file, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(mutated);
            }
            catch (InvalidDataException e)
            {
                Assert.False(string.IsNullOrWhiteSpace(e.Message));
                refused++;
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 8_000_000 + 200L * mutated.Length, $"Mutation {i} took {allocated} bytes.");
        }

        Assert.True(refused > Mutations / 4, $"Only {refused} of {Mutations} were refused: are they damaged at all?");
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"{Mutations} files took {clock.Elapsed}.");
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        List<byte> bytes = [.. file];
        for (int n = random.Next(1, 4); n > 0 && bytes.Count > 8; n--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(9))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5 when at + 4 <= bytes.Count:
                    int[] odd = [0, 1, -1, int.MaxValue, int.MinValue, 1 << 20, 1 << 28, 4096];
                    byte[] number = BitConverter.GetBytes(odd[random.Next(odd.Length)]);
                    for (int i = 0; i < number.Length; i++)
                        bytes[at + i] = number[i];
                    break;
                case 6:
                    // A digit becomes another number.
                    int digit = bytes.FindIndex(at, b => b is >= (byte)'0' and <= (byte)'9');
                    if (digit >= 0)
                    {
                        string[] texts = ["-1", "0", "99", "2147483647", "1e30", "-2147483648", "null", "\"a\"", "0.5"];
                        bytes.RemoveAt(digit);
                        bytes.InsertRange(digit, Encoding.UTF8.GetBytes(texts[random.Next(texts.Length)]));
                    }

                    break;
                case 7:
                    // A piece of the file elsewhere.
                    int from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(1, 100), bytes.Count - from)));
                    break;
                default:
                    string[] tokens = ["{", "}", "[", "]", ",", "null", "\"\"", "true", "\"$type\":\"Dense\","];
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(tokens[random.Next(tokens.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }

    // Puts right checksums where the entries say they are.
    private static byte[] Mended(byte[] bytes)
    {
        byte[] mended = [.. bytes];
        long at = 16;
        while (at + 5 < mended.Length)
        {
            long start = at;
            byte kind = mended[at];
            long next = at + 5 + Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(mended.AsSpan((int)at + 1)));
            if (kind == 2 && next + 4 <= mended.Length)
                next += 4 + 4L * Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(mended.AsSpan((int)next)));
            if (next + 8 > mended.Length)
                break;
            long length = BinaryPrimitives.ReadInt64LittleEndian(mended.AsSpan((int)next));
            if (length < 0 || length > mended.Length - next - 12)
                break;
            at = next + 8 + length;
            Crc32 crc = new();
            crc.Append(mended.AsSpan((int)start, (int)(at - start)));
            BinaryPrimitives.WriteUInt32LittleEndian(mended.AsSpan((int)at), crc.Value);
            at += 4;
        }

        return mended;
    }
}
