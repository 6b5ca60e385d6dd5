using System.Text.Json.Serialization;

namespace MLNetDeep.Schedules;

/// <summary>What a schedule that watches the training knows of it: plain numbers, to be saved with a checkpoint.</summary>
/// <param name="LearningRate">The rate in force.</param>
/// <param name="Best">The best value of the watched number.</param>
/// <param name="Waited">Epochs since then that count.</param>
/// <param name="CoolingDown">Epochs of cool-down left.</param>
[JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed record ScheduleState(float LearningRate, float Best, int Waited, int CoolingDown);
