using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Steps that transform data.</summary>
public sealed class TransformsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal TransformsCatalog(IHostEnvironment env)
    {
        _env = env.Register(nameof(TransformsCatalog));
        Categorical = new CategoricalTransforms(this);
        Conversion = new ConversionTransforms(this);
        Text = new TextTransforms(this);
        FeatureSelection = new FeatureSelectionTransforms(this);
    }

    /// <summary>Steps for values out of a known set.</summary>
    public CategoricalTransforms Categorical { get; }

    /// <summary>Steps that change types.</summary>
    public ConversionTransforms Conversion { get; }

    /// <summary>Steps for text.</summary>
    public TextTransforms Text { get; }

    /// <summary>Steps that choose features.</summary>
    public FeatureSelectionTransforms FeatureSelection { get; }

    IHostEnvironment IInternalCatalog.Environment => _env;

    /// <summary>Steps for values out of a known set.</summary>
    public sealed class CategoricalTransforms : IInternalCatalog
    {
        private readonly TransformsCatalog _owner;

        internal CategoricalTransforms(TransformsCatalog owner) => _owner = owner;

        IHostEnvironment IInternalCatalog.Environment => _owner._env;
    }

    /// <summary>Steps that change types.</summary>
    public sealed class ConversionTransforms : IInternalCatalog
    {
        private readonly TransformsCatalog _owner;

        internal ConversionTransforms(TransformsCatalog owner) => _owner = owner;

        IHostEnvironment IInternalCatalog.Environment => _owner._env;
    }

    /// <summary>Steps for text.</summary>
    public sealed class TextTransforms : IInternalCatalog
    {
        private readonly TransformsCatalog _owner;

        internal TextTransforms(TransformsCatalog owner) => _owner = owner;

        IHostEnvironment IInternalCatalog.Environment => _owner._env;
    }

    /// <summary>Steps that choose features.</summary>
    public sealed class FeatureSelectionTransforms : IInternalCatalog
    {
        private readonly TransformsCatalog _owner;

        internal FeatureSelectionTransforms(TransformsCatalog owner) => _owner = owner;

        IHostEnvironment IInternalCatalog.Environment => _owner._env;
    }
}
