namespace Microsoft.ML.Calibrators;

/// <summary>A model with what makes probabilities of its scores.</summary>
public abstract class CalibratedModelParametersBase
{
    private protected CalibratedModelParametersBase(object subModel, ICalibrator calibrator) => (SubModel, Calibrator) = (subModel, calibrator);

    /// <summary>The model.</summary>
    public object SubModel { get; }

    /// <summary>The calibrator.</summary>
    public ICalibrator Calibrator { get; }
}
