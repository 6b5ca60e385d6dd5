using System.Buffers.Binary;
using System.Text;
using Microsoft.ML;
using MLNetDeep.Imbalance.Ensembles;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>Damaged files of ensembles: an error or an ensemble, soon and in little memory.</summary>
public class HostileEnsembleTests
{
    private static MLContext Ml => new(seed: 1);
    private static readonly IDataView Data = Rare.View(Ml, Rare.List([30, 20, 10], apart: 2));
    private static readonly EnsembleTransformer Model = Ml.Transforms.Imbalance.BalancedBagging(new() { LabelColumnName = "Key", Members = 2, Seed = 2 })
        .Around(Ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key")).Fit(Data);

    private static readonly byte[] Zip = HostileZip.Of(Ml, Model);

    private static void Score(ITransformer model) => Bits.Of(model.Transform(Data), "Score");

    [Fact]
    public void The_file_itself_is_good() => Assert.Null(HostileZip.Try(Zip, Score));

    [Fact]
    public void Damage_anywhere_in_its_own_part_is_an_error_or_an_ensemble()
    {
        string own = Own();
        int length = HostileZip.Read(Zip, own).Length, errors = 0;
        for (int end = 0; end < length; end += 3)
            Assert.NotNull(HostileZip.Try(HostileZip.With(Zip, own, b => b[..end]), Score));
        for (int i = 0; i < 200; i++)
            errors += HostileZip.Try(HostileZip.With(Zip, own, b => HostileZip.Damage(b, new Random(i))), Score) is null ? 0 : 1;
        Assert.InRange(errors, 50, 200);
    }

    [Fact]
    public void A_damaged_member_is_an_error_or_an_ensemble()
    {
        string[] entries = HostileZip.Components(Zip);
        int errors = 0;
        for (int i = 0; i < 150; i++)
            errors += HostileZip.Try(HostileZip.With(Zip, entries[i % entries.Length], b => HostileZip.Damage(b, new Random(i))), Score) is null ? 0 : 1;
        Assert.InRange(errors, 20, 150);
    }

    [Theory]
    [InlineData("0.5,0.5", "0.5")]
    [InlineData("0.5,0.5", "0.5,0.5,0.5")]
    [InlineData("0.5,0.5", "")]
    [InlineData("0.5,0.5", "0.5,-1.")]
    [InlineData("0.5,0.5", "1e999,1")]
    [InlineData("\"classes\":3", "\"classes\":2147483647")]
    [InlineData("\"classes\":3", "\"classes\":-3")]
    [InlineData("\"classes\":3", "\"classes\":5")]
    [InlineData("multiclass", "regression")]
    [InlineData("multiclass", "binary")]
    [InlineData("multiclass", "other")]
    public void Settings_that_do_not_fit_are_errors_that_say_so(string text, string put)
    {
        Assert.Contains(text, Settings, StringComparison.Ordinal);
        Exception? error = Load(Settings.Replace(text, put, StringComparison.Ordinal));

        // A weight less is an ensemble of the first model.
        if (put == "0.5")
            Assert.Null(error);
        else
            Assert.NotNull(error);
    }

    [Fact]
    public void Huge_numbers_take_no_memory()
    {
        string[] changed = [.. HostileJson.WithNumbers(Settings, "2147483647", "-2147483648", "1000000", "99999999999999999999")];
        Assert.True(changed.Length >= 12);
        foreach (string settings in changed)
            Load(settings);
    }

    [Fact]
    public void Mutated_settings_are_errors_or_ensembles()
    {
        int errors = 0;
        for (int i = 0; i < 600; i++)
            errors += Load(HostileJson.Mutated(Settings, new Random(i))) is null ? 0 : 1;
        Assert.InRange(errors, 200, 600);
    }

    // The settings as they stand in the file.
    private static string Settings { get; } = ReadSettings();

    private static string ReadSettings()
    {
        byte[] entry = HostileZip.Read(Zip, Own());
        int start = entry.AsSpan().IndexOf("{\"task\""u8);
        return Encoding.UTF8.GetString(entry, start, BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(start - 4)));
    }

    // Settings that do not fit the models are seen when scoring, and said.
    private static Exception? Load(string settings)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? error = Record.Exception(() => Score(EnsembleTransformer.Load(Ml, Encoding.UTF8.GetBytes(settings), i => Model.Models[i])));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        if (error is not null and not InvalidDataException)
            Assert.Contains("A model of the ensemble gives", Assert.IsType<ArgumentException>(error).Message, StringComparison.Ordinal);
        return error;
    }

    private static string Own() => HostileZip.Components(Zip).Single(name => HostileZip.Read(Zip, name).AsSpan().IndexOf("\"weights\":"u8) >= 0);
}
