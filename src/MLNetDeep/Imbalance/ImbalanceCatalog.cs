using Microsoft.ML.Runtime;
using MLNetDeep.Imbalance.Ensembles;
using MLNetDeep.Imbalance.Samplers;

namespace MLNetDeep.Imbalance;

/// <summary>What helps where some classes are rare: samplers, which change the rows that a trainer sees, and ensembles of balanced samples. All of them go around any ML.NET trainer.</summary>
public sealed class ImbalanceCatalog
{
    private readonly IHostEnvironment _env;

    internal ImbalanceCatalog(IHostEnvironment env) => _env = env;

    /// <summary>Repeats rows of rare classes; see <see cref="Samplers.RandomOverSampler"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public RandomOverSampler RandomOverSampler(RandomOverSampler.Options? options = null) => new(_env, options ?? new());

    /// <summary>Removes rows of frequent classes at random; see <see cref="Samplers.RandomUnderSampler"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public RandomUnderSampler RandomUnderSampler(RandomUnderSampler.Options? options = null) => new(_env, options ?? new());

    /// <summary>Adds points between rows of rare classes and their neighbours; see <see cref="Samplers.Smote"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public Smote Smote(Smote.Options? options = null) => new(_env, options ?? new());

    /// <summary>Adds points near the border of rare classes; see <see cref="Samplers.BorderlineSmote"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public BorderlineSmote BorderlineSmote(BorderlineSmote.Options? options = null) => new(_env, options ?? new());

    /// <summary>Adds points between rows that have numbers and categories; see <see cref="Samplers.SmoteNc"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public SmoteNc SmoteNc(SmoteNc.Options? options = null) => new(_env, options ?? new());

    /// <summary>Adds points inside clusters in which the class is frequent; see <see cref="Samplers.KMeansSmote"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public KMeansSmote KMeansSmote(KMeansSmote.Options? options = null) => new(_env, options ?? new());

    /// <summary>Adds points, more of them where the class is hard to learn; see <see cref="Samplers.Adasyn"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public Adasyn Adasyn(Adasyn.Options? options = null) => new(_env, options ?? new());

    /// <summary>Adds rows with noise: a smoothed bootstrap; see <see cref="Samplers.Rose"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public Rose Rose(Rose.Options? options = null) => new(_env, options ?? new());

    /// <summary>Adds rows of rare classes that a GAN makes; see <see cref="Samplers.TabularGan"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public TabularGan TabularGan(TabularGan.Options? options = null) => new(_env, options ?? new());

    /// <summary>Adds rows of rare classes that a variational autoencoder makes; see <see cref="Samplers.TabularVae"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public TabularVae TabularVae(TabularVae.Options? options = null) => new(_env, options ?? new());

    /// <summary>Keeps rows of frequent classes that lie near the smallest class; see <see cref="Samplers.NearMiss"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public NearMiss NearMiss(NearMiss.Options? options = null) => new(_env, options ?? new());

    /// <summary>Removes rows of pairs of different classes that are each other's nearest; see <see cref="Samplers.TomekLinks"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public TomekLinks TomekLinks(TomekLinks.Options? options = null) => new(_env, options ?? new());

    /// <summary>Removes rows whose neighbours are of other classes; see <see cref="Samplers.EditedNearestNeighbours"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public EditedNearestNeighbours EditedNearestNeighbours(EditedNearestNeighbours.Options? options = null) => new(_env, options ?? new());

    /// <summary>Removes rows by the neighbourhood cleaning rule; see <see cref="Samplers.NeighbourhoodCleaning"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public NeighbourhoodCleaning NeighbourhoodCleaning(NeighbourhoodCleaning.Options? options = null) => new(_env, options ?? new());

    /// <summary>Removes rows of frequent classes that a nearest-neighbour rule does not need; see <see cref="Samplers.OneSidedSelection"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public OneSidedSelection OneSidedSelection(OneSidedSelection.Options? options = null) => new(_env, options ?? new());

    /// <summary>Removes rows of frequent classes that are hardest to get right; see <see cref="Samplers.InstanceHardness"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public InstanceHardness InstanceHardness(InstanceHardness.Options? options = null) => new(_env, options ?? new());

    /// <summary>SMOTE, and then Tomek links are removed; see <see cref="Samplers.SmoteTomek"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public SmoteTomek SmoteTomek(SmoteTomek.Options? options = null) => new(_env, options ?? new());

    /// <summary>SMOTE, and then rows whose neighbours are of other classes are removed; see <see cref="Samplers.SmoteEnn"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public SmoteEnn SmoteEnn(SmoteEnn.Options? options = null) => new(_env, options ?? new());

    /// <summary>The mean of trainers that were fitted to balanced bootstrap samples; see <see cref="Ensembles.BalancedBagging"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public BalancedBagging BalancedBagging(BalancedBagging.Options? options = null) => new(_env, options ?? new());

    /// <summary>Trainers that were boosted on balanced samples; see <see cref="Ensembles.EasyEnsemble"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public EasyEnsemble EasyEnsemble(EasyEnsemble.Options? options = null) => new(_env, options ?? new());

    /// <summary>Boosting with undersampling in each round; see <see cref="Ensembles.RusBoost"/>.</summary>
    /// <param name="options">Columns, classes and settings; null for the defaults.</param>
    public RusBoost RusBoost(RusBoost.Options? options = null) => new(_env, options ?? new());
}
