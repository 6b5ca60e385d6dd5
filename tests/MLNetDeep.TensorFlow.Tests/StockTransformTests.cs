using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNetDeep.TensorFlow.Tests.Support;

namespace MLNetDeep.TensorFlow.Tests;

/// <summary>What <c>ExportToTensorFlow</c> writes, as ML.NET's own <c>LoadTensorFlowModel</c> takes it.</summary>
public sealed class StockTransformTests : IDisposable
{
    private const int Side = 4, Channels = 3, Count = 24;

    private static readonly Network Images = Network.Input(Side, Side, Channels).Conv2D(4, 3, padding: Padding.Same).BatchNormalization().Relu().MaxPool2D(2).Flatten();

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    // All that TensorFlow's loader and ML.NET's transform look up by name, in TensorFlow.NET's own messages.
    [Fact]
    public void Its_loaders_find_what_they_look_for()
    {
        Classes().ExportToTensorFlow(_folder);
        using FileStream file = File.OpenRead(Path.Combine(_folder, "saved_model.pb"));
        Tensorflow.MetaGraphDef graph = Assert.Single(Tensorflow.SavedModel.Parser.ParseFrom(file).MetaGraphs);
        Assert.Equal(["serve"], graph.MetaInfoDef.Tags);
        Dictionary<string, Tensorflow.NodeDef> nodes = graph.GraphDef.Node.ToDictionary(n => n.Name);
        Assert.Equal("Placeholder", nodes["Features"].Op);
        Assert.Equal((long[])[-1, Side, Side, Channels], nodes["Features"].Attr["shape"].Shape.Dim.Select(d => d.Size));
        Assert.Equal(Tensorflow.DataType.DtFloat, nodes["Features"].Attr["dtype"].Type);
        Assert.Contains("Score", nodes.Keys);
        Assert.Contains("PredictedLabel", nodes.Keys);

        Assert.Equal("PlaceholderWithDefault", nodes[graph.SaverDef.FilenameTensorName[..^2]].Op);
        Assert.EndsWith(":0", graph.SaverDef.FilenameTensorName, StringComparison.Ordinal);
        string[] restored = [.. nodes[graph.SaverDef.RestoreOpName].Input.Select(i => nodes[i.TrimStart('^')].Input[0])];
        Assert.Equal(nodes.Values.Where(n => n.Op == "VarHandleOp").Select(n => n.Name).Order(), restored.Order());
        Assert.Contains(graph.SignatureDef["__saved_model_init_op"].Outputs["__saved_model_init_op"].Name, nodes.Keys);
        Tensorflow.SignatureDef signature = graph.SignatureDef["serving_default"];
        Assert.Equal("Features:0", Assert.Single(signature.Inputs).Value.Name);
        Assert.Equal(["PredictedLabel:0", "Score:0"], signature.Outputs.Values.Select(o => o.Name).Order());

        // ML.NET takes these two into its own zip.
        Assert.True(File.Exists(Path.Combine(_folder, "variables", "variables.index")));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "variables"), "variables.data-?????-of-?????"));
    }

    [SkippableFact]
    public void Classes_of_images_score_as_with_us()
    {
        TestedEngines.NeedNative();
        Check(Classes(), "Score");
    }

    [SkippableFact]
    public void Two_classes_score_as_with_us()
    {
        TestedEngines.NeedNative();
        Check(_ml.BinaryClassification.Trainers.NeuralNetwork(Images.Dense(1).Sigmoid(), "IsBright", "Features", new() { Epochs = 2, BatchSize = 8 }).Fit(Data()), "Probability");
    }

    [SkippableFact]
    public void Regression_scores_as_with_us()
    {
        TestedEngines.NeedNative();
        Check(_ml.Regression.Trainers.NeuralNetwork(Network.Input(Side * Side * Channels).Dense(5).Tanh().Dense(1), "Brightness", "Features", new() { Epochs = 2, BatchSize = 8 }).Fit(Data()), "Score");
    }

    private void Check(ITransformer ours, string column)
    {
        ours.ExportToTensorFlow(_folder);
        IDataView data = Data();
        float[] expected = Values(ours.Transform(data), column);
        using (TensorFlowModel model = _ml.Model.LoadTensorFlowModel(_folder))
        {
            TensorFlowTransformer stock = model.ScoreTensorFlowModel(column, "Features").Fit(data);
            Compare.Near(column, expected, Values(stock.Transform(data), column), 1e-4);
            using MemoryStream file = new();
            _ml.Model.Save(stock, data.Schema, file);
            file.Position = 0;
            ITransformer loaded = _ml.Model.Load(file, out _);
            Compare.Near(column, expected, Values(loaded.Transform(data), column), 1e-4);
            (loaded as IDisposable)?.Dispose();
        }

        using TensorFlowModel frozen = _ml.Model.LoadTensorFlowModel(Path.Combine(_folder, "frozen_graph.pb"));
        Compare.Near(column, expected, Values(frozen.ScoreTensorFlowModel(column, "Features").Fit(data).Transform(data), column), 1e-4);
    }

    private ITransformer Classes() => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.MulticlassClassification.Trainers.NeuralNetwork(Images.Dense(6).Relu().Dropout(0.2).ClassOutput(), "Label", "Features", new() { Epochs = 2, BatchSize = 8 })).Fit(Data());

    private static float[] Values(IDataView rows, string column) =>
        rows.Schema[column].Type is VectorDataViewType ? [.. rows.GetColumn<float[]>(column).SelectMany(v => v)] : [.. rows.GetColumn<float>(column)];

    private IDataView Data()
    {
        Random random = new(1);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(i =>
        {
            float[] pixels = [.. Enumerable.Range(0, Side * Side * Channels).Select(_ => random.NextSingle())];
            float mean = pixels.Average();
            return new Row { Features = pixels, Label = "abc"[i % 3].ToString(), IsBright = mean > 0.5f, Brightness = mean };
        }).ToList());
    }

    private sealed class Row
    {
        [VectorType(Side * Side * Channels)]
        public float[]? Features { get; set; }

        public string? Label { get; set; }

        public bool IsBright { get; set; }

        public float Brightness { get; set; }
    }
}
