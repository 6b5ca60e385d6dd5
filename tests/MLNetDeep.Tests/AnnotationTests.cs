using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Tests;

/// <summary>The annotations that ML.NET's own trainers give, by which its evaluators find and name things.</summary>
public class AnnotationTests
{
    private const string Text = "String", Set = "Key<UInt32, 0-2147483646>";

    [Fact]
    public void Multiclass_columns_are_annotated_as_by_ML_NETs_trainers()
    {
        DataViewSchema schema = Schema(ml => ml.Transforms.Conversion.MapValueToKey("Label", "Color").Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 1)));

        Assert.Equal("Key<UInt32, 0-2>", schema["PredictedLabel"].Type.ToString());
        Assert.Equal($"{{KeyValues: Vector<String, 3>, ScoreColumnKind: {Text}, ScoreColumnSetId: {Set}, ScoreValueKind: {Text}}}", Schemas.Annotations(schema["PredictedLabel"], values: false));
        Assert.Equal("Vector<Single, 3>", schema["Score"].Type.ToString());
        Assert.Equal(
            $"{{ScoreColumnKind: {Text}, ScoreColumnSetId: {Set}, ScoreValueKind: {Text}, SlotNames: Vector<String, 3>, TrainingLabelValues: Vector<String, 3>}}",
            Schemas.Annotations(schema["Score"], values: false));
        Kinds(schema, "MulticlassClassification", "PredictedLabel", "Score");
        Assert.Equal(Schemas.Texts(schema["Label"], "KeyValues"), Schemas.Texts(schema["PredictedLabel"], "KeyValues"));
        Assert.Equal(Schemas.Texts(schema["Label"], "KeyValues"), Schemas.Texts(schema["Score"], "TrainingLabelValues"));
    }

    [Fact]
    public void Binary_columns_are_annotated_as_by_ML_NETs_trainers()
    {
        DataViewSchema schema = Schema(ml => ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Large", epochs: 1));

        Assert.Equal(BooleanDataViewType.Instance, schema["PredictedLabel"].Type);
        Assert.Equal(NumberDataViewType.Single, schema["Score"].Type);
        Assert.Equal(NumberDataViewType.Single, schema["Probability"].Type);
        Assert.Equal($"{{ScoreColumnKind: {Text}, ScoreColumnSetId: {Set}, ScoreValueKind: {Text}}}", Schemas.Annotations(schema["PredictedLabel"], values: false));
        Assert.Equal($"{{ScoreColumnKind: {Text}, ScoreColumnSetId: {Set}, ScoreValueKind: {Text}}}", Schemas.Annotations(schema["Score"], values: false));
        Assert.Equal($"{{IsNormalized: Boolean, ScoreColumnKind: {Text}, ScoreColumnSetId: {Set}, ScoreValueKind: {Text}}}", Schemas.Annotations(schema["Probability"], values: false));
        Assert.True(schema["Probability"].IsNormalized());
        Kinds(schema, "BinaryClassification", "PredictedLabel", "Score", "Probability");
    }

    [Fact]
    public void Regression_column_is_annotated_as_by_ML_NETs_trainers()
    {
        DataViewSchema schema = Schema(ml => ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), "Number", epochs: 1));

        Assert.Equal(NumberDataViewType.Single, schema["Score"].Type);
        Assert.Equal($"{{ScoreColumnKind: {Text}, ScoreColumnSetId: {Set}, ScoreValueKind: {Text}}}", Schemas.Annotations(schema["Score"], values: false));
        Kinds(schema, "Regression", "Score");
        Assert.Null(schema.GetColumnOrNull("PredictedLabel"));
    }

    [Fact]
    public void Keys_without_names_are_numbered()
    {
        MLContext ml = new(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new Keyed { Label = (uint)(i % 3 + 1), Features = [i % 3, 1, 0, 0] }));
        var trainer = ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 1);
        DataViewSchema schema = trainer.Fit(data).GetOutputSchema(data.Schema);

        Schemas.Keeps(trainer.GetOutputSchema(Schemas.Shape(data.Schema)), schema);
        Assert.Equal(["0", "1", "2", "3"], Schemas.Texts(schema["Score"], "SlotNames"));
        Assert.Null(schema["PredictedLabel"].Annotations.Schema.GetColumnOrNull("KeyValues"));
    }

    private static DataViewSchema Schema(Func<MLContext, IEstimator<ITransformer>> pipeline)
    {
        MLContext ml = new(seed: 1);
        IDataView data = Samples.View(ml, 60);
        return pipeline(ml).Fit(data).GetOutputSchema(data.Schema);
    }

    private static void Kinds(DataViewSchema schema, string kind, params string[] columns)
    {
        foreach (string column in columns)
        {
            Assert.Equal(kind, Schemas.Annotation<ReadOnlyMemory<char>>(schema[column], "ScoreColumnKind").ToString());
            Assert.Equal(column, Schemas.Annotation<ReadOnlyMemory<char>>(schema[column], "ScoreValueKind").ToString());
            Assert.Equal(1u, Schemas.Annotation<uint>(schema[column], "ScoreColumnSetId"));
        }
    }

    private sealed class Keyed : Point
    {
        [KeyType(4)]
        public uint Label { get; set; }
    }
}
