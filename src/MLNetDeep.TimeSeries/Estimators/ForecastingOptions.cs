using MLNetDeep.Estimators;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Schedules;
using MLNetDeep.Training;

namespace MLNetDeep.TimeSeries.Estimators;

/// <summary>What all forecasting estimators can be told.</summary>
/// <remarks><see cref="TrainingOptions.Checkpoint"/> has a folder below its own for each of the estimator's trainings, and in a backtest for each origin.</remarks>
public abstract class ForecastingOptions : TrainingOptions
{
    private protected ForecastingOptions()
    {
    }

    /// <summary>Name of the column (vector of Single, one for each step of the horizon) to add. Default <c>Forecast</c>.</summary>
    public string OutputColumnName = "Forecast";

    /// <summary>Name of the column of values (Single). Default <c>Value</c>.</summary>
    public string InputColumnName = "Value";

    /// <summary>Steps of the past that the network sees. Differencing needs as many more as it goes back. Default 24.</summary>
    public int WindowSize = 24;

    /// <summary>Steps to forecast, all at once. Default 12.</summary>
    public int Horizon = 12;

    /// <summary>Name of the column of lower bounds to add. Default null: none.</summary>
    public string? ConfidenceLowerBoundColumn;

    /// <summary>Name of the column of upper bounds to add. Default null: none.</summary>
    public string? ConfidenceUpperBoundColumn;

    /// <summary>Share of values that lie between the bounds; between 0 and 1. Default 0.95.</summary>
    public float ConfidenceLevel = 0.95f;

    /// <summary>Name of the column that says which series a row belongs to: text, a key or an integer. Default null: all rows are one series.</summary>
    public string? SeriesKeyColumnName;

    /// <summary>Name of the column of dates (DateTime). Rows of a series must be in its order. Default null: each row is a step after the one before.</summary>
    public string? TimeColumnName;

    /// <summary>Distance between steps. Default null: told from the dates.</summary>
    public TimeStep? Step;

    /// <summary>Names of columns (Single) that are known up to the present, such as a temperature. Default none.</summary>
    public string[] PastCovariateColumnNames = [];

    /// <summary>
    /// Names of columns (Single) that are known for the horizon too, such as a price or a holiday. Rows after the present give them, with NaN for the value that nobody knows yet.
    /// Default none.
    /// </summary>
    public string[] FutureCovariateColumnNames = [];

    /// <summary>What dates tell the network; without a time column nothing. Default <see cref="CalendarFeatures.Auto"/>.</summary>
    public CalendarFeatures CalendarFeatures = CalendarFeatures.Auto;

    /// <summary>How it is told. Default <see cref="CalendarEncoding.Cyclic"/>.</summary>
    public CalendarEncoding CalendarEncoding = CalendarEncoding.Cyclic;

    /// <summary>What is done to values first. With a logarithm the forecast of a Gaussian is the median. Default nothing.</summary>
    public ValueTransform ValueTransform = ValueTransform.None;

    /// <summary>Whether the network sees changes from step to step, and forecasts changes from the last value. For series that wander. Default false.</summary>
    public bool Differencing;

    /// <summary>Steps of a season, by whose change the network sees a series, and forecasts it: 12 for months. Default 0: no such differences.</summary>
    public int SeasonalDifferencing;

    /// <summary>How each series is brought to a common size. Default <see cref="SeriesScaling.Standard"/>.</summary>
    public SeriesScaling Scaling = SeriesScaling.Standard;

    /// <summary>What stands in for steps without a value or a row. They are learned from as inputs, not as what should be forecast. Default <see cref="MissingSteps.Interpolate"/>.</summary>
    public MissingSteps MissingSteps = MissingSteps.Interpolate;

    /// <summary>Most steps without a row in a row; more are an error. Default null: as many as the window has.</summary>
    public int? LongestGap;

    /// <summary>What the network gives for each step. Default <see cref="ForecastLikelihood.Quantile"/>.</summary>
    public ForecastLikelihood Likelihood = ForecastLikelihood.Quantile;

    /// <summary>What training makes small with <see cref="ForecastLikelihood.Point"/>; the others have their own. Default null: the absolute error.</summary>
    public Loss? Loss;

    /// <summary>
    /// Share of each series' origins, its last ones, that are held out to validate on and to measure how wide bounds must be; at least 0 and less than 1. Default 0.2.
    /// With 0 nothing is, and bounds are what the network says; point forecasts then have none.
    /// </summary>
    public double CalibrationFraction = 0.2;

    /// <summary>Whether, once bounds have been measured, the network is trained anew on all origins, as many epochs as were best: the last steps matter most. Bounds are then rather too wide than too narrow. Default true.</summary>
    public bool RefitOnAll = true;

    /// <summary>How weights follow their gradients, with the learning rate. Default Adam with a rate of 0.001 and gradients limited to a norm of 1 altogether.</summary>
    public Optimizer Optimizer = new Adam { GlobalClipNorm = 1 };

    /// <summary>The learning rate over time. Default null: the optimizer's.</summary>
    public LearningRateSchedule? LearningRateSchedule;

    /// <summary>How many times each window is learned from, at most. Default 100.</summary>
    public int Epochs = 100;

    /// <summary>Windows in a training step. Default 32.</summary>
    public int BatchSize = 32;

    /// <summary>When to end early, by the held-out origins. Default null: never.</summary>
    public EarlyStopping? EarlyStopping;
}
