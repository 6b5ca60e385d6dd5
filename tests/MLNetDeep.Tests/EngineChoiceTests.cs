using Microsoft.ML;
using MLNetDeep.Graphs;

namespace MLNetDeep.Tests;

/// <summary>An engine of a package that the app has not got.</summary>
public class EngineChoiceTests
{
    [Fact]
    public void An_engine_without_its_package_names_it()
    {
        string error = Assert.Throws<InvalidOperationException>(() => Engine.TensorFlow.CreateSession(new Graph(), 0)).Message;
        Assert.Contains("Engine.TensorFlow needs the NuGet package MLNetDeep.TensorFlow", error, StringComparison.Ordinal);
        Assert.Contains("SciSharp.TensorFlow.Redist 2.16.0", error, StringComparison.Ordinal);
        Assert.Equal("TensorFlow", Engine.TensorFlow.Name);
        Assert.Equal("CPU", Engine.Cpu.Name);
    }

    [Fact]
    public void A_trainer_says_so_before_it_trains()
    {
        MLContext ml = new(1);
        var rows = ml.Data.LoadFromEnumerable([new Row { Features = [1], Label = 1 }, new Row { Features = [2], Label = 2 }]);
        var trainer = ml.Regression.Trainers.NeuralNetwork(Network.Input(1).Dense(1), "Label", "Features", new() { Engine = Engine.TensorFlow });
        Assert.Contains("MLNetDeep.TensorFlow", Assert.Throws<InvalidOperationException>(() => trainer.Fit(rows)).Message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        [Microsoft.ML.Data.VectorType(1)]
        public float[]? Features { get; set; }

        public float Label { get; set; }
    }
}
