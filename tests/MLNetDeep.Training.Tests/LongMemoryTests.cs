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

    // Three symbols of eight, 100 blanks, and after a sign the three are to be said in their order, a symbol a step. Who guesses has a cross-entropy of
    // ln 8 = 2.08, who remembers which they were but not their order 0.94.
    [Theory]
    [InlineData("lstm", true)]
    [InlineData("gru", true)]
    [InlineData("simple_rnn", false)]
    public void The_copy_problem(string kind, bool isSolved)
    {
        const int Symbols = 8, Length = 3, Blanks = 100;
        TrainerOptions options = Train.Options with
        {
            Loss = new SparseCategoricalCrossentropy { FromLogits = true },
            Epochs = 20,
            BatchSize = 50,
            Optimizer = new Adam { LearningRate = kind == "lstm" ? 0.01f : 0.005f },
        };
        Network network = Network.Input(Copying.Steps(Length, Blanks), Copying.Width(Symbols))
            .Append(Make(kind, 64, Blanks) with { ReturnSequences = true })
            .Cropping1D(Length + Blanks, 0)
            .Dense(Symbols);
        double loss = Best(network, options, new Copying(5000, Symbols, Length, Blanks, 1, isNewEachTime: true), new Copying(500, Symbols, Length, Blanks, 2, isNewEachTime: false));
        output.WriteLine($"{kind}: cross-entropy {loss:F4}");
        if (isSolved)
            Assert.InRange(loss, 0, 0.2);
        else
            Assert.InRange(loss, 0.9, 2.2);
    }

    private static double Best(Network network, TrainerOptions options, IRowSource rows, IRowSource validation) =>
        Train.Run(network, options, rows, validation, threads: 2).History.Epochs.Min(e => e.ValidationLoss!.Value);

    // Gates begin such that cells remember for different times, up to about as many steps as there are (Tallec and Ollivier 2018). The simple cell has none to set.
    private static RecurrentLayer Make(string kind, int units, int steps)
    {
        float longest = MathF.Log(steps);
        return kind switch
        {
            "lstm" => new Lstm { Units = units, UnitForgetBias = false, BiasInitializer = new Parts([new RandomUniform(-longest, 0), new RandomUniform(0, longest), Constant.Zeros, Constant.Zeros]) },

            // A GRU's two biases add up.
            "gru" => new Gru { Units = units, BiasInitializer = new Parts([new RandomUniform(0, longest / 2), Constant.Zeros, Constant.Zeros]) },
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

    /// <summary>Steps as a symbol, the blank or the sign; the targets are the symbols.</summary>
    private sealed class Copying(int rows, int symbols, int length, int blanks, int seed, bool isNewEachTime) : IRowSource
    {
        private int _times;

        public IReadOnlyList<RowColumn> Columns { get; } = [new("x", DType.Float32, Steps(length, blanks) * Width(symbols)), new("y", DType.Int32, length)];

        public static int Steps(int length, int blanks) => length + blanks + length;

        public static int Width(int symbols) => symbols + 2;

        public IRowReader Read() => new Reader(rows, symbols, length, blanks, new Random(isNewEachTime ? seed + (1000 * _times++) : seed));

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
                for (int step = 0; step < Steps(length, blanks); step++)
                {
                    int blank = symbols, sign = symbols + 1;
                    int input = step < length ? y[step] = random.Next(symbols) : step == length + blanks - 1 ? sign : blank;
                    x[step * Width(symbols) + input] = 1;
                }

                return true;
            }

            public void Dispose()
            {
            }
        }
    }
}
