using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;

[assembly: LoadableClass(typeof(CalibratedLinearModel), null, typeof(SignatureLoadModel), "Calibrated linear model", CalibratedLinearModel.LoaderSignature)]

namespace Microsoft.ML;

/// <summary>A linear model of two classes with its calibrator. Gives a score and a probability.</summary>
internal sealed class CalibratedLinearModel(LinearBinaryModelParameters model, PlattCalibrator calibrator)
    : CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>(model, calibrator), IScorer, ICanSaveModel
{
    internal const string LoaderSignature = "CalibratedLinear";

    public int InputSize => SubModel.Weights.Count;

    public int OutputSize => 2;

    private static VersionInfo Version => new("CALIBLIN", 1, 1, 1, typeof(CalibratedLinearModel).Assembly.FullName!, LoaderSignature);

    public void Score(in VBuffer<float> features, Span<float> outputs)
    {
        outputs[0] = SubModel.Score(features);
        outputs[1] = Calibrator.PredictProbability(outputs[0]);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.SaveModel(SubModel, "Predictor");
        ctx.SaveModel(Calibrator, "Calibrator");
    }

    private static CalibratedLinearModel Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        ctx.LoadModel<LinearBinaryModelParameters, SignatureLoadModel>(env, out var model, "Predictor");
        ctx.LoadModel<PlattCalibrator, SignatureLoadModel>(env, out var calibrator, "Calibrator");
        return new(model, calibrator);
    }
}
