using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MLNetDeep.Imbalance.Ensembles;
using MLNetDeep.Tests.Support;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>Damaged files of ensembles: an error or an ensemble, soon and in little memory.</summary>
public partial class HostileEnsembleTests
{
    private static readonly MLContext Ml = new(seed: 1);
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
        int length = 0, errors = 0;
        HostileZip.With(Zip, own, b =>
        {
            length = b.Length;
            return b;
        });
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
        byte[] bad = HostileZip.With(Zip, Own(), b => Edited(b, json => json.Replace(text, put, StringComparison.Ordinal)));
        Exception? error = HostileZip.Try(bad, Score);
        // A weight less is an ensemble of the first model.
        if (put == "0.5")
            Assert.Null(error);
        else
            Assert.NotNull(error);
    }

    [Fact]
    public void Huge_numbers_take_no_memory()
    {
        int numbers = 0;
        HostileZip.With(Zip, Own(), b => Edited(b, json =>
        {
            numbers = Number().Count(json);
            return json;
        }));
        Assert.True(numbers >= 3);
        for (int n = 0; n < numbers; n++)
        {
            foreach (string huge in (string[])["2147483647", "-2147483648", "1000000", "99999999999999999999"])
            {
                int at = 0;
                HostileZip.Try(HostileZip.With(Zip, Own(), b => Edited(b, json => Number().Replace(json, m => at++ == n ? huge : m.Value))), Score);
            }
        }
    }

    private static string Own() => HostileZip.Components(Zip).Single(name =>
    {
        bool own = false;
        HostileZip.With(Zip, name, b =>
        {
            own = b.AsSpan().IndexOf("\"weights\":"u8) >= 0;
            return b;
        });
        return own;
    });

    // The settings' length stands before them; ML.NET's own length of the whole is put right by keeping the number of bytes.
    private static byte[] Edited(byte[] entry, Func<string, string> edit)
    {
        int start = entry.AsSpan().IndexOf("{\"task\""u8), length = BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(start - 4));
        byte[] json = Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(entry, start, length)));
        byte[] changed = [.. entry[..start], .. json, .. entry[(start + length)..]];
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(start - 4), json.Length);
        return Sized(changed, entry.Length);
    }

    // Both ML.NET and the stand-in begin with the length of the rest.
    private static byte[] Sized(byte[] changed, int before)
    {
        for (int at = 0; at + 8 <= Math.Min(changed.Length, 400); at++)
        {
            long value = BinaryPrimitives.ReadInt64LittleEndian(changed.AsSpan(at));
            if (value == before - at - 8)
                BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(at), changed.Length - at - 8);
        }

        return changed;
    }

    [GeneratedRegex("(?<=[:\\[,])-?\\d+(\\.\\d+)?(?=[,\\]}])")]
    private static partial Regex Number();
}
