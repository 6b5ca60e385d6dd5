using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tests.Support;
using WordRow = MLNetDeep.Tests.Support.FreshProcess.WordRow;

namespace MLNetDeep.Tests.Sequences;

/// <summary>Models of sequences mean the same in a process that knows ML.NET only.</summary>
public sealed class FreshProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-fresh-").FullName;

    public static TheoryData<string> Kinds => [.. Pipelines.Keys];

    private static Dictionary<string, (Func<MLContext, IEstimator<ITransformer>> Pipeline, string[] Columns)> Pipelines { get; } = new()
    {
        ["text"] = (
            ml => ml.Transforms.Text.NormalizeText("Text").Append(ml.Transforms.Text.TokenizeIntoWords("Tokens", "Text")).Append(ml.Transforms.Conversion.MapValueToKey("Tokens"))
                .Append(ml.Transforms.Conversion.MapValueToKey("Kind")).Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.TextCnn(embedding: 4), "Kind", "Tokens", new() { Epochs = 2 })),
            ["Score", "PredictedLabel"]),
        ["labels"] = (
            ml => ml.Transforms.Conversion.MapValueToKey([new("W", "Words"), new("T", "Tags")])
                .Append(ml.MulticlassClassification.Trainers.SequenceLabeling(new() { Network = Network.TokenInput().Embedding(null, 6, maskZero: true).BiLstm(6, returnSequences: true).TaskOutput(), FeatureColumnName = "W", LabelColumnName = "T", Epochs = 2 }))
                .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")),
            ["PredictedLabel", "Score"]),
        ["sequence to sequence"] = (
            ml => ml.Transforms.Conversion.MapValueToKey([new("W", "Words"), new("T", "Tags")])
                .Append(ml.MulticlassClassification.Trainers.SequenceToSequence(new() { Network = Networks.Seq2Seq(units: 8, embedding: 4), SourceColumnName = "W", TargetColumnName = "T", Epochs = 3, BeamWidth = 3 }))
                .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")),
            ["PredictedLabel", "Score"]),
        ["language model"] = (
            ml => ml.Transforms.Conversion.MapValueToKey("W", "Words").Append(ml.MulticlassClassification.Trainers.LanguageModel(new() { Network = Networks.LanguageModel(width: 8), TokensColumnName = "W", Epochs = 3 })),
            ["Score", "Perplexity"]),
        ["neighbours"] = (
            ml => ml.Transforms.NearestNeighbors("Text", "Point", 3).Append(ml.Transforms.Conversion.MapKeyToValue("Neighbors")),
            ["Neighbors", "Distances"]),
        ["embedding and neighbours"] = (
            ml => ml.Transforms.Conversion.MapValueToKey([new("W", "Words"), new("T", "Tags")])
                .Append(ml.Transforms.NetworkEmbedding(ml.MulticlassClassification.Trainers.SequenceLabeling(new() { Network = Network.TokenInput().Embedding(null, 2, maskZero: true, name: "meaning").TaskOutput(), FeatureColumnName = "W", LabelColumnName = "T", Epochs = 2 }), "meaning"))
                .Append(ml.Transforms.NearestNeighbors("Text", "Embedding", 2)),
            ["Embedding", "Neighbors", "Distances"]),
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_model_means_the_same(string kind)
    {
        (Func<MLContext, IEstimator<ITransformer>> pipeline, string[] columns) = Pipelines[kind];
        MLContext ml = new(seed: 1);
        List<WordRow> rows = Rows();
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        ITransformer model = pipeline(ml).Fit(data);
        string file = Path.Combine(_folder, "model.zip");
        ml.Model.Save(model, data.Schema, file);

        // Rows with words that the model has never seen, and none.
        rows = [.. rows.Take(6), new() { Text = "unheard-of", Words = ["unheard-of", "a"], Tags = ["x", "y"] }, new()];
        string[] expected = FreshProcess.Describe(ml, model, rows, columns);
        Assert.True(expected.Length >= rows.Count * columns.Length && expected.Distinct().Count() > 4);
        Assert.Equal(expected, FreshProcess.Describe(file, _folder, rows, columns));
    }

    private static List<WordRow> Rows()
    {
        string[] words = ["a", "b", "c", "d", "e"];
        Random random = new(1);
        return [.. Enumerable.Range(0, 40).Select(i =>
        {
            string[] row = [.. Enumerable.Range(0, i == 0 ? 6 : random.Next(1, 7)).Select(_ => words[random.Next(5)])];
            return new WordRow
            {
                Text = string.Join(' ', row),
                Words = row,
                Tags = [.. row.Select(w => w is "a" or "e" ? "vowel" : "consonant")],
                Kind = row[0] is "a" or "e" ? "vowel" : "consonant",
                Point = [random.NextSingle(), random.NextSingle(), random.NextSingle()],
            };
        })];
    }
}
