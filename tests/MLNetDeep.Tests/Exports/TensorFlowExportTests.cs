using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Exporting.Tests.Interpreter;
using MLNetDeep.Exporting.Tests.TensorFlow;
using MLNetDeep.Tests.Support;
using InterpretedValue = MLNetDeep.Exporting.Tests.Interpreter.Value;

namespace MLNetDeep.Tests.Exports;

/// <summary>Trained models as SavedModels: the signature has the columns' names, and gives what the model gives.</summary>
public sealed class TensorFlowExportTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnd-tensorflow-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Classes_have_their_probabilities_and_keys()
    {
        IDataView data = Samples.View(_ml, 60);
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Color")
            .Append(_ml.MulticlassClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [5], batchNormalization: true), "Color", "Features", new() { Epochs = 2 }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedColor", "PredictedLabel")).Fit(data);
        model.ExportToTensorFlow(Folder);
        IDataView scored = model.Transform(data);
        Dictionary<string, InterpretedValue> results = Serve(("Features", Features(data)));
        Assert.Equal([60, 3], results["Score"].Dims);
        Near(scored.GetColumn<float[]>("Score").SelectMany(s => s), results["Score"]);
        Assert.Equal(DataType.DtUint32, results["PredictedLabel"].Type);
        Assert.Equal([60, 1], results["PredictedLabel"].Dims);
        Assert.Equal(scored.GetColumn<uint>("PredictedLabel").Select(k => (long)k), results["PredictedLabel"].Wholes);
    }

    [Fact]
    public void Two_classes_have_log_odds_and_a_probability()
    {
        IDataView data = Samples.View(_ml, 60);
        ITransformer model = _ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [5]), "Large", "Features", new() { Epochs = 2 }).Fit(data);
        model.ExportToTensorFlow(Folder);
        IDataView scored = model.Transform(data);
        Dictionary<string, InterpretedValue> results = Serve(("Features", Features(data)));
        Near(scored.GetColumn<float>("Score"), results["Score"]);
        Near(scored.GetColumn<float>("Probability"), results["Probability"]);
        Assert.Equal(scored.GetColumn<bool>("PredictedLabel").Select(b => b ? 1L : 0), results["PredictedLabel"].Wholes);
    }

    [Fact]
    public void A_loaded_model_of_a_number_is_exported_too()
    {
        IDataView data = Samples.View(_ml, 60);
        ITransformer model = _ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [5]), "Number", "Features", new() { Epochs = 2 }).Fit(data);
        string file = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, data.Schema, file);
        _ml.Model.Load(file, out _).ExportToTensorFlow(Folder);
        Near(model.Transform(data).GetColumn<float>("Score"), Serve(("Features", Features(data)))["Score"]);
    }

    [Fact]
    public void Ids_are_integers()
    {
        IDataView data = Samples.View(_ml, 60);
        ITransformer model = _ml.Regression.Trainers.NeuralNetwork(Networks.Lstm(10, 3, units: [4], embedding: 3), "Number", "Ids", options: new() { Epochs = 1 }).Fit(data);
        model.ExportToTensorFlow(Folder);
        int[][] ids = [.. data.GetColumn<int[]>("Ids")];
        Near(model.Transform(data).GetColumn<float>("Score"), Serve(("Ids", InterpretedValue.Ints([.. ids.SelectMany(i => i)], 60, 3)))["Score"]);
    }

    [Fact]
    public void Models_and_folders_that_do_not_do_are_named()
    {
        IDataView data = Samples.View(_ml, 30);
        ITransformer none = _ml.Transforms.Conversion.MapValueToKey("Color").Fit(data);
        Assert.Contains("no neural network", Assert.Throws<ArgumentException>(() => none.ExportToTensorFlow(Folder)).Message, StringComparison.Ordinal);
        ITransformer model = _ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [2]), "Number", "Features", new() { Epochs = 1 }).Fit(data);
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "mine"), "");
        Assert.Contains("has files already", Assert.Throws<IOException>(() => model.ExportToTensorFlow(Folder)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.ExportToTensorFlow(""));

        // A column cannot be both what goes in and what comes out.
        ITransformer named = _ml.Transforms.CopyColumns("Score", "Features")
            .Append(_ml.Regression.Trainers.NeuralNetwork(Networks.Mlp(hidden: [2]), "Number", "Score", options: new() { Epochs = 1 })).Fit(data);
        Assert.Contains("called 'Score'", Assert.Throws<ArgumentException>(() => named.ExportToTensorFlow(Path.Combine(_folder, "other"))).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "other")));
    }

    private string Folder => Path.Combine(_folder, "exported");

    private static InterpretedValue Features(IDataView data)
    {
        float[][] rows = [.. data.GetColumn<float[]>("Features")];
        return InterpretedValue.Floats([.. rows.SelectMany(r => r)], rows.Length, rows[0].Length);
    }

    // As TensorFlow's loaders do it.
    private Dictionary<string, InterpretedValue> Serve(params (string Name, InterpretedValue Value)[] inputs)
    {
        MetaGraphDef meta = SavedModel.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(Folder, "saved_model.pb"))).MetaGraphs.Single();
        Dictionary<string, InterpretedValue> weights = BundleReader.Read(Path.Combine(Folder, "variables", "variables")).ToDictionary(b => b.Key, b => InterpretedValue.Floats(b.Value.Values, b.Value.Dims));
        SignatureDef signature = meta.SignatureDef["serving_default"];
        string[] names = [.. signature.Outputs.Keys];
        Assert.Equal(inputs.Select(i => i.Name).Order(), signature.Inputs.Keys.Order());

        // ML.NET's LoadTensorFlowModel finds them by the operations' names.
        Assert.All(names, n => Assert.Equal(n + ":0", signature.Outputs[n].Name));
        Assert.All(inputs, i => Assert.Equal(i.Name + ":0", signature.Inputs[i.Name].Name));
        InterpretedValue[] results = new GraphInterpreter(meta.GraphDef, weights).Run(inputs.ToDictionary(i => signature.Inputs[i.Name].Name, i => i.Value), [.. names.Select(n => signature.Outputs[n].Name)]);
        return names.Zip(results).ToDictionary(p => p.First, p => p.Second);
    }

    private static void Near(IEnumerable<float> expected, InterpretedValue actual) =>
        Assert.All(expected.Zip(actual.Reals, (e, a) => (e, a)), p => Assert.Equal(p.e, p.a, 1e-5 * (1 + Math.Abs(p.e))));
}
