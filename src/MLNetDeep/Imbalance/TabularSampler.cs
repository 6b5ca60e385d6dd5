using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetDeep.Generation;
using MLNetDeep.Generation.Tabular;
using MLNetDeep.Imbalance.Core;

namespace MLNetDeep.Imbalance;

/// <summary>A sampler whose new rows a model of the whole table makes.</summary>
public abstract class TabularSampler : Oversampler
{
    private readonly TabularSamplerOptions _options;
    private readonly IHostEnvironment _env;

    private protected TabularSampler(IHostEnvironment env, TabularSamplerOptions options)
        : base(env, options) => (_env, _options) = (env, options);

    private protected override bool NeedsFeatures => false;

    private protected abstract TabularOptions Training { get; }

    private protected abstract TabularTransformer Fit(IHostEnvironment env, IDataView rows, TabularOptions training);

    private protected override void Sample(SamplingTask task)
    {
        // Before a long training, not after.
        if (Wanted(task) is { } single)
        {
            throw new ArgumentException(
                $"The class '{task.Rows.ClassNames[single]}' has one row only: {Name} cannot tell how it varies. Get more rows, use RandomOverSampler for it, or leave it out by SamplingStrategy.Counts.");
        }

        task.MadeColumns = _options.ColumnNames ?? [_options.FeatureColumnName];
        if (task.MadeColumns.Contains(_options.LabelColumnName))
            throw new ArgumentException($"The label column '{_options.LabelColumnName}' is among the columns to make (ColumnNames); it is what rows are asked for by.");
        base.Sample(task);
    }

    private protected override void Add(SamplingTask task, int label, int count)
    {
        TabularTransformer model = task.Model ??= Train(task);
        TableEncoding encoding = model.Encoding;
        int field = encoding.FirstField[0], first = task.Rows.Of[label][0];

        // The label is the model's first column; the class is the cell that its rows have.
        int place = encoding.ConditionOf(field, ((CategoryField)encoding.Fields[field]).Cells.ToList().IndexOf(CellOf(task, first)));
        int start = task.Made.Sum(m => (int)m.GetRowCount()!.Value);
        task.Made.Add(new GeneratedTable(model, count, task.Random.Next(), place));
        for (int i = 0; i < count; i++)
            task.Added.Add(new(task.Rows.Of[label][task.Random.Next(task.Rows.Counts[label])], Made: start + i));
    }

    private TabularTransformer Train(SamplingTask task)
    {
        var training = (TabularOptions)Training.Copy();
        training.ColumnNames = [_options.LabelColumnName, .. task.MadeColumns];
        training.Seed ??= task.Random.Next();
        if (!training.CancellationToken.CanBeCanceled)
            training.CancellationToken = task.Cancellation;
        int pack = training is TabularGanTrainer.Options gan ? gan.Pack : 1;
        training.BatchSize = Math.Max(Math.Min(training.BatchSize, task.Rows.Labels.Length / pack * pack), 2 * pack);
        return Fit(_env, task.Data, training);
    }

    // A class that rows are to be added to and that has a single one; null for none.
    private int? Wanted(SamplingTask task)
    {
        int[] wanted = (_options.Strategy ?? SamplingStrategy.NotMajority).AfterAdding(task.Rows.ClassNames, task.Rows.Counts, Name);
        for (int c = 0; c < wanted.Length; c++)
        {
            if (wanted[c] > 1 && task.Rows.Counts[c] == 1)
                return c;
        }

        return null;
    }

    private double CellOf(SamplingTask task, int row)
    {
        TableColumn[] column = TableColumn.Find(task.Data.Schema, [_options.LabelColumnName]);
        using DataViewRowCursor cursor = task.Data.GetRowCursor([column[0].In(task.Data.Schema)]);
        TableReader reader = new(cursor, column);
        double[] cell = new double[1];
        for (int i = 0; i <= row && cursor.MoveNext(); i++)
            reader.Read(cell);
        return cell[0];
    }
}
