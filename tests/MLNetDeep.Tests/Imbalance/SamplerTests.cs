using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Imbalance;
using MLNetDeep.Imbalance.Samplers;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>Which rows samplers add and remove, beside slow and simple searches of the same definitions.</summary>
public class SamplerTests
{
    private static readonly int[] Counts = [90, 40, 15];

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<Rare> _rows = Rare.List(Counts);

    private List<Rare> Resample(ImbalanceSampler sampler, IEnumerable<Rare>? rows = null) => Rare.Read(_ml, sampler.Resample(Rare.View(_ml, rows ?? _rows)));

    private static int[] CountsOf(IEnumerable<Rare> rows) => [.. rows.GroupBy(r => r.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Count())];

    private bool IsOriginal(Rare row) => _rows[(int)row.Id].Features.SequenceEqual(row.Features);

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => Math.Pow((double)x - y, 2)).Sum());

    // By distance, and of equals the earlier.
    private static Rare[] Nearest(Rare row, IEnumerable<Rare> among, int count) =>
        [.. among.Where(r => r.Id != row.Id).OrderBy(r => Distance(r.Features, row.Features)).ThenBy(r => r.Id).Take(count)];

    private static bool LiesBetween(float[] a, float[] b, float[] point, double most = 1)
    {
        double length = Distance(a, b), gap = length == 0 ? 0 : Distance(a, point) / length;
        return gap <= most + 1e-5 && a.Zip(b, (x, y) => x + gap * (y - x)).Zip(point).All(p => Math.Abs(p.First - p.Second) < 1e-5);
    }

    public static TheoryData<string> Adding => ["RandomOverSampler", "Smote", "KMeansSmote", "Adasyn", "Rose", "BorderlineSmote1", "BorderlineSmote2", "SmoteNc"];

    private ImbalanceSampler Make(string name, SamplingStrategy? strategy = null, int? seed = 3, string label = "Key") => name switch
    {
        "RandomOverSampler" => _ml.Transforms.Imbalance.RandomOverSampler(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "Smote" => _ml.Transforms.Imbalance.Smote(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "KMeansSmote" => _ml.Transforms.Imbalance.KMeansSmote(new() { LabelColumnName = label, Strategy = strategy, Seed = seed, Clusters = 3, Neighbors = 3, BalanceThreshold = 0.02 }),
        "Adasyn" => _ml.Transforms.Imbalance.Adasyn(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "Rose" => _ml.Transforms.Imbalance.Rose(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "BorderlineSmote1" => _ml.Transforms.Imbalance.BorderlineSmote(new() { LabelColumnName = label, Strategy = strategy, Seed = seed, Kind = 1 }),
        "BorderlineSmote2" => _ml.Transforms.Imbalance.BorderlineSmote(new() { LabelColumnName = label, Strategy = strategy, Seed = seed, Kind = 2 }),
        "SmoteNc" => _ml.Transforms.Imbalance.SmoteNc(new() { LabelColumnName = label, Strategy = strategy, Seed = seed, CategoricalColumnNames = ["Town"] }),
        "RandomUnderSampler" => _ml.Transforms.Imbalance.RandomUnderSampler(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "NearMiss1" => _ml.Transforms.Imbalance.NearMiss(new() { LabelColumnName = label, Strategy = strategy, Seed = seed, Version = 1 }),
        "NearMiss2" => _ml.Transforms.Imbalance.NearMiss(new() { LabelColumnName = label, Strategy = strategy, Seed = seed, Version = 2 }),
        "NearMiss3" => _ml.Transforms.Imbalance.NearMiss(new() { LabelColumnName = label, Strategy = strategy, Seed = seed, Version = 3 }),
        "InstanceHardness" => _ml.Transforms.Imbalance.InstanceHardness(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "TomekLinks" => _ml.Transforms.Imbalance.TomekLinks(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "EditedNearestNeighbours" => _ml.Transforms.Imbalance.EditedNearestNeighbours(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "NeighbourhoodCleaning" => _ml.Transforms.Imbalance.NeighbourhoodCleaning(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "OneSidedSelection" => _ml.Transforms.Imbalance.OneSidedSelection(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "SmoteTomek" => _ml.Transforms.Imbalance.SmoteTomek(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        "SmoteEnn" => _ml.Transforms.Imbalance.SmoteEnn(new() { LabelColumnName = label, Strategy = strategy, Seed = seed }),
        _ => throw new ArgumentException(name),
    };

    [Theory]
    [MemberData(nameof(Adding))]
    public void Strategies_say_how_many_rows_there_are(string sampler)
    {
        Assert.Equal([90, 90, 90], CountsOf(Resample(Make(sampler))));
        Assert.Equal([90, 40, 90], CountsOf(Resample(Make(sampler, SamplingStrategy.Minority))));
        Assert.Equal([90, 90, 90], CountsOf(Resample(Make(sampler, SamplingStrategy.All))));
        Assert.Equal([90, 90, 90], CountsOf(Resample(Make(sampler, SamplingStrategy.NotMajority))));
        Assert.Equal([90, 90, 15], CountsOf(Resample(Make(sampler, SamplingStrategy.NotMinority))));
        Assert.Equal([90, 63, 15], CountsOf(Resample(Make(sampler, SamplingStrategy.Counts(("b", 63))))));
        Assert.Equal([90, 40, 45], CountsOf(Resample(Make(sampler, SamplingStrategy.Ratios(("c", 0.5))))));
        List<Rare> two = [.. _rows.Where(r => r.Kind != "b")];
        for (int i = 0; i < two.Count; i++)
            two[i].Id = i;
        Assert.Equal([90, 54], CountsOf(Resample(Make(sampler, SamplingStrategy.Ratio(0.6)), two)));
        Assert.Equal([90, 90], CountsOf(Resample(Make(sampler, label: "Label"), two)));
    }

    [Theory]
    [InlineData("RandomUnderSampler")]
    [InlineData("NearMiss1")]
    [InlineData("NearMiss2")]
    [InlineData("InstanceHardness")]
    public void Removing_strategies_say_how_many_rows_stay(string sampler)
    {
        Assert.Equal([15, 15, 15], CountsOf(Resample(Make(sampler))));
        Assert.Equal([15, 40, 15], CountsOf(Resample(Make(sampler, SamplingStrategy.Majority))));
        Assert.Equal([30, 40, 10], CountsOf(Resample(Make(sampler, SamplingStrategy.Counts(("a", 30), ("c", 10))))));
        Assert.All(Resample(Make(sampler)), r => Assert.True(IsOriginal(r)));
    }

    [Fact]
    public void Rows_that_are_added_carry_all_columns_of_their_seed()
    {
        List<Rare> rows = Resample(Make("Smote"));
        Assert.Equal(_rows.Count, rows.Count(IsOriginal));
        Assert.All(rows, r =>
        {
            Rare seed = _rows[(int)r.Id];
            Assert.Equal((seed.Kind, seed.Label, seed.Weight, seed.Town), (r.Kind, r.Label, r.Weight, r.Town));
        });

        // Not in one block at the end, which trainers that take rows one after another would be led by.
        Assert.InRange(rows.Take(rows.Count / 2).Count(r => !IsOriginal(r)), rows.Count / 8, rows.Count / 2 - rows.Count / 8);
    }

    [Fact]
    public void Smote_adds_points_between_a_row_and_one_of_its_neighbours_of_its_class()
    {
        Rare[] added = [.. Resample(Make("Smote")).Where(r => !IsOriginal(r))];
        Assert.Equal(50 + 75, added.Length);
        Assert.All(added, r => Assert.Contains(Nearest(_rows[(int)r.Id], _rows.Where(o => o.Kind == r.Kind), 5), n => LiesBetween(_rows[(int)r.Id].Features, n.Features, r.Features)));
        Assert.True(added.Select(a => a.Id).Distinct().Count() > 40);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Borderline_smote_starts_from_rows_in_danger(int kind)
    {
        Rare[] added = [.. Resample(Make($"BorderlineSmote{kind}")).Where(r => !IsOriginal(r))];
        Assert.NotEmpty(added);
        Assert.All(added, r =>
        {
            Rare seed = _rows[(int)r.Id];
            int others = Nearest(seed, _rows, 10).Count(n => n.Kind != seed.Kind);
            Assert.InRange(others, 5, 9);
            Rare[] near = Nearest(seed, kind == 1 ? _rows.Where(o => o.Kind == r.Kind) : _rows, 5);
            Assert.Contains(near, n => LiesBetween(seed.Features, n.Features, r.Features, n.Kind == seed.Kind ? 1 : 0.5));
        });
    }

    [Fact]
    public void Adasyn_adds_in_proportion_to_neighbours_of_other_classes()
    {
        Rare[] added = [.. Resample(Make("Adasyn", SamplingStrategy.Counts(("c", 1015)))).Where(r => !IsOriginal(r))];
        Rare[] rare = [.. _rows.Where(r => r.Kind == "c")];
        int[] others = [.. rare.Select(r => Nearest(r, _rows, 5).Count(n => n.Kind != "c"))];
        Assert.Equal(1000, added.Length);
        Assert.All(rare.Zip(others), p => Assert.Equal(1000.0 * p.Second / others.Sum(), added.Count(a => a.Id == p.First.Id), 1.0));
        Assert.All(added, r => Assert.Contains(Nearest(_rows[(int)r.Id], rare, 5), n => LiesBetween(_rows[(int)r.Id].Features, n.Features, r.Features)));
    }

    [Fact]
    public void Rose_adds_noise_of_the_width_that_the_paper_has()
    {
        Rare[] added = [.. Resample(Make("Rose", SamplingStrategy.Counts(("c", 20015)))).Where(r => !IsOriginal(r))];
        Rare[] rare = [.. _rows.Where(r => r.Kind == "c")];
        double h = Math.Pow(4.0 / ((3 + 2) * 15), 1.0 / (3 + 4));
        for (int s = 0; s < 3; s++)
        {
            double mean = rare.Average(r => r.Features[s]), deviation = Math.Sqrt(rare.Sum(r => Math.Pow(r.Features[s] - mean, 2)) / 14);
            double[] noise = [.. added.Select(a => (double)a.Features[s] - _rows[(int)a.Id].Features[s])];
            Assert.Equal(0, noise.Average(), 0.02 * deviation);
            Assert.Equal(h * deviation, Math.Sqrt(noise.Average(n => n * n)), 0.02 * deviation);
        }

        IEnumerable<Rare> repeated = Rare.Read(_ml, _ml.Transforms.Imbalance.Rose(new() { LabelColumnName = "Key", Shrinkage = 0 }).Resample(Rare.View(_ml, _rows)));
        Assert.All(repeated, r => Assert.True(IsOriginal(r)));
    }

    [Fact]
    public void Kmeans_smote_stays_inside_clusters()
    {
        // Two far clusters of the rare class, and one row of it alone in a third.
        List<Rare> rows = Rare.List([60, 41], seed: 4, apart: 0);
        int[] rare = [.. rows.Where(r => r.Kind == "b").Select(r => (int)r.Id)];
        foreach (Rare row in rows)
            row.Features[0] += row.Kind == "a" ? 100 : Array.IndexOf(rare, (int)row.Id) is var at && at < 20 ? 0 : at < 40 ? 200 : 100;
        Rare[] added = [.. Rare.Read(_ml, _ml.Transforms.Imbalance.KMeansSmote(new() { LabelColumnName = "Key", Clusters = 3, Seed = 2 }).Resample(Rare.View(_ml, rows)))
            .Where(r => !rows[(int)r.Id].Features.SequenceEqual(r.Features))];
        Assert.Equal(19, added.Length);
        Assert.All(added, r => Assert.True(r.Features[0] is < 3 or > 199));
        Assert.Contains(added, r => r.Features[0] < 3);
        Assert.Contains(added, r => r.Features[0] > 199);
    }

    [Fact]
    public void Smote_nc_takes_the_category_of_most_neighbours()
    {
        List<Rare> added = [.. Resample(Make("SmoteNc")).Where(r => !IsOriginal(r))];
        Assert.Equal(125, added.Count);
        foreach (Rare row in added)
        {
            Rare seed = _rows[(int)row.Id];
            Rare[] own = [.. _rows.Where(r => r.Kind == seed.Kind)];
            double[] deviations = [.. Enumerable.Range(0, 3).Select(s => Math.Sqrt(own.Sum(r => Math.Pow(r.Features[s] - own.Average(o => o.Features[s]), 2)) / (own.Length - 1))).Order()];
            Rare[] near = [.. own.Where(r => r.Id != seed.Id)
                .OrderBy(r => Math.Pow(Distance(r.Features, seed.Features), 2) + (r.Town == seed.Town ? 0 : deviations[1] * deviations[1])).Take(5)];
            Assert.Equal(near.Count(n => n.Town == "Rome") > 2 ? "Rome" : "Bonn", row.Town);
            Assert.Contains(near, n => LiesBetween(seed.Features, n.Features, row.Features));
        }

        Assert.Contains(added, r => r.Town != _rows[(int)r.Id].Town);
    }

    [Fact]
    public void Smote_nc_finds_the_one_hot_vectors_that_mlnet_marks()
    {
        IDataView data = Rare.View(_ml, _rows);
        IDataView joined = _ml.Transforms.Categorical.OneHotEncoding("Hot", "Town").Append(_ml.Transforms.Concatenate("Both", "Features", "Hot")).Fit(data).Transform(data);
        IDataView resampled = _ml.Transforms.Imbalance.SmoteNc(new() { LabelColumnName = "Key", FeatureColumnName = "Both" }).Resample(joined);
        float[][] rows = [.. resampled.GetColumn<float[]>("Both")];
        Assert.Equal(270, rows.Length);
        Assert.All(rows, r => Assert.Equal([0f, 1f], r[3..].Order()));

        float[][] coded = [.. _ml.Transforms.Imbalance.SmoteNc(new() { LabelColumnName = "Key", FeatureColumnName = "Both", CategoricalSlots = [4..5] }).Resample(joined).GetColumn<float[]>("Both")];
        Assert.All(coded, r => Assert.True(r[4] is 0 or 1));
        Assert.Contains(coded, r => r[3] is > 0 and < 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tomek_links_are_rows_of_two_classes_that_are_each_others_nearest(bool both)
    {
        List<Rare> stayed = Resample(Make("TomekLinks", both ? SamplingStrategy.All : null));
        bool IsLink(Rare row) => Nearest(row, _rows, 1)[0] is var other && other.Kind != row.Kind && Nearest(other, _rows, 1)[0].Id == row.Id;
        Assert.Equal(_rows.Where(r => !IsLink(r) || !both && r.Kind == "c").Select(r => r.Id), stayed.Select(r => r.Id));
        Assert.True(stayed.Count < _rows.Count);
    }

    [Theory]
    [InlineData(NeighborAgreement.All)]
    [InlineData(NeighborAgreement.Most)]
    public void Edited_nearest_neighbours_removes_what_disagrees(NeighborAgreement agreement)
    {
        List<Rare> stayed = Resample(_ml.Transforms.Imbalance.EditedNearestNeighbours(new() { LabelColumnName = "Key", Agreement = agreement }));
        bool Stays(Rare row)
        {
            string[] near = [.. Nearest(row, _rows, 3).Select(n => n.Kind)];
            return row.Kind == "c" || (agreement == NeighborAgreement.All ? near.All(n => n == row.Kind)
                : near.GroupBy(n => n).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key == row.Kind);
        }

        Assert.Equal(_rows.Where(Stays).Select(r => r.Id), stayed.Select(r => r.Id));
        Assert.True(stayed.Count < _rows.Count);
    }

    [Fact]
    public void Neighbourhood_cleaning_also_removes_what_makes_rare_rows_look_wrong()
    {
        static string Vote(IEnumerable<Rare> near) => near.GroupBy(n => n.Kind).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;
        HashSet<float> gone = [.. _rows.Where(r => r.Kind != "c" && Vote(Nearest(r, _rows, 3)) != r.Kind).Select(r => r.Id)];
        int edited = gone.Count;
        foreach (Rare row in _rows.Where(r => r.Kind == "c" && Vote(Nearest(r, _rows, 3)) != "c"))
            gone.UnionWith(Nearest(row, _rows, 3).Where(n => n.Kind != "c").Select(n => n.Id));
        Assert.True(gone.Count > edited);
        Assert.Equal(_rows.Where(r => !gone.Contains(r.Id)).Select(r => r.Id), Resample(Make("NeighbourhoodCleaning")).Select(r => r.Id));
    }

    [Fact]
    public void One_sided_selection_by_hand()
    {
        // The rare class at 0 and 1; of the frequent one, a row near them (its link with the row at 1 goes) and far ones, of which the seed alone is needed.
        float[] rare = [0, 1], frequent = [1.4f, 10, 10.5f, 11, 11.5f, 12];
        List<Rare> rows = [.. rare.Select(v => (v, "b")).Concat(frequent.Select(v => (v, "a"))).Select((p, i) => new Rare { Id = i, Features = [p.v, 0, 0], Kind = p.Item2 })];
        for (int seed = 0; seed < 12; seed++)
        {
            List<Rare> stayed = Resample(_ml.Transforms.Imbalance.OneSidedSelection(new() { LabelColumnName = "Key", Seed = seed }), rows);
            Assert.Equal([0f, 1f], stayed.Where(r => r.Kind == "b").Select(r => r.Features[0]));
            float[] kept = [.. stayed.Where(r => r.Kind == "a").Select(r => r.Features[0])];

            // With the near row as the seed, all others are nearer to it than to the rare class: nothing but it would stay, and it is in a link.
            Assert.True(kept.Length == 1 && kept[0] >= 10, string.Join(' ', kept));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Near_miss_keeps_rows_by_their_mean_distance(int version)
    {
        Rare[] rare = [.. _rows.Where(r => r.Kind == "c")];
        HashSet<float> expected = [.. rare.Select(r => r.Id)];
        foreach (string kind in new[] { "a", "b" })
        {
            Rare[] rows = [.. _rows.Where(r => r.Kind == kind)];
            double Mean(Rare row) => rare.Select(r => Distance(r.Features, row.Features)).Order().ToArray() is var d && version == 2 ? d[^3..].Average() : d[..3].Average();
            if (version == 3)
                rows = [.. rare.SelectMany(r => Nearest(r, rows, 3)).DistinctBy(r => r.Id).OrderBy(r => r.Id)];
            expected.UnionWith((version == 3 ? rows.OrderByDescending(Mean) : rows.OrderBy(Mean)).Take(15).Select(r => r.Id));
        }

        Assert.Equal(_rows.Where(r => expected.Contains(r.Id)).Select(r => r.Id), Resample(Make($"NearMiss{version}")).Select(r => r.Id));
    }

    [Fact]
    public void Instance_hardness_keeps_the_rows_whose_neighbours_are_of_their_class()
    {
        List<Rare> stayed = Resample(Make("InstanceHardness", SamplingStrategy.Counts(("a", 30))));
        int Own(Rare row) => Nearest(row, _rows, 5).Count(n => n.Kind == row.Kind);
        int least = stayed.Where(r => r.Kind == "a").Min(Own);
        Assert.All(_rows.Where(r => r.Kind == "a" && Own(r) > least), r => Assert.Contains(stayed, s => s.Id == r.Id));
    }

    [Fact]
    public void Instance_hardness_by_a_trainer_looks_at_rows_that_it_was_not_fitted_to()
    {
        List<Rare> rows = Rare.List([80, 20], seed: 6, apart: 1.5f);
        Recording<Transformers.NeuralNetworkTransformer> trainer = new(_ml, _ml.BinaryClassification.Trainers.NeuralNetwork(Networks.Mlp(hidden: [4]), epochs: 3));
        List<Rare> stayed = Rare.Read(_ml, _ml.Transforms.Imbalance.InstanceHardness(new() { Trainer = trainer, Folds = 4, Strategy = SamplingStrategy.Ratio(0.5) }).Resample(Rare.View(_ml, rows)));
        Assert.Equal([40, 20], CountsOf(stayed));
        Assert.Equal(4, trainer.Seen.Count);
        Assert.All(trainer.Seen, s => Assert.Equal([60, 15], CountsOf(s)));
    }

    [Fact]
    public void Smote_and_cleaning_leave_nothing_to_clean_by_their_own_rule()
    {
        List<Rare> tomek = Resample(Make("SmoteTomek")), enn = Resample(Make("SmoteEnn")), smote = Resample(Make("Smote"));
        (List<Rare> All, bool[] Removed) Rule(Func<List<Rare>, int, bool> removed)
        {
            // Numbers of their own for the rows that were added, whose order is the sampler's secret: distances decide, not numbers.
            List<Rare> all = [.. smote.Select((r, i) => new Rare { Id = i, Features = r.Features, Kind = r.Kind })];
            return (all, [.. all.Select((_, i) => removed(all, i))]);
        }

        static string Text(Rare row) => row.Kind + string.Join(' ', row.Features);
        (List<Rare> rows, bool[] links) = Rule((all, i) => Nearest(all[i], all, 1)[0] is var other && other.Kind != all[i].Kind && Nearest(other, all, 1)[0].Id == i);
        Assert.Equal(rows.Where((_, i) => !links[i]).Select(Text).Order(), tomek.Select(Text).Order());
        (rows, bool[] wrong) = Rule((all, i) => Nearest(all[i], all, 3).Any(n => n.Kind != all[i].Kind));
        Assert.Equal(rows.Where((_, i) => !wrong[i]).Select(Text).Order(), enn.Select(Text).Order());
        Assert.True(tomek.Count < smote.Count && enn.Count < tomek.Count);
    }

    public static TheoryData<string> Everything =>
        [.. new[] { "RandomOverSampler", "Smote", "KMeansSmote", "Adasyn", "Rose", "BorderlineSmote1", "BorderlineSmote2", "SmoteNc", "RandomUnderSampler", "NearMiss1", "NearMiss2", "NearMiss3",
            "InstanceHardness", "TomekLinks", "EditedNearestNeighbours", "NeighbourhoodCleaning", "OneSidedSelection", "SmoteTomek", "SmoteEnn" }];

    [Theory]
    [MemberData(nameof(Everything))]
    public void The_same_seed_gives_the_same_rows(string sampler)
    {
        static string Text(IEnumerable<Rare> rows) => string.Join('\n', rows.Select(r => $"{r.Id} {r.Town} {string.Join(' ', r.Features.Select(BitConverter.SingleToInt32Bits))}"));
        string first = Text(Resample(Make(sampler)));
        Assert.Equal(first, Text(Resample(Make(sampler))));
        IDataView view = Make(sampler).Resample(Rare.View(_ml, _rows));
        Assert.Equal(first, Text(Rare.Read(_ml, view)));
        Assert.Equal(first, Text(Rare.Read(_ml, view)));
        Assert.Equal(Rare.Read(_ml, view).Count, view.GetRowCount());
        if (sampler is "RandomOverSampler" or "Smote" or "Rose" or "Adasyn" or "RandomUnderSampler" or "SmoteNc" or "SmoteTomek")
            Assert.NotEqual(first, Text(Resample(Make(sampler, seed: 4))));
    }

    [Theory]
    [InlineData("Smote")]
    [InlineData("BorderlineSmote2")]
    [InlineData("TomekLinks")]
    [InlineData("EditedNearestNeighbours")]
    [InlineData("NearMiss2")]
    public void Sparse_features_give_the_same_rows_as_dense_ones(string sampler)
    {
        // 40 slots, 3 of which are not zero.
        Random random = new(3);
        List<Wide> rows = [.. _rows.Select(r => new Wide { Id = r.Id, Kind = r.Kind })];
        foreach (Wide row in rows)
        {
            int[] slots = [.. Enumerable.Range(0, 3).Select(i => i * 13 + random.Next(4) + (i == 0 ? (row.Kind[0] - 'a') * 3 : 0)).Distinct()];
            row.Features = new(Wide.Size, slots.Length, [.. slots.Select(_ => 1 + random.NextSingle())], slots);
        }

        IDataView Load(IEnumerable<Wide> wide)
        {
            IDataView data = _ml.Data.LoadFromEnumerable(wide);
            return _ml.Transforms.Conversion.MapValueToKey("Key", "Kind", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);
        }

        // Full enough in one row in two for the long array, with the same numbers.
        IDataView sparse = Make(sampler).Resample(Load(rows));
        Imbalance.Wide[] found = [.. _ml.Data.CreateEnumerable<Wide>(sparse, false, ignoreMissingColumns: true)];
        (int[] nearest, _) = Slow(rows);
        Assert.NotEmpty(found);
        if (sampler == "Smote")
            Assert.All(found, f => Assert.False(f.Features.IsDense));
        if (sampler == "TomekLinks")
        {
            bool[] links = [.. rows.Select((r, i) => r.Kind != "c" && rows[nearest[i]].Kind != r.Kind && nearest[nearest[i]] == i)];
            Assert.Equal(rows.Where((_, i) => !links[i]).Select(r => r.Id), found.Select(f => f.Id));
            Assert.Contains(true, links);
        }

        static (int[] Nearest, double[] Squares) Slow(List<Wide> all)
        {
            float[][] dense = [.. all.Select(w => w.Features.DenseValues().ToArray())];
            (double, int)[] best = [.. dense.Select((d, i) => Enumerable.Range(0, dense.Length).Where(j => j != i).Min(j => (Distance(d, dense[j]), j)))];
            return ([.. best.Select(b => b.Item2)], [.. best.Select(b => b.Item1)]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sparse_and_dense_rows_have_the_same_neighbours(bool farthest)
    {
        Random random = new(5);
        float[] values = [.. Enumerable.Range(0, 200 * 30).Select(_ => random.Next(10) == 0 ? 1 + random.NextSingle() : 0)];
        values.AsSpan(60, 30).Fill(0.5f); // one full row among the others
        MLNetDeep.Imbalance.Core.FeatureMatrix.Builder builder = new(30);
        for (int i = 0; i < 200; i++)
            Assert.Null(builder.Add(new VBuffer<float>(30, values[(i * 30)..((i + 1) * 30)])));
        MLNetDeep.Imbalance.Core.FeatureMatrix sparse = builder.Build(), dense = MLNetDeep.Imbalance.Core.FeatureMatrix.Of(values, 30);
        Assert.True(sparse.IsSparse && !dense.IsSparse);
        int[] all = [.. Enumerable.Range(0, 200)];
        (int[] expected, double[] squares) = dense.Nearest(all, all, 6, default, farthest);
        (int[] found, double[] others) = sparse.Nearest(all, all, 6, default, farthest);
        Assert.All(squares.Zip(others), p => Assert.Equal(p.First, p.Second, 1e-9));
        Assert.True(expected.Zip(found).Count(p => p.First == p.Second) > 1190);
        Assert.All(Enumerable.Range(0, 199), i => Assert.Equal(dense.Between(i, i + 1, 0.3).DenseValues(), sparse.Between(i, i + 1, 0.3).DenseValues()));
    }

    [Fact]
    public void Rows_that_share_no_slot_have_neighbours_too()
    {
        // Four rows by themselves in their slots, two with nothing in any, and two alike: by hand.
        MLNetDeep.Imbalance.Core.FeatureMatrix.Builder builder = new(100);
        float[] values = [2, 1, 3, 1.5f];
        for (int i = 0; i < 4; i++)
            builder.Add(new VBuffer<float>(100, 1, [values[i]], [10 * i]));
        builder.Add(new VBuffer<float>(100, 0, [], []));
        builder.Add(new VBuffer<float>(100, 0, [], []));
        builder.Add(new VBuffer<float>(100, 1, [5f], [90]));
        builder.Add(new VBuffer<float>(100, 1, [5.5f], [90]));
        MLNetDeep.Imbalance.Core.FeatureMatrix matrix = builder.Build();
        int[] all = [.. Enumerable.Range(0, 8)];
        (int[] nearest, double[] squares) = matrix.Nearest(all, all, 2, default);
        Assert.Equal([4, 5, 4, 5, 4, 5, 4, 5, 5, 1, 4, 1, 7, 4, 6, 4], nearest);
        Assert.Equal([4, 4, 1, 1, 9, 9, 2.25, 2.25, 0, 1, 0, 1, 0.25, 25, 0.25, 30.25], squares);
        (int[] farthest, squares) = matrix.Nearest([0, 6], all, 3, default, farthest: true);
        Assert.Equal([7, 6, 2, 2, 0, 3], farthest);
        Assert.Equal([34.25, 29, 13, 34, 29, 27.25], squares);
        Assert.Equal([2, 4], matrix.Nearest([0], [0, 2, 4], 2, default, farthest: true).Indices);
    }

    [Fact]
    public void Random_sampling_looks_at_the_label_alone()
    {
        _rows[3].Features[1] = float.NaN;
        Assert.Equal([90, 90, 90], CountsOf(Resample(Make("RandomOverSampler"))));
        IDataView texts = _ml.Data.LoadFromEnumerable(_rows.Select(r => new { r.Label, Features = r.Town }));
        Assert.Equal(30, _ml.Transforms.Imbalance.RandomUnderSampler().Resample(texts).GetColumn<string>("Features").Count());
    }

    [Fact]
    public void Rows_without_a_class_are_left_out()
    {
        List<Rare> rows = [.. _rows.Select(r => new Rare { Id = r.Id, Features = r.Features, Kind = r.Kind })];
        IDataView data = Rare.View(_ml, rows);
        List<Rare> named = [.. rows.Where(r => r.Kind != "b")];
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Fit(_ml.Data.LoadFromEnumerable(named)).Transform(_ml.Data.LoadFromEnumerable(rows));
        List<Rare> found = Rare.Read(_ml, Make("Smote").Resample(keys));
        Assert.Equal([90, 90], CountsOf(found));
        Assert.DoesNotContain(found, r => r.Kind == "b");
    }
}
