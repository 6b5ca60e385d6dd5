namespace Microsoft.ML.Data;

/// <summary>Base of the transformers that score one feature column with a model.</summary>
/// <typeparam name="TModel">The kind of model.</typeparam>
public abstract class SingleFeaturePredictionTransformerBase<TModel> : PredictionTransformerBase<TModel>, ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    // The columns it was trained with: features, and the label where its names are needed.
    private readonly DataViewSchema _trainSchema;

    private protected SingleFeaturePredictionTransformerBase(TModel model, DataViewSchema trainSchema)
        : base(model)
    {
        _trainSchema = trainSchema;
        if (FeatureColumnType is not VectorDataViewType { Size: var size } || size != Scorer.InputSize)
            throw new FormatException($"The model has {Scorer.InputSize} weights, which do not fit '{FeatureColumnName}' of type {FeatureColumnType}.");
    }

    /// <summary>The name of the feature column.</summary>
    public string FeatureColumnName => _trainSchema[0].Name;

    /// <summary>The type of the feature column.</summary>
    public DataViewType FeatureColumnType => _trainSchema[0].Type;

    private protected DataViewSchema.Column? LabelColumn => _trainSchema.Count > 1 ? _trainSchema[1] : null;

    private protected IScorer Scorer => (IScorer)Model;

    /// <summary>The columns that <see cref="PredictionTransformerBase{TModel}.Transform"/> will give.</summary>
    public override DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return MakeMapping(inputSchema).OutputSchema;
    }

    private protected DataViewSchema.Column FindFeatures(DataViewSchema inputSchema)
    {
        var features = inputSchema.Find(FeatureColumnName);
        return features.Type.Equals(FeatureColumnType) ? features
            : throw Shapes.Mismatch("feature", FeatureColumnName, FeatureColumnType.ToString()!, features.Type.ToString()!);
    }

    private protected void Save(ModelSaveContext ctx, VersionInfo version)
    {
        ctx.SetVersionInfo(version);
        SchemaCodec.Write(ctx.Writer, _trainSchema);
        ctx.SaveModel(Model, "Model");
    }

    // A getter of something that is made of the model's outputs.
    private protected ValueGetter<T> Getter<T>(DataViewRow row, DataViewSchema.Column features, Reading<T> read)
    {
        var getter = row.GetGetter<VBuffer<float>>(features);
        VBuffer<float> values = default;
        var outputs = new float[Scorer.OutputSize];
        return (ref T value) =>
        {
            getter(ref values);
            Scorer.Score(values, outputs);
            read(outputs, ref value);
        };
    }

    private protected delegate void Reading<T>(float[] outputs, ref T value);
}
