using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Sequences;

/// <summary>Damaged and hostile files of models that write.</summary>
public sealed class HostileSequenceFileTests : HostileModelTests<HostileSequenceFileTests>, IHostileModels
{
    private static MLContext Ml => new(seed: 1);
    private static readonly IDataView Data = Keys();

    public static IReadOnlyDictionary<string, (byte[] Good, Func<Stream, RowTransformer> Load, string[] Texts)> Files { get; } = new Dictionary<string, (byte[], Func<Stream, RowTransformer>, string[])>
    {
        ["sequence to sequence"] = (
            HostilePayload.Of(Ml, Ml.MulticlassClassification.Trainers.SequenceToSequence(new() { Network = Networks.Seq2Seq(units: 4, embedding: 3), SourceColumnName = "F", TargetColumnName = "T", Epochs = 1 }).Fit(Data)),
            SequenceToSequenceTransformer.Load,
            ["settings", "graph", "history"]),
        ["language model"] = (
            HostilePayload.Of(Ml, Ml.MulticlassClassification.Trainers.LanguageModel(new() { Network = Networks.LanguageModel(width: 4), TokensColumnName = "F", Epochs = 1 }).Fit(Data)),
            LanguageModelTransformer.Load,
            ["settings", "graph", "history", "network"]),
    };

    public static long MostBytes => 32 << 20;

    public static void Ask(RowTransformer model)
    {
        if (model is SequenceToSequenceTransformer writer)
            model = writer.WithDecoding(2);
        _ = model.Transform(Ml.Data.TakeRows(Data, 2)).GetColumn<float>("Score").Count();
    }

    // A token may also be out of range.
    public static bool MayAnswer(Exception error) => error is ArgumentException or InvalidOperationException;

    private static IDataView Keys()
    {
        IDataView data = Ml.Data.LoadFromEnumerable(new[] { new Pair { From = ["a", "b"], To = ["x"] }, new Pair { From = ["b"], To = ["y", "x"] } });
        return Ml.Transforms.Conversion.MapValueToKey([new("F", "From"), new("T", "To")]).Fit(data).Transform(data);
    }

    private sealed class Pair
    {
        public string[] From { get; set; } = [];

        public string[] To { get; set; } = [];
    }
}
