using MLNetDeep.Graphs;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Training.Data;
using MLNetDeep.Training.Tests.Support;
using Xunit.Abstractions;

namespace MLNetDeep.Training.Tests;

/// <summary>
/// Two classic problems that ask for a memory over many steps (Hochreiter and Schmidhuber 1997). Cells with gates solve them, the simple one does not: what it knows
/// fades from step to step, and its gradient with it.
/// </summary>
[Trait("Category", "Slow")]
public class LongMemoryTests(ITestOutputHelper output)
{
    // The sum of the two marked numbers among 200. Who always answers 1 has a mean squared error of 1/6.
    [Theory]
    [InlineData("lstm", true)]
    [InlineData("gru", true)]
    [InlineData("simple_rnn", false)]
    public void The_adding_problem(string kind, bool isSolved)
    {
        const int Steps = 200;
        TrainerOptions options = Train.Options with { Epochs = 10, BatchSize = 50, Optimizer = new Adam { LearningRate = 0.005f } };
        Network network = Network.Input(Steps, 2).Append(Make(kind, 32, Steps)).Dense(1);
        double error = Best(network, options, Adding(5000, Steps, 1), Adding(500, Steps, 2));
        output.WriteLine($"{kind}: mean squared error {error:F4}");
        if (isSolved)
            Assert.InRange(error, 0, 0.01);
        else
            Assert.InRange(error, 0.12, 0.25);
    }

    // Three symbols of eight, each with inputs for its place, then 150 blanks; the last state must tell all three. Who guesses has a cross-entropy of ln 8 = 2.08.
    [Theory]
    [InlineData("lstm", true)]
    [InlineData("gru", true)]
    [InlineData("simple_rnn", false)]
    public void The_copy_problem(string kind, bool isSolved)
    {
        const int Symbols = 8, Length = 3, Blanks = 150, Steps = Length + Blanks;
        TrainerOptions options = Train.Options with
        {
            Loss = new SparseCategoricalCrossentropy { FromLogits = true },
            Epochs = 8,
            BatchSize = 20,
            Optimizer = new Adam { LearningRate = 0.005f },
        };
        Network network = Network.Input(Steps, Copying.Width(Symbols, Length)).Append(Make(kind, 48, Steps)).Dense(Length * Symbols).Reshape(Length, Symbols);
        double loss = Best(network, options, new Copying(2500, Symbols, Length, Blanks, 1), new Copying(500, Symbols, Length, Blanks, 2));
        output.WriteLine($"{kind}: cross-entropy {loss:F4}");
        if (isSolved)
            Assert.InRange(loss, 0, 0.15);
        else
            Assert.InRange(loss, 1.8, 2.2);
    }

    private static double Best(Network network, TrainerOptions options, IRowSource rows, IRowSource validation) =>
        Train.Run(network, options, rows, validation, threads: 2).History.Epochs.Min(e => e.ValidationLoss!.Value);

    // Gates begin such that a cell remembers about as many steps as there are (Tallec and Ollivier 2018). The simple cell has none to set.
    private static RecurrentLayer Make(string kind, int units, int steps)
    {
        Constant remember = new(MathF.Log(steps)), forget = new(-MathF.Log(steps));
        return kind switch
        {
            "lstm" => new Lstm { Units = units, UnitForgetBias = false, BiasInitializer = new Parts([forget, remember, Constant.Zeros, Constant.Zeros]) },

            // A GRU's two biases add up.
            "gru" => new Gru { Units = units, BiasInitializer = new Parts([new Constant(remember.Value / 2), Constant.Zeros, Constant.Zeros]) },
            _ => new SimpleRnn { Units = units },
        };
    }

    private static TestRows Adding(int rows, int steps, int seed)
    {
        Random random = new(seed);
        float[][] features = new float[rows][];
        float[] targets = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            features[i] = [.. Enumerable.Range(0, 2 * steps).Select(j => j % 2 == 0 ? random.NextSingle() : 0)];
            foreach (int mark in (int[])[random.Next(steps / 2), steps / 2 + random.Next(steps / 2)])
            {
                features[i][2 * mark + 1] = 1;
                targets[i] += features[i][2 * mark];
            }
        }

        return new TestRows(features, targets);
    }

    /// <summary>Steps as a symbol at its place or the blank; the targets are the symbols.</summary>
    private sealed class Copying(int rows, int symbols, int length, int blanks, int seed) : IRowSource
    {
        public IReadOnlyList<RowColumn> Columns { get; } = [new("x", DType.Float32, (length + blanks) * Width(symbols, length)), new("y", DType.Int32, length)];

        public static int Width(int symbols, int length) => length * symbols + 1;

        public IRowReader Read() => new Reader(rows, symbols, length, blanks, new Random(seed));

        private sealed class Reader(int rows, int symbols, int length, int blanks, Random random) : IRowReader
        {
            private int _next;

            public bool Read(RowBuffer buffer, int index)
            {
                if (_next++ == rows)
                    return false;
                Span<float> x = buffer.Rows<float>(0, index);
                Span<int> y = buffer.Rows<int>(1, index);
                x.Clear();
                for (int step = 0; step < length + blanks; step++)
                {
                    int width = Width(symbols, length);
                    int input = step < length ? step * symbols + (y[step] = random.Next(symbols)) : width - 1;
                    x[step * width + input] = 1;
                }

                return true;
            }

            public void Dispose()
            {
            }
        }
    }
}
