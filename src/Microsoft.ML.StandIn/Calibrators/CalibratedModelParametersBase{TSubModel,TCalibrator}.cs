namespace Microsoft.ML.Calibrators;

/// <summary>A model with what makes probabilities of its scores.</summary>
/// <typeparam name="TSubModel">The kind of model.</typeparam>
/// <typeparam name="TCalibrator">The kind of calibrator.</typeparam>
public abstract class CalibratedModelParametersBase<TSubModel, TCalibrator> : CalibratedModelParametersBase
    where TSubModel : class
    where TCalibrator : class, ICalibrator
{
    private protected CalibratedModelParametersBase(TSubModel subModel, TCalibrator calibrator)
        : base(subModel, calibrator)
    {
    }

    /// <summary>The model.</summary>
    public new TSubModel SubModel => (TSubModel)base.SubModel;

    /// <summary>The calibrator.</summary>
    public new TCalibrator Calibrator => (TCalibrator)base.Calibrator;
}
