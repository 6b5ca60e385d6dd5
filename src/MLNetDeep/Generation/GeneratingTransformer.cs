using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Engines;
using MLNetDeep.Graphs;
using MLNetDeep.Rows;
using MLNetDeep.Training;
using MLNetDeep.Transformers;

namespace MLNetDeep.Generation;

/// <summary>A model that makes more rows like those that it was trained on.</summary>
public abstract class GeneratingTransformer : RowTransformer
{
    /// <summary>The name of the latent vector: of the column, and in exported networks.</summary>
    internal const string LatentName = "Latent";

    private protected GeneratingTransformer(TrainingColumns columns) => Columns = columns;

    /// <summary>The names of the classes, in the order of their keys; empty without classes.</summary>
    public IReadOnlyList<string> ClassNames => Columns.Label is not { } label ? [] : Columns.Names?.Names ?? [.. Enumerable.Range(1, (int)label.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Length of a latent vector.</summary>
    public int LatentSize => Decoder.Inputs[0].Shape.UnitSize;

    internal TrainingColumns Columns { get; }

    /// <summary>The network that makes rows of latent vectors and, with classes, of classes.</summary>
    internal abstract Scorer Decoder { get; }

    /// <summary>That network with its weights.</summary>
    internal abstract TrainedNetwork Maker { get; }

    /// <summary>
    /// Makes rows: the training data's column of features and, with classes, of labels, of the same types, annotations and order. They are made while they are read, a few hundred at a
    /// time, so that any number needs little memory; reading them again gives the same rows.
    /// </summary>
    /// <param name="count">Number of rows; at least 1.</param>
    /// <param name="seed">Seed of latent vectors and classes.</param>
    /// <param name="condition">The class that all rows are to be of, by its name; null for classes as frequent as in training.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is 0 or negative.</exception>
    /// <exception cref="ArgumentException">There is no such class, none of the training rows was of it, or the model knows no classes.</exception>
    public IDataView Generate(long count, int seed = 0, string? condition = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new GeneratedView(this, count, seed, ClassShares(condition));
    }

    /// <summary>Rows on the way from one latent vector to another, made of the numbers between; with features as in the training data.</summary>
    /// <param name="paths">Number of pairs of latent vectors; at least 1.</param>
    /// <param name="steps">Rows from the first vector of a pair to the second, both included; at least 2.</param>
    /// <param name="seed">Seed of the vectors and classes.</param>
    /// <param name="condition">As for <see cref="Generate"/>; the rows of a path are of one class.</param>
    /// <returns>The rows path by path.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    /// <exception cref="ArgumentException">There is no such class, none of the training rows was of it, or the model knows no classes.</exception>
    public IDataView Interpolate(int paths, int steps, int seed = 0, string? condition = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(paths, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        return new GeneratedView(this, (long)paths * steps, seed, ClassShares(condition), steps);
    }

    internal override IReadOnlyList<DataViewSchema.Column> Inputs(DataViewSchema schema)
    {
        FeatureColumn features = Columns.Features.In(schema).OfSize(Columns.Features.Size);
        if (Columns.Label is null)
            return [schema[features.Name]];
        DataViewSchema.Column label = ColumnRef.Find(schema, Columns.Columns.Label!, "label");
        if (label.Type is not KeyDataViewType { Count: var classes } || classes != Columns.Label.Count)
            throw new ArgumentException($"The label column '{label.Name}' has type {label.Type}; the model was trained on a key of {Columns.Label.Count} classes.");
        return [schema[features.Name], label];
    }

    /// <summary>What share of the rows are of each class; empty without classes.</summary>
    internal double[] ClassShares(string? condition)
    {
        if (condition is not null)
        {
            int index = ClassNames.ToList().IndexOf(condition);
            if (index < 0)
            {
                throw new ArgumentException(Columns.Label is null
                    ? $"The rows are to be of class '{condition}', but the model was trained without a label column and knows no classes."
                    : $"There is no class '{condition}'; the model knows {string.Join(", ", ClassNames.Take(20).Select(n => $"'{n}'"))}{(ClassNames.Count > 20 ? ", ..." : "")}.", nameof(condition));
            }

            if (Columns.Counts[index] == 0)
                throw new ArgumentException($"The class '{condition}' is one of the label column '{Columns.Columns.Label}', but none of the training rows was of it, so the model cannot make such rows.", nameof(condition));
            return [.. Enumerable.Range(0, ClassNames.Count).Select(i => i == index ? 1.0 : 0)];
        }

        double all = Math.Max(Columns.Counts.Sum(c => (double)c), 1);
        return [.. Columns.Counts.Select(c => c / all)];
    }

    /// <summary>Feeds classes to a network as it takes them: ids or one-hot numbers.</summary>
    internal static void FeedClasses(IExecutable executable, Tensor input, ReadOnlySpan<int> classes)
    {
        if (!executable.Feeds.Contains(input))
            return;
        if (input.DType == DType.Int32)
        {
            classes.CopyTo(executable.Feed<int>(input, classes.Length));
            return;
        }

        Span<float> target = executable.Feed<float>(input, classes.Length);
        target.Clear();
        int size = input.Shape.UnitSize;
        for (int i = 0; i < classes.Length; i++)
            target[(i * size) + classes[i]] = 1;
    }

    // A class input takes each class there is: ids are looked up in a table of their own size.
    private protected void CheckClasses(TrainedNetwork model, Tensor input)
    {
        int classes = (int)Columns.Label!.Count;
        bool fits = input.DType == DType.Float32
            ? input.Shape.UnitSize == classes
            : input.DType == DType.Int32 && input.Shape.UnitSize == 1 && (model.Network.TokenCounts[^1] is not { } ids || ids >= classes);
        if (!fits)
            throw new InvalidDataException($"a network's class input does not take {classes} classes.");
    }

    /// <summary>Reads the row that a row or cursor stands on, as the networks take it.</summary>
    private protected abstract class Scoring(GeneratingTransformer owner, DataViewRow row, IReadOnlyList<DataViewSchema.Column> inputs) : RowComputation(row)
    {
        private readonly Action<Span<float>> _features = owner.Columns.Columns.Bind(row, inputs[0]);
        private readonly Func<int>? _class = inputs.Count > 1 ? GanColumns.BindClass(row, inputs[1]) : null;

        protected float[] Values { get; } = new float[owner.Columns.Features.Size];

        /// <summary>Sees to it that <see cref="Values"/> are the row's; its class, 0 without classes. Where the class is missing it is negative, and nothing is read.</summary>
        protected int Read()
        {
            int known = _class?.Invoke() ?? 0;
            if (known < 0)
                return known;
            _features(Values);
            owner.Columns.Range.Shrink(Values);
            return known;
        }
    }
}
