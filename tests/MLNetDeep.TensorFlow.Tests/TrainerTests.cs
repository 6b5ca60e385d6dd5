using MLNetDeep.Engines;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.TensorFlow.Tests.Support;
using MLNetDeep.Training;
using MLNetDeep.Training.Metrics;
using MLNetDeep.Training.Tests.Support;

namespace MLNetDeep.TensorFlow.Tests;

/// <summary>The trainer, with everything around a step, on both engines; and from one to the other.</summary>
public class TrainerTests
{
    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void A_trainer_tells_the_same_story(string engine)
    {
        TrainedNetwork actual = Train(TestedEngines.Get(engine), 3), expected = Train(TestedEngines.Cpu, 3);
        Assert.Equal(expected.History.Epochs.Count, actual.History.Epochs.Count);
        foreach ((EpochResult own, EpochResult wanted) in actual.History.Epochs.Zip(expected.History.Epochs))
        {
            Assert.Equal(wanted.Metrics.Keys, own.Metrics.Keys);
            foreach ((string name, double value) in wanted.Metrics)
                Assert.True(Math.Abs(own.Metrics[name] - value) <= 1e-4 * Math.Max(Math.Abs(value), 1e-2), $"{name} of epoch {wanted.Epoch}: {own.Metrics[name]}, on the CPU engine {value}");
        }

        Assert.Equal(expected.Weights.Keys.Order(), actual.Weights.Keys.Order());
        foreach ((string name, float[] values) in expected.Weights)
            Compare.Near(name, values, actual.Weights[name], 1e-3);
    }

    [SkippableTheory]
    [MemberData(nameof(TestedEngines.Names), MemberType = typeof(TestedEngines))]
    public void Training_goes_on_on_the_other_engine(string engine)
    {
        IEngine tensorFlow = TestedEngines.Get(engine);
        foreach ((IEngine first, IEngine second) in ((IEngine, IEngine)[])[(tensorFlow, TestedEngines.Cpu), (TestedEngines.Cpu, tensorFlow)])
        {
            TrainedNetwork begun = Train(first, 2), wanted = Train(TestedEngines.Cpu, 2);
            TrainedNetwork actual = Train(second, 2, begun.Weights), expected = Train(TestedEngines.Cpu, 2, wanted.Weights);
            foreach ((string name, float[] values) in expected.Weights)
                Compare.Near(name, values, actual.Weights[name], 1e-3);
        }
    }

    private static TrainedNetwork Train(IEngine engine, int epochs, IReadOnlyDictionary<string, float[]>? initial = null) => new Trainer(
        Network.Input(2).Dense(6).Tanh().Dropout(0.2).Dense(3).Softmax(),
        new()
        {
            Loss = new SparseCategoricalCrossentropy(),
            Metrics = [new CategoricalAccuracy()],
            Optimizer = new Adam(),
            LearningRateSchedule = new ExponentialDecay(0.01f, 5, 0.9),
            Epochs = epochs,
            BatchSize = 8,
            ValidationFraction = 0.2,
            EarlyStopping = new(patience: 5),
            InitialWeights = initial,
            Seed = 7,
        },
        engine).Train(TestRows.Classes(45));
}
