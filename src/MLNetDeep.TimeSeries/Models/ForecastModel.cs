using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;
using MLNetDeep.Persistence;
using MLNetDeep.Serialization;
using MLNetDeep.TimeSeries.Intervals;
using MLNetDeep.TimeSeries.Series;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.TimeSeries.Models;

/// <summary>A trained network and what makes its numbers forecasts. It does not change, and serves any number of threads.</summary>
internal sealed class ForecastModel
{
    /// <summary>Origins scored at once.</summary>
    public const int Batch = 128;

    public ForecastModel(TrainedNetwork trained, SeriesWindows windows, IntervalModel intervals, double level, string graphJson, IReadOnlyList<string> inputNames, string outputName, IEngine engine)
    {
        Trained = trained;
        Windows = windows;
        Intervals = intervals;
        Level = level;
        GraphJson = graphJson;
        InputNames = inputNames;
        OutputName = outputName;
        Inputs = [.. trained.Network.InputLayers.Select(InputOf)];
        Graph graph = Serialization.GraphJson.Read(graphJson, keepInitializers: false);
        NeuralNetworkFile.CheckSize(graph);
        Scorer = new(engine, graph, inputNames, outputName, trained.Weights);
        if (Scorer.Inputs.Count != Inputs.Count || Scorer.Inputs.Where((t, i) => t.DType != DType.Float32 || !t.Shape.IsBatched || t.Shape.UnitSize != windows.SizeOf(Inputs[i])).Any())
            throw new InvalidDataException("the network's inputs do not fit the series.");
        if (!Scorer.Output.Shape.Equals(Shape.Batched(Settings.Horizon, IntervalModel.OutputsOf(intervals.Likelihood))) || Scorer.Output.DType != DType.Float32)
            throw new InvalidDataException($"the network's output of shape {Scorer.Output.Shape} does not fit the horizon.");
    }

    public TrainedNetwork Trained { get; }

    public SeriesWindows Windows { get; }

    public SeriesSettings Settings => Windows.Settings;

    public IntervalModel Intervals { get; }

    /// <summary>The level of bounds unless another is asked for.</summary>
    public double Level { get; }

    public string GraphJson { get; }

    public IReadOnlyList<string> InputNames { get; }

    public string OutputName { get; }

    public IReadOnlyList<SeriesInput> Inputs { get; }

    public Scorer Scorer { get; }

    /// <summary>The model of a network that has just been trained.</summary>
    public static ForecastModel Of(TrainedNetwork trained, SeriesWindows windows, IntervalModel intervals, double level, IEngine engine)
    {
        Graph graph = new();
        MaskedTensor output = trained.Network.Build(new BuildContext(graph));
        string[] inputs = [.. graph.Nodes.Where(n => n.Op.Name == "Placeholder").Select(n => n.Name)];
        return new(trained, windows, intervals, level, Serialization.GraphJson.Write(graph), inputs, output.Value.Node.Name, engine);
    }

    public ForecastModel With(IntervalModel intervals, IEngine engine) => new(Trained, Windows, intervals, Level, GraphJson, InputNames, OutputName, engine);

    /// <summary>What an input is fed with.</summary>
    public static SeriesInput InputOf(InputLayer input) => input.Name switch
    {
        "values" => SeriesInput.Values,
        "covariates" => SeriesInput.Covariates,
        "future" => SeriesInput.Future,
        _ => SeriesInput.Past,
    };

    /// <summary>Forecasts at origins of whole series.</summary>
    public IReadOnlyList<ForecastNumbers> Forecast(IReadOnlyList<(SeriesHistory Series, int Origin)> origins, double level)
    {
        ForecastNumbers[] numbers = [.. origins.Select(_ => new ForecastNumbers(Settings.Horizon))];
        double factor = Intervals.Factor(level);
        Run(origins, (batch, row, origin) => batch.Read(row, factor, numbers[origin]));
        return numbers;
    }

    /// <summary>Runs the network at origins of whole series, a batch at a time.</summary>
    /// <param name="origins">The origins.</param>
    /// <param name="take">Is given the batch, the row in it, and the number of the origin.</param>
    public void Run(IReadOnlyList<(SeriesHistory Series, int Origin)> origins, Action<ForecastBatch, int, int> take)
    {
        using ForecastBatch batch = new(this, Math.Min(Batch, Math.Max(origins.Count, 1)));
        for (int from = 0; from < origins.Count; from += batch.Capacity)
        {
            batch.Clear();
            for (int i = from; i < Math.Min(from + batch.Capacity, origins.Count); i++)
                batch.Add(origins[i].Series, origins[i].Origin, origins[i].Series, origins[i].Origin);
            batch.Run();
            for (int row = 0; row < batch.Count; row++)
                take(batch, row, from + row);
        }
    }
}
