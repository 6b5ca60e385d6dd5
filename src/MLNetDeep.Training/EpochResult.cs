namespace MLNetDeep.Training;

/// <summary>What came of an epoch.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Metrics">Figures by name: <c>loss</c>, its parts where they are reported, and the metrics over the training rows, and with <c>val_</c> before it the loss and each metric over the validation rows.</param>
/// <param name="LearningRate">The learning rate of its last step.</param>
/// <param name="Duration">How long it took, validation included.</param>
public sealed record EpochResult(int Epoch, IReadOnlyDictionary<string, double> Metrics, float LearningRate, TimeSpan Duration)
{
    /// <summary>Mean loss over the training rows, as it was while the weights changed.</summary>
    public double Loss => Metrics["loss"];

    /// <summary>Mean loss over the validation rows; null if there are none.</summary>
    public double? ValidationLoss => Metrics.TryGetValue("val_loss", out double loss) ? loss : null;

    /// <summary>One line for people, such as <c>Epoch 3: loss 0.213, accuracy 0.941, val_loss 0.190 (1.2 s)</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"Epoch {Epoch}: {string.Join(", ", Metrics.Select(m => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{m.Key} {m.Value:G4}")))} ({Duration.TotalSeconds:F1} s)");
}
