using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Evaluation.Samples;

namespace MLNetDeep.Evaluation.Validation;

/// <summary>Fits and scores fold by fold, and puts the scores of the rows held out together.</summary>
internal static class CrossValidator
{
    public static IReadOnlyList<Fold> Split(IDataView data, int[][] dealt, int folds) =>
    [
        .. dealt.SelectMany((assigned, repeat) => Enumerable.Range(0, folds).Select(f => new Fold(
            repeat, f, new RowsView(data, [.. assigned.Select(a => a >= 0 && a != f)]), new RowsView(data, [.. assigned.Select(a => a == f)])))),
    ];

    public static CrossValidationSummary<DetailedBinaryMetrics> Binary(IDataView data, IEstimator<ITransformer> estimator, CrossValidationOptions options) =>
        Run(data, estimator, options, options.StratifyColumn ?? options.Columns.Label, v => BinarySample.Read(v, options.Columns), s => new DetailedBinaryMetrics(s), Merge);

    public static CrossValidationSummary<DetailedMulticlassMetrics> Multiclass(IDataView data, IEstimator<ITransformer> estimator, CrossValidationOptions options) =>
        Run(data, estimator, options, options.StratifyColumn ?? options.Columns.Label, v => MulticlassSample.Read(v, options.Columns), s => new DetailedMulticlassMetrics(s), Merge);

    public static CrossValidationSummary<DetailedRegressionMetrics> Regression(IDataView data, IEstimator<ITransformer> estimator, CrossValidationOptions options) =>
        Run(data, estimator, options, options.StratifyColumn, v => RegressionSample.Read(v, options.Columns), s => new DetailedRegressionMetrics(s), Merge);

    private static CrossValidationSummary<TMetrics> Run<TSample, TMetrics>(
        IDataView data,
        IEstimator<ITransformer> estimator,
        CrossValidationOptions options,
        string? stratify,
        Func<IDataView, TSample> read,
        Func<TSample, TMetrics> measure,
        Func<ScoredColumns, TSample[], int[], int[], (TSample Sample, List<AddedColumn> Columns)> merge)
        where TSample : Sample
        where TMetrics : DetailedMetrics
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        int[][] dealt = FoldDealer.Deal(data, stratify, options.Folds);
        int folds = options.Folds.NumberOfFolds;
        List<FoldResult<TMetrics>> results = [];
        List<TSample> samples = [];
        foreach (Fold fold in Split(data, dealt, folds))
        {
            options.Cancellation.ThrowIfCancellationRequested();
            ITransformer model = estimator.Fit(fold.TrainSet);
            IDataView scored = model.Transform(fold.TestSet);
            try
            {
                samples.Add(read(scored));
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                throw new InvalidOperationException($"Fold {fold.Index + 1} of {folds} (repeat {fold.Repeat + 1}): {e.Message}", e);
            }

            results.Add(new(fold.Repeat, fold.Index, model, measure(samples[^1]), scored));
            options.Progress?.Invoke(string.Create(CultureInfo.InvariantCulture, $"Fold {fold.Index + 1} of {folds}, repeat {fold.Repeat + 1} of {dealt.Length}: {string.Join(", ", results[^1].Metrics.Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {v.Value:G4}")))}"));
        }

        List<TMetrics> outOfFold = [];
        List<IDataView> views = [];
        for (int repeat = 0; repeat < dealt.Length; repeat++)
        {
            (TSample sample, List<AddedColumn> columns) = Together(data, dealt[repeat], [.. samples.Skip(repeat * folds).Take(folds)], options.Columns, merge, out bool[] kept);
            outOfFold.Add(measure(sample));
            views.Add(new RowsView(data, kept, columns));
        }

        return new(results, dealt, folds, [.. outOfFold], [.. views]);
    }

    private static (TSample Sample, List<AddedColumn> Columns) Together<TSample>(
        IDataView data, int[] assigned, TSample[] parts, ScoredColumns names, Func<ScoredColumns, TSample[], int[], int[], (TSample Sample, List<AddedColumn> Columns)> merge, out bool[] kept)
        where TSample : Sample
    {
        // A part knows its rows by their numbers in the fold.
        int folds = parts.Length;
        List<(int Row, int Part, int Index)> places = [];
        for (int f = 0; f < folds; f++)
        {
            int[] rows = [.. Enumerable.Range(0, assigned.Length).Where(i => assigned[i] == f)];
            if (parts[f].Rows.Length > 0 && parts[f].Rows[^1] >= rows.Length)
                throw new InvalidOperationException("The pipeline gives more rows than it gets, so that its scores cannot be put beside the rows they belong to.");
            places.AddRange(parts[f].Rows.Select((r, i) => (rows[r], f, i)));
        }

        places.Sort();
        kept = new bool[assigned.Length];
        foreach ((int row, _, _) in places)
            kept[row] = true;
        (TSample sample, List<AddedColumn> columns) = merge(names, parts, [.. places.Select(p => p.Part)], [.. places.Select(p => p.Index)]);
        columns.Add(AddedColumn.Of("Fold", NumberDataViewType.Int32, [.. places.Select(p => p.Part)]));
        if (names.Weight is { } weight && data.Schema.GetColumnOrNull(weight) is null)
            columns.Add(AddedColumn.Of(weight, NumberDataViewType.Single, [.. sample.Weights.Select(w => (float)w)]));
        return (sample, columns);
    }

    private static T[] Pick<TSample, T>(TSample[] parts, int[] part, int[] index, Func<TSample, T[]> values)
    {
        T[][] all = [.. parts.Select(values)];
        return [.. part.Zip(index, (p, i) => all[p][i])];
    }

    private static (BinarySample Sample, List<AddedColumn> Columns) Merge(ScoredColumns names, BinarySample[] parts, int[] part, int[] index)
    {
        BinarySample sample = new()
        {
            Labels = Pick(parts, part, index, s => s.Labels),
            Scores = Pick(parts, part, index, s => s.Scores),
            Probabilities = parts.All(s => s.Probabilities is not null) ? Pick(parts, part, index, s => s.Probabilities!) : null,
            Predicted = Pick(parts, part, index, s => s.Predicted),
            Weights = Pick(parts, part, index, s => s.Weights),
            Rows = [.. Enumerable.Range(0, part.Length)],
            ClassNames = parts[0].ClassNames,
        };
        List<AddedColumn> columns =
        [
            AddedColumn.Of(names.Label, BooleanDataViewType.Instance, sample.Labels),
            AddedColumn.Of(names.Score, NumberDataViewType.Single, [.. sample.Scores.Select(s => (float)s)]),
            AddedColumn.Of(names.PredictedLabel, BooleanDataViewType.Instance, sample.Predicted),
        ];
        if (sample.Probabilities is { } probabilities)
            columns.Add(AddedColumn.Of(names.Probability, NumberDataViewType.Single, [.. probabilities.Select(p => (float)p)]));
        return (sample, columns);
    }

    private static (MulticlassSample Sample, List<AddedColumn> Columns) Merge(ScoredColumns names, MulticlassSample[] parts, int[] part, int[] index)
    {
        // A pipeline that maps labels to keys by itself may do so in another order in each fold.
        string[] classes = [.. parts.SelectMany(p => p.ClassNames).Distinct()];
        Dictionary<string, int> places = classes.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i);
        int[][] maps = [.. parts.Select(p => p.ClassNames.Select(n => places[n]).ToArray())];
        float lowest = parts.All(p => p.AreProbabilities) ? 0 : parts.Min(p => p.Scores.Min(s => s.Min()));
        int[] labels = Pick(parts, part, index, s => s.Labels), predicted = Pick(parts, part, index, s => s.Predicted);
        float[][] scores = Pick(parts, part, index, s => s.Scores);
        for (int i = 0; i < part.Length; i++)
        {
            int[] map = maps[part[i]];
            labels[i] = map[labels[i]];
            predicted[i] = map[predicted[i]];
            float[] own = scores[i];
            scores[i] = new float[classes.Length];
            Array.Fill(scores[i], lowest);
            for (int c = 0; c < own.Length; c++)
                scores[i][map[c]] = own[c];
        }

        MulticlassSample sample = new()
        {
            Labels = labels,
            Scores = scores,
            Predicted = predicted,
            Weights = Pick(parts, part, index, s => s.Weights),
            Rows = [.. Enumerable.Range(0, part.Length)],
            ClassNames = classes,
            AreProbabilities = parts.All(p => p.AreProbabilities),
        };
        KeyDataViewType key = new(typeof(uint), classes.Length);
        return (sample,
        [
            AddedColumn.Of(names.Label, key, [.. labels.Select(l => (uint)l + 1)], AddedColumn.Texts("KeyValues", classes)),
            AddedColumn.OfVectors(names.Score, scores, AddedColumn.Texts("SlotNames", classes)),
            AddedColumn.Of(names.PredictedLabel, key, [.. predicted.Select(l => (uint)l + 1)], AddedColumn.Texts("KeyValues", classes)),
        ]);
    }

    private static (RegressionSample Sample, List<AddedColumn> Columns) Merge(ScoredColumns names, RegressionSample[] parts, int[] part, int[] index)
    {
        RegressionSample sample = new()
        {
            Labels = Pick(parts, part, index, s => s.Labels),
            Scores = Pick(parts, part, index, s => s.Scores),
            Weights = Pick(parts, part, index, s => s.Weights),
            Rows = [.. Enumerable.Range(0, part.Length)],
        };
        return (sample,
        [
            AddedColumn.Of(names.Label, NumberDataViewType.Single, [.. sample.Labels.Select(s => (float)s)]),
            AddedColumn.Of(names.Score, NumberDataViewType.Single, [.. sample.Scores.Select(s => (float)s)]),
        ]);
    }
}
