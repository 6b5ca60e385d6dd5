using Microsoft.ML;
using Microsoft.ML.Data;

namespace RareEvents;

/// <summary>The customers of the CoIL 2000 challenge: who has a caravan policy, 6 in 100.</summary>
internal static class Customers
{
    /// <summary>Rows that the challenge gave to learn from; those after them it judged by.</summary>
    public const int TrainingRows = 5822;

    // Columns of the file: kind of customer and its group are categories, the rest are numbers.
    private const int Kind = 0, Group = 4, LastNumber = 84, Caravan = 85;

    public static (IDataView Training, IDataView Evaluation) Load(MLContext ml, string file)
    {
        IDataView all = ml.Data.Cache(ml.Data.LoadFromTextFile(
            file,
            [
                new TextLoader.Column("Kind", DataKind.String, Kind),
                new TextLoader.Column("Group", DataKind.String, Group),
                new TextLoader.Column("Numbers", DataKind.Single, [new TextLoader.Range(Kind + 1, Group - 1), new TextLoader.Range(Group + 1, LastNumber)]),
                new TextLoader.Column("Label", DataKind.Boolean, Caravan),
            ],
            separatorChar: ',',
            hasHeader: true));
        return (ml.Data.TakeRows(all, TrainingRows), ml.Data.SkipRows(all, TrainingRows));
    }

    /// <summary>One vector of all that is known of a customer.</summary>
    public static IEstimator<ITransformer> Features(MLContext ml) =>
        ml.Transforms.Categorical.OneHotEncoding([new InputOutputColumnPair("Kind"), new InputOutputColumnPair("Group")])
            .Append(ml.Transforms.NormalizeMinMax("Numbers"))
            .Append(ml.Transforms.Concatenate("Features", "Numbers", "Kind", "Group"));
}
