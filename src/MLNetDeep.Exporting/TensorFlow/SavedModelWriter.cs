using Google.Protobuf;
using MLNetDeep.Exporting.TensorFlow.Protos;
using MLNetDeep.Graphs;

namespace MLNetDeep.Exporting.TensorFlow;

/// <summary>
/// Writes a scoring graph as a TensorFlow SavedModel: tag <c>serve</c>, signature <c>serving_default</c>, weights as variables that can be trained on; and beside it
/// as <c>frozen_graph.pb</c>, one GraphDef with the weights in it.
/// </summary>
public static class SavedModelWriter
{
    /// <summary>The frozen graph's name in the folder.</summary>
    public const string FrozenGraph = "frozen_graph.pb";

    private const string Signature = "serving_default", InitSignature = "__saved_model_init_op";

    /// <summary>Writes the folder.</summary>
    /// <param name="folder">A new or empty folder.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">Placeholders by the names that callers know them by; also the names of their operations.</param>
    /// <param name="outputs">Tensors by the names that callers know them by; also the names of operations that give them.</param>
    /// <param name="values">Values of the variables.</param>
    /// <exception cref="ArgumentException">An output depends on a placeholder that is not among the inputs, or an input and an output have one name.</exception>
    /// <exception cref="NotSupportedException">TensorFlow cannot express an operation; the message names the layer.</exception>
    /// <exception cref="IOException">The folder has files already, or cannot be written.</exception>
    public static void Write(string folder, Graph graph, IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyDictionary<string, Tensor> outputs, Func<Variable, float[]> values)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(values);
        Write(folder, graph, [.. inputs.Select(i => new ExportInput(i.Key, i.Value))], [.. outputs.Select(o => new ExportOutput(o.Key, o.Value))], values);
    }

    /// <summary>As the other, with inputs and outputs as ML.NET's columns have them. What that needs is added to the graph.</summary>
    internal static void Write(string folder, Graph graph, IReadOnlyList<ExportInput> inputs, IReadOnlyList<ExportOutput> outputs, Func<Variable, float[]> values)
    {
        if (inputs.Select(i => i.Name).Concat(outputs.Select(o => o.Name)).GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two inputs or outputs are called '{twice.Key}'; each needs a name of its own.", nameof(outputs));
        ExportOutput[] keys = [.. outputs.Where(o => o.Kind == ExportOutputKind.KeyOfLargest)];
        Dictionary<string, Tensor> results = outputs.ToDictionary(o => o.Name, Result, StringComparer.Ordinal);
        GraphDefProgram serve = new("serve", [.. results.Values.Distinct()]);
        GraphDefOptions options = new()
        {
            Values = values,
            Names = inputs.Select(i => KeyValuePair.Create(i.Name, i.Tensor)).Concat(results).ToDictionary(StringComparer.Ordinal),
            ChannelsFirst = inputs.Where(i => i.IsChannelsFirst).Select(i => i.Tensor).ToHashSet(),
            Keys = keys.Select(k => results[k.Name]).ToHashSet(),
        };
        GraphDefFile file = GraphDefWriter.Write(graph, [serve], options with { InitialValues = false }), frozen = GraphDefWriter.Write(graph, [serve], options with { Freeze = true });
        if (file.Feeds(serve.Name).FirstOrDefault(f => inputs.All(i => i.Tensor != f)) is { } missing)
            throw new ArgumentException($"The outputs need a value for '{missing.Node.Name}', which is not among the inputs.", nameof(inputs));
        if (file.BatchSize is not null)
            throw new ArgumentException("The outputs depend on no input that tells the number of rows.", nameof(inputs));

        MetaGraphDef meta = new()
        {
            MetaInfoDef = new() { TensorflowVersion = "2.11.0", StrippedDefaultAttrs = true },
            GraphDef = file.Definition,
        };
        meta.MetaInfoDef.Tags.Add("serve");
        SignatureDef signature = new() { MethodName = "tensorflow/serving/predict" };
        foreach (ExportInput input in inputs.Where(i => file.Named.ContainsKey(i.Name)))
        {
            ReadOnlySpan<int> dims = input.Tensor.Shape.Dims;
            signature.Inputs.Add(input.Name, Info(file.Named[input.Name], TensorFlowText.Type(input.Tensor.DType), input.IsChannelsFirst ? [dims[0], dims[3], dims[1], dims[2]] : dims));
        }

        foreach ((string name, Tensor tensor) in results)
            signature.Outputs.Add(name, Info(file.Named[name], options.Keys.Contains(tensor) ? DataType.DtUint32 : TensorFlowText.Type(tensor.DType), tensor.Shape.Dims));
        meta.SignatureDef.Add(Signature, signature);
        AddInit(meta);
        if (file.Variables.Count > 0)
            AddSaver(meta, file.Variables);

        SavedModel model = new() { SavedModelSchemaVersion = 1 };
        model.MetaGraphs.Add(meta);
        WholeFolder.Write(folder, "SavedModel", to =>
        {
            if (file.Variables.Count > 0)
            {
                string variables = Path.Combine(to, "variables");
                Directory.CreateDirectory(variables);
                TensorBundle.Write(Path.Combine(variables, "variables"), file.Variables.Select(v => (v.Handle, v.Variable.Shape.Dims.ToArray(), values(v.Variable))));
            }

            File.WriteAllBytes(Path.Combine(to, "saved_model.pb"), GraphDefFile.Bytes(model, "A graph without its weights holds less than 2 GB."));
            File.WriteAllBytes(Path.Combine(to, FrozenGraph), GraphDefFile.Bytes(frozen.Definition, "A frozen graph holds less than 2 GB."));
        });
    }

    private static TensorInfo Info(string name, DataType type, ReadOnlySpan<int> dims) => new() { Name = name, Dtype = type, TensorShape = TensorFlowText.Shape(dims) };

    private static Tensor Result(ExportOutput output)
    {
        Shape shape = output.Tensor.Shape;
        return output.Kind switch
        {
            ExportOutputKind.FlatValues => Ops.Reshape(output.Tensor, new Shape(shape[0], shape.RowSize())),
            ExportOutputKind.IsMoreThanHalf => Ops.Greater(output.Tensor, Ops.Like(output.Tensor, 0.5f)),
            ExportOutputKind.KeyOfLargest when shape.Rank == 2 => Ops.Reshape(Ops.ArgMax(output.Tensor, 1), new Shape(shape[0], 1)),
            ExportOutputKind.KeyOfLargest => Ops.ArgMax(output.Tensor, shape.Rank - 1),
            _ => output.Tensor,
        };
    }

    // Nothing is to be done at the start beyond restoring the variables; loaders look for the operation.
    private static void AddInit(MetaGraphDef meta)
    {
        string name = Free(meta.GraphDef, "init");
        meta.GraphDef.Node.Add(new NodeDef { Name = name, Op = "NoOp" });
        SignatureDef signature = new();
        signature.Outputs.Add(InitSignature, new() { Name = name, TensorShape = new() { UnknownRank = true } });
        meta.SignatureDef.Add(InitSignature, signature);
    }

    // What tf.compat.v1.train.Saver adds: save and restore all variables from the files that a text names.
    private static void AddSaver(MetaGraphDef meta, IReadOnlyList<GraphDefVariable> variables)
    {
        const DataType Text = DataType.DtString;
        string scope = Free(meta.GraphDef, "save");
        GraphDefBuilder builder = new() { Definition = meta.GraphDef, FindBatch = () => throw new InvalidOperationException("Nothing here is batched.") };
        DataType[] types = [.. variables.Select(_ => DataType.DtFloat)];
        Value given = Texts("filename/input", ["model"], []);
        Value file = builder.Add("PlaceholderWithDefault", $"{scope}/filename", Text, [given], ("dtype", Text), ("shape", TensorFlowText.Shape([])));
        Value names = Texts("tensor_names", [.. variables.Select(v => v.Handle)], [variables.Count]);
        Value slices = Texts("shape_and_slices", [.. variables.Select(_ => "")], [variables.Count]);
        Value[] values = [.. variables.Select(v => new Value(v.Read[..v.Read.LastIndexOf(':')], 0, DataType.DtFloat))];
        string save = builder.AddTaken("SaveV2", builder.Take($"{scope}/SaveV2"), [file, names, slices, .. values], [("dtypes", types)]).Name;
        string saved = builder.AddTaken("Identity", builder.Take($"{scope}/control_dependency"), [file], [("T", Text)], save).Name;
        Value restore = builder.Add("RestoreV2", $"{scope}/RestoreV2", DataType.DtFloat, [file, names, slices], ("dtypes", types));
        List<string> assigns = [];
        for (int i = 0; i < variables.Count; i++)
        {
            Value[] pair = [new(variables[i].Handle, 0, DataType.DtResource), restore with { Index = i }];
            assigns.Add(builder.AddTaken("AssignVariableOp", builder.Take($"{scope}/AssignVariableOp"), pair, [("dtype", DataType.DtFloat)]).Name);
        }

        string all = builder.AddTaken("NoOp", builder.Take($"{scope}/restore_all"), [], [], [.. assigns]).Name;
        meta.SaverDef = new()
        {
            FilenameTensorName = file.TensorName,
            SaveTensorName = saved + ":0",
            RestoreOpName = all,
            MaxToKeep = 5,
            KeepCheckpointEveryNHours = 10000,
            Version = SaverDef.Types.CheckpointFormatVersion.V2,
        };

        CollectionDef known = new() { BytesList = new() }, trainable = new() { BytesList = new() };
        foreach (GraphDefVariable variable in variables)
        {
            ByteString bytes = new VariableDef
            {
                VariableName = variable.Handle + ":0",
                InitializerName = variable.Write,
                InitialValueName = variable.Feed,
                SnapshotName = variable.Read,
                IsResource = true,
                Trainable = variable.Variable.Trainable,
            }.ToByteString();
            known.BytesList.Value.Add(bytes);
            if (variable.Variable.Trainable)
                trainable.BytesList.Value.Add(bytes);
        }

        meta.CollectionDef.Add("variables", known);
        if (trainable.BytesList.Value.Count > 0)
            meta.CollectionDef.Add("trainable_variables", trainable);

        Value Texts(string name, string[] texts, int[] dims)
        {
            TensorProto tensor = new() { Dtype = Text, TensorShape = TensorFlowText.Shape(dims) };
            tensor.StringVal.AddRange(texts.Select(ByteString.CopyFromUtf8));
            return builder.Add("Const", $"{scope}/{name}", Text, [], ("dtype", Text), ("value", tensor));
        }
    }

    private static string Free(GraphDef graph, string name)
    {
        HashSet<string> taken = [.. graph.Node.Select(n => n.Name.Split('/')[0])];
        string free = name;
        for (int i = 1; taken.Contains(free); i++)
            free = $"{name}_{i}";
        return free;
    }
}
