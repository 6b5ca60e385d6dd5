using System.Text.Json;
using System.Text.Json.Serialization;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Persistence;
using MLNetDeep.Serialization;
using MLNetDeep.TimeSeries.Intervals;
using MLNetDeep.TimeSeries.Models;
using MLNetDeep.TimeSeries.Series;
using MLNetDeep.TimeSeries.Transformers;
using MLNetDeep.Training;

namespace MLNetDeep.TimeSeries.Persistence;

/// <summary>
/// What a forecaster is kept as: the network, the graph that scores, the weights, how series become its inputs, how wide bounds are, and the steps of each series that
/// it goes on from.
/// </summary>
internal static class ForecastingFile
{
    private const string NetworkText = "network", GraphText = "graph", SettingsText = "settings", StateText = "state", HistoryText = "history";

    // More would be more than a window of any network that could be trained.
    private const int MostSteps = 1 << 20, MostScales = 1 << 24;

    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    public static void Write(ForecastingTransformer transformer, Stream stream)
    {
        ForecastModel model = transformer.Forecaster;
        SeriesSettings settings = model.Settings;
        TensorArchive archive = new();
        archive.AddText(NetworkText, NetworkJson.Write(model.Trained.Network));
        archive.AddText(GraphText, model.GraphJson);
        archive.AddText(SettingsText, JsonSerializer.Serialize(
            new SettingsData(
                transformer.OutputColumn, transformer.LowerColumn, transformer.UpperColumn,
                settings.InputColumn, settings.KeyColumn, settings.TimeColumn, [.. settings.PastCovariates], [.. settings.FutureCovariates],
                settings.Window, settings.Horizon, settings.Step?.MonthCount ?? 0, settings.Step?.Span.Ticks ?? 0,
                [.. Enum.GetValues<CalendarFeatures>().Where(f => f != CalendarFeatures.None && settings.Calendar.HasFlag(f))], settings.Encoding,
                settings.Transform, settings.Scaling, settings.Difference, settings.Season, settings.Missing, settings.LongestGap,
                [.. model.Windows.CovariateScales.Select(s => new ScaleData(s.Center, s.Size))],
                model.Intervals.Likelihood, model.Intervals.Level, model.Level, model.Intervals.Widths, model.Intervals.Ease, model.Intervals.Scores,
                [.. model.InputNames], model.OutputName),
            Json));
        archive.AddText(StateText, JsonSerializer.Serialize(
            transformer.State.Values.Select(s =>
            {
                (double[] values, bool[] observed, float[] covariates) = s.Save();
                SeriesScale scale = model.Windows.Scales[s.Key];
                return new StateData(s.Key, s.Start, s.Dropped, values, observed, covariates, new(scale.Center, scale.Size));
            }).ToArray(),
            Json));
        archive.AddText(HistoryText, JsonSerializer.Serialize(new HistoryData([.. model.Trained.History.Epochs], model.Trained.History.BestEpoch, model.Trained.History.StopReason), Json));
        Graph graph = GraphJson.Read(model.GraphJson, keepInitializers: false);
        foreach (Variable variable in graph.Variables)
            archive.AddTensor(variable.Name, variable.Shape.Dims, model.Trained.Weights[variable.Name]);
        archive.Write(stream);
    }

    /// <exception cref="InvalidDataException">The file is damaged, of a later version, or not such a file.</exception>
    public static ForecastingTransformer Read(Stream stream, IEngine engine) => NeuralNetworkFile.Guarded(() =>
    {
        TensorArchive archive = TensorArchive.Read(stream);
        SettingsData data = Parse<SettingsData>(archive.Text(SettingsText));
        StateData[] states = Parse<StateData[]>(archive.Text(StateText));
        HistoryData history = Parse<HistoryData>(archive.Text(HistoryText));
        Check(data, states);
        SeriesSettings settings = new()
        {
            InputColumn = data.Input,
            KeyColumn = data.Key,
            TimeColumn = data.Time,
            PastCovariates = data.PastCovariates,
            FutureCovariates = data.FutureCovariates,
            Window = data.Window,
            Horizon = data.Horizon,
            Step = data.Time is null ? null : data.StepMonths > 0 ? TimeStep.Months(data.StepMonths) : TimeStep.Of(TimeSpan.FromTicks(data.StepTicks)),
            Calendar = data.Calendar.Aggregate(CalendarFeatures.None, (a, b) => a | b),
            Encoding = data.Encoding,
            Transform = data.Transform,
            Scaling = data.Scaling,
            Difference = data.Difference,
            Season = data.Season,
            Missing = data.Missing,
            LongestGap = data.LongestGap,
        };
        Dictionary<string, SeriesHistory> state = states.ToDictionary(
            s => s.Key, s => SeriesHistory.Restore(s.Key, settings, s.Values, s.Observed, s.Covariates, s.Start, s.Dropped), StringComparer.Ordinal);
        SeriesWindows windows = new(
            settings,
            states.ToDictionary(s => s.Key, s => new SeriesScale(s.Scale.Center, s.Scale.Size), StringComparer.Ordinal),
            [.. data.CovariateScales.Select(s => new SeriesScale(s.Center, s.Size))]);
        Dictionary<string, float[]> weights = archive.TensorNames.ToDictionary(n => n, n => archive.Tensor(n), StringComparer.Ordinal);
        TrainedNetwork trained = new(NetworkJson.Read(archive.Text(NetworkText)), weights, History.Restore(history.Epochs, history.BestEpoch, history.StopReason));
        IntervalModel intervals = new(data.Likelihood, data.TrainedLevel, data.Widths, data.Ease, data.Scores);
        ForecastModel model = new(trained, windows, intervals, data.Level, archive.Text(GraphText), data.Inputs, data.Output, engine);
        return new ForecastingTransformer(model, state, data.Forecast, data.Lower, data.Upper);
    });

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, Json) ?? throw new InvalidDataException("a part of the settings is missing.");

    private static void Check(SettingsData data, StateData[] states)
    {
        bool fits = data.Window is >= 1 and <= MostSteps && data.Horizon is >= 1 and <= MostSteps && data.Season is >= 0 and <= MostSteps && data.LongestGap is >= 0
            && data.CovariateScales.Length == data.PastCovariates.Length + data.FutureCovariates.Length
            && data.CovariateScales.Concat(states.Select(s => s.Scale)).All(s => double.IsFinite(s.Center) && double.IsFinite(s.Size) && s.Size > 0)
            && data.Level is > 0 and < 1 && data.TrainedLevel is > 0 and < 1
            && (data.Widths.Length == 0 || data.Widths.Length == data.Horizon) && (data.Likelihood == ForecastLikelihood.Point || data.Widths.Length == 0)
            && data.Widths.Concat(data.Scores).Append(data.Ease).All(v => double.IsFinite(v) && v >= 0) && data.Scores.Length <= MostScales && data.Scores.Zip(data.Scores.Skip(1)).All(p => p.First <= p.Second)
            && !data.Calendar.Contains(CalendarFeatures.Auto) && (data.Time is not null || data.Calendar.Length == 0)
            && states.Length > 0 && states.All(s => s.Values.Length > 0);
        if (!fits)
            throw new InvalidDataException("its settings do not fit together.");
    }

    private sealed record ScaleData(double Center, double Size);

    private sealed record SettingsData(
        string Forecast, string? Lower, string? Upper,
        string Input, string? Key, string? Time, string[] PastCovariates, string[] FutureCovariates,
        int Window, int Horizon, int StepMonths, long StepTicks,
        CalendarFeatures[] Calendar, CalendarEncoding Encoding,
        ValueTransform Transform, SeriesScaling Scaling, bool Difference, int Season, MissingSteps Missing, int LongestGap,
        ScaleData[] CovariateScales,
        ForecastLikelihood Likelihood, double TrainedLevel, double Level, double[] Widths, double Ease, double[] Scores,
        string[] Inputs, string Output);

    private sealed record StateData(string Key, DateTime? Start, long Dropped, double[] Values, bool[] Observed, float[] Covariates, ScaleData Scale);

    private sealed record HistoryData(List<EpochResult> Epochs, int BestEpoch, string? StopReason);
}
