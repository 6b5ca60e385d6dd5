using System.Globalization;
using Microsoft.ML;
using MLNetDeep.Evaluation;
using RareEvents;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [var file, ..] || args.Length > 2 || !File.Exists(file))
{
    Console.WriteLine("""
        Finds the few customers who buy a caravan policy, with one network helped in different ways. README.md has the one command that gets the data.

        RareEvents <ticdata.csv> [repeats]    repeated stratified 5-fold cross-validation on the challenge's training rows (2 repeats by default),
                                              and how many buyers are among the 800 best scored of its evaluation rows
        """);
    return args is [] or ["--help"] ? 0 : 2;
}

int repeats = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2;
MLContext ml = new(seed: 1);
(IDataView training, IDataView evaluation) = Customers.Load(ml, file);
Console.WriteLine($"{"",-18} {"PR-AUC (95 % interval)",-24} {"G-mean (95 % interval)",-24} {"ROC-AUC",8} {"Recall",8} {"Precision",10} {"Accuracy",9} {"of 800",7} {"Lift",6}");
foreach ((string name, IEstimator<ITransformer> trainer) in Methods.All(ml))
{
    IEstimator<ITransformer> pipeline = Customers.Features(ml).Append(trainer);
    CrossValidationSummary<DetailedBinaryMetrics> summary =
        ml.BinaryClassification.CrossValidateStratified(training, pipeline, new() { Folds = new() { NumberOfFolds = 5, Repeats = repeats } });
    string Figure(string metric)
    {
        ConfidenceInterval interval = summary.Interval(metric);
        return $"{interval.Value:F3} [{interval.Low:F3}, {interval.High:F3}]";
    }

    // The challenge's figure: who of those with the highest scores has a policy.
    DetailedBinaryMetrics challenge = ml.BinaryClassification.EvaluateDetailed(pipeline.Fit(training).Transform(evaluation));
    double share = 800.0 / challenge.Count, found = challenge.Gain(share) * challenge.PerClass[1].Support;
    Console.WriteLine(
        $"{name,-18} {Figure("average_precision"),-24} {Figure("g_mean"),-24} {summary.Mean("roc_auc"),8:F3} {summary.Mean("recall"),8:F3} {summary.Mean("precision"),10:F3} {summary.Mean("accuracy"),9:F3} {found,7:F0} {challenge.Lift(share),6:F2}");
}

return 0;
