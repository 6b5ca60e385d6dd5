using Microsoft.ML;
using MLNetDeep.Decisions;
using MLNetDeep.Tests.Support;
using MLNetDeep.Transformers;

namespace MLNetDeep.Tests.Imbalance;

/// <summary>Damaged files of thresholds and calibrations: one kind of error or a transformer that works, soon and in little memory.</summary>
public class HostileDecisionTests
{
    private static MLContext Ml => new(seed: 1);

    private static readonly Dictionary<string, DecisionTransformer> Kinds = new()
    {
        ["threshold"] = new ThresholdTransformer("Score", "PredictedLabel", -1.5f, 0.18),
        ["platt"] = Calibration(new() { Kind = "platt", FromProbability = false, Parameters = [1.5, -0.25] }),
        ["beta"] = Calibration(new() { Kind = "beta", FromProbability = true, Parameters = [1.5, 0.5, 0.25], NegativesKept = 0.5 }),
        ["isotonic"] = Calibration(new() { Kind = "isotonic", FromProbability = false, X = [-1, 0, 2], Y = [0.125, 0.25, 0.75] }),
        ["temperature"] = Calibration(new() { Kind = "temperature", FromProbability = false, Parameters = [2.5] }),
        ["classes"] = new TemperatureTransformer("Score", 1.75, fromProbabilities: true),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    private static CalibrationTransformer Calibration(Calibrator calibrator) => new("Score", "Probability", "PredictedLabel", calibrator);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_itself_is_good(string name) => Assert.Null(Try(Payload(name, j => j)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_truncation_is_an_error(string name)
    {
        byte[] good = Payload(name, j => j);
        for (int length = 0; length < good.Length; length++)
            Assert.NotNull(Try(good[..length]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_flipped_bit_is_an_error(string name)
    {
        // A checksum is over all that is not the header.
        byte[] good = Payload(name, j => j);
        for (int at = 0; at < good.Length; at++)
        {
            byte[] bad = [.. good];
            bad[at] ^= (byte)(1 << (at % 8));
            Assert.NotNull(Try(bad));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutated_settings_with_right_checksums_are_errors_or_work(string name)
    {
        int errors = 0;
        for (int i = 0; i < 400; i++)
            errors += Try(Payload(name, json => HostileJson.Mutated(json, new Random(i)))) is null ? 0 : 1;
        Assert.InRange(errors, 150, 400);
    }

    [Theory]
    [InlineData("threshold", "-1.5", "1e999")]
    [InlineData("threshold", "0.18", "7")]
    [InlineData("platt", "-0.25", "1e999")]
    [InlineData("platt", "[1.5,-0.25]", "[1.5]")]
    [InlineData("beta", "0.5}", "0}")]
    [InlineData("isotonic", "[-1,0,2]", "[-1,2,0]")]
    [InlineData("isotonic", "[-1,0,2]", "[-1,0]")]
    [InlineData("isotonic", "0.75", "1.5")]
    [InlineData("temperature", "2.5", "-2.5")]
    [InlineData("temperature", "\"temperature\",\"from", "\"magic\",\"from")]
    [InlineData("classes", "1.75", "0")]
    [InlineData("classes", "\"type\":\"temperature\"", "\"type\":\"other\"")]
    public void Numbers_that_none_can_have_are_errors(string name, string text, string put)
    {
        string json = Text(name);
        Assert.Contains(text, json, StringComparison.Ordinal);
        Assert.NotNull(Try(Payload(name, j => j.Replace(text, put, StringComparison.Ordinal))));
    }

    [Fact]
    public void Through_ML_NET_damage_is_an_error_or_a_model()
    {
        byte[] zip = HostileZip.Of(Ml, Kinds["isotonic"]);
        string entry = HostilePayload.Entry(zip);
        int errors = 0;
        for (int i = 0; i < 200; i++)
            errors += HostileZip.Try(HostileZip.With(zip, entry, b => HostileZip.Damage(b, new Random(i))), Score) is null ? 0 : 1;
        Assert.InRange(errors, 150, 200);
    }

    private static string Text(string name) => HostilePayload.Read(HostilePayload.Of(Ml, Kinds[name])).Text("settings");

    private static byte[] Payload(string name, Func<string, string> edit) => HostilePayload.With(HostilePayload.Of(Ml, Kinds[name]), "settings", edit);

    private static InvalidDataException? Try(byte[] payload)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Score(DecisionTransformer.Load(new MemoryStream(payload)));
            return null;
        }
        catch (InvalidDataException e)
        {
            return e;
        }
        catch (ArgumentException e) when (e.Message.Contains("column", StringComparison.Ordinal))
        {
            // A name that is not among the columns: as good as any other wrong name.
            return null;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }
    }

    private static void Score(ITransformer model)
    {
        if (model is TemperatureTransformer)
        {
            IDataView several = Ml.Data.LoadFromEnumerable(new[] { new Several { Score = [0.5f, 0.25f, 0.25f] } });
            Assert.All(Bits.Of(model.Transform(several), "Score"), v => Assert.Equal(3, v.Length));
            return;
        }

        Scores[] rows = [.. new[] { float.NegativeInfinity, -3, 0, 0.5f, 3, float.PositiveInfinity }.Select(s => new Scores { Score = s, Probability = 1 / (1 + MathF.Exp(-s)) })];
        IDataView scored = model.Transform(Ml.Data.LoadFromEnumerable(rows));
        foreach (string column in (string[])["Score", "PredictedLabel"])
            Bits.Of(scored, column);
        if (model is CalibrationTransformer { ProbabilityColumnName: "Probability" })
            Assert.All(Bits.Of(scored, "Probability"), v => Assert.InRange(BitConverter.Int32BitsToSingle(v[0]), 0, 1));
    }

    private sealed class Several
    {
        [Microsoft.ML.Data.VectorType(3)]
        public float[] Score { get; set; } = [];
    }

    private sealed class Scores
    {
        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
