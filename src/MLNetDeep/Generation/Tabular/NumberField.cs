using System.Text.Json;

namespace MLNetDeep.Generation.Tabular;

/// <summary>
/// A slot of quantities by mode-specific normalisation (Xu et al. 2019): the choice is a mode of a mixture of normal distributions, the number how far the value lies from its mean,
/// in four standard deviations. A value that many rows share (no debts: 0) is a choice of its own (the mixed columns of Zhao et al. 2021, CTAB-GAN), and so is a missing one.
/// </summary>
internal sealed class NumberField : TableField
{
    private const double Width = 4, Most = 0.99;

    private readonly VariationalMixture.Mode[] _modes;
    private readonly double[] _common;
    private readonly bool _hasMissing;
    private readonly double _least, _most;
    private readonly Rounding _rounding;

    /// <param name="name">The field's name.</param>
    /// <param name="modes">The modes of the other values.</param>
    /// <param name="common">Values that are choices of their own.</param>
    /// <param name="hasMissing">Whether values may be missing.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    /// <param name="rounding">What values are rounded to.</param>
    public NumberField(string name, VariationalMixture.Mode[] modes, double[] common, bool hasMissing, double least, double most, Rounding rounding)
        : base(name) => (_modes, _common, _hasMissing, _least, _most, _rounding) = (modes, common, hasMissing, least, most, rounding);

    public override int Choices => _modes.Length + _common.Length + (_hasMissing ? 1 : 0);

    public override bool HasNumber => true;

    public override (int Choice, float Number) Encode(double cell, double? at)
    {
        if (double.IsNaN(cell))
            return (_hasMissing ? Choices - 1 : -1, 0);
        if (Array.IndexOf(_common, cell) is >= 0 and var known)
            return (_modes.Length + known, 0);

        // By how probable it is that the value came from each mode.
        Span<double> shares = stackalloc double[_modes.Length];
        double greatest = double.NegativeInfinity, sum = 0;
        int best = 0;
        for (int k = 0; k < shares.Length; k++)
        {
            double apart = (cell - _modes[k].Mean) / Deviation(k);
            shares[k] = Math.Log(_modes[k].Weight) - Math.Log(Deviation(k)) - (0.5 * apart * apart);
            if (shares[k] > greatest)
                (greatest, best) = (shares[k], k);
        }

        if (at is { } place)
        {
            foreach (ref double share in shares)
                sum += share = Math.Exp(share - greatest);
            place *= sum;
            for (int k = 0; k < shares.Length; k++)
            {
                if (shares[k] == 0)
                    continue;
                best = k;
                if ((place -= shares[k]) < 0)
                    break;
            }
        }

        return (best, (float)Math.Clamp((cell - _modes[best].Mean) / (Width * Deviation(best)), -Most, Most));
    }

    public override double Decode(int choice, double number) => choice >= _modes.Length + _common.Length ? double.NaN
        : choice >= _modes.Length ? _common[choice - _modes.Length]
        : Math.Clamp(_rounding.Apply((Math.Clamp(number, -1, 1) * Width * Deviation(choice)) + _modes[choice].Mean), _least, _most);

    public static NumberField OfJson(JsonElement json, string name)
    {
        VariationalMixture.Mode[] modes = [.. json.GetProperty("modes").EnumerateArray().Select(m => m.GetArrayLength() == 3
            ? new VariationalMixture.Mode(m[0].GetDouble(), m[1].GetDouble(), m[2].GetDouble())
            : throw new InvalidDataException($"a mode of the field '{name}' has {m.GetArrayLength()} numbers."))];
        double[] common = [.. json.GetProperty("common").EnumerateArray().Select(c => c.GetDouble())];
        (double least, double most) = (json.GetProperty("least").GetDouble(), json.GetProperty("most").GetDouble());
        if (modes.Length == 0 || modes.Any(m => !double.IsFinite(m.Mean) || !(m.Deviation >= 0 && double.IsFinite(m.Deviation)) || !(m.Weight > 0 && m.Weight <= 1)) || !(least <= most))
            throw new InvalidDataException($"the field '{name}' has modes or limits that cannot be.");
        return new(name, modes, common, json.GetProperty("missing").GetBoolean(), least, most, Rounding.Read(json.GetProperty("rounding"), name));
    }

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", "numbers");
        json.WriteStartArray("modes");
        foreach (VariationalMixture.Mode mode in _modes)
        {
            json.WriteStartArray();
            json.WriteNumberValue(mode.Mean);
            json.WriteNumberValue(mode.Deviation);
            json.WriteNumberValue(mode.Weight);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("common");
        foreach (double value in _common)
            json.WriteNumberValue(value);
        json.WriteEndArray();
        json.WriteBoolean("missing", _hasMissing);
        json.WriteNumber("least", _least);
        json.WriteNumber("most", _most);
        json.WritePropertyName("rounding");
        _rounding.Write(json);
        json.WriteEndObject();
    }

    // A mode of one value only has no width; any will do.
    private double Deviation(int mode) => _modes[mode].Deviation > 0 ? _modes[mode].Deviation : Math.Max(Math.Abs(_modes[mode].Mean) * 1e-9, 1e-12);
}
