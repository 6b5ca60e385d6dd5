namespace Microsoft.ML;

/// <summary>Something that can be saved into a model file.</summary>
public interface ICanSaveModel
{
    /// <summary>Saves it.</summary>
    void Save(ModelSaveContext ctx);
}
