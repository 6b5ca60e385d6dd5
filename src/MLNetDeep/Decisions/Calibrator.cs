using System.Text.Json;

namespace MLNetDeep.Decisions;

/// <summary>How a score, or a first probability, becomes a probability that holds.</summary>
internal sealed record Calibrator
{
    // Nearer to 0 or 1 a Single's logarithm of the odds says nothing more.
    public const double Least = 1e-7;

    private const int MostPoints = 1 << 20;

    /// <summary>The method: none, platt, isotonic, temperature or beta.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether it starts from the probability; else from the score.</summary>
    public required bool FromProbability { get; init; }

    /// <summary>The method's numbers: platt slope and intercept, temperature, beta a, b and c.</summary>
    public double[] Parameters { get; init; } = [];

    /// <summary>Isotonic: scores in rising order, between which probabilities are interpolated.</summary>
    public double[] X { get; init; } = [];

    /// <summary>Isotonic: their probabilities.</summary>
    public double[] Y { get; init; } = [];

    /// <summary>Share of the negative rows that training kept; 1 for all.</summary>
    public double NegativesKept { get; init; } = 1;

    public double Apply(double value)
    {
        // What lies beyond a Single's range is as good as at its end, and leaves no 0 times infinity.
        value = Math.Clamp(value, float.MinValue, float.MaxValue);
        double p = Kind switch
        {
            "none" => FromProbability ? value : Sigmoid(value),
            "platt" => Sigmoid(Parameters[0] * value + Parameters[1]),
            "temperature" => Sigmoid((FromProbability ? Logit(value) : value) / Parameters[0]),
            "beta" => Beta(FromProbability ? value : Sigmoid(value)),
            _ => Interpolated(value),
        };

        // Dal Pozzolo et al. 2015: what the probability was before negatives were left out.
        return NegativesKept == 1 ? p : NegativesKept * p / (NegativesKept * p - p + 1);
    }

    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    public static double Logit(double p)
    {
        double clipped = Math.Clamp(p, Least, 1 - Least);
        return Math.Log(clipped / (1 - clipped));
    }

    /// <exception cref="InvalidDataException">The numbers are none that a calibrator has.</exception>
    public static Calibrator Read(JsonElement json)
    {
        Calibrator calibrator = new()
        {
            Kind = json.GetProperty("kind").GetString() ?? "",
            FromProbability = json.GetProperty("fromProbability").GetBoolean(),
            Parameters = Numbers("parameters"),
            X = Numbers("x"),
            Y = Numbers("y"),
            NegativesKept = json.GetProperty("negativesKept").GetDouble(),
        };
        int parameters = calibrator.Kind switch
        {
            "none" or "isotonic" => 0,
            "temperature" => 1,
            "platt" => 2,
            "beta" => 3,
            _ => throw new InvalidDataException($"there is no calibration '{calibrator.Kind}'."),
        };
        bool isotonic = calibrator.Kind == "isotonic";
        if (calibrator.Parameters.Length != parameters || calibrator.X.Length != calibrator.Y.Length || isotonic != calibrator.X.Length > 0
            || calibrator.NegativesKept is not (> 0 and <= 1) || !calibrator.X.SequenceEqual(calibrator.X.Order()) || calibrator.Y.Any(y => y is not (>= 0 and <= 1))
            || !calibrator.Parameters.Concat(calibrator.X).All(double.IsFinite) || (calibrator.Kind == "temperature" && calibrator.Parameters[0] <= 0))
            throw new InvalidDataException($"the numbers of the calibration '{calibrator.Kind}' are none that it can have.");
        return calibrator;

        double[] Numbers(string name)
        {
            JsonElement array = json.GetProperty(name);
            return array.GetArrayLength() <= MostPoints ? [.. array.EnumerateArray().Select(v => v.GetDouble())] : throw new InvalidDataException($"'{name}' is too long.");
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("kind", Kind);
        json.WriteBoolean("fromProbability", FromProbability);
        Numbers("parameters", Parameters);
        Numbers("x", X);
        Numbers("y", Y);
        json.WriteNumber("negativesKept", NegativesKept);

        void Numbers(string name, double[] values)
        {
            json.WriteStartArray(name);
            foreach (double value in values)
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }
    }

    private double Beta(double p)
    {
        double clipped = Math.Clamp(p, Least, 1 - Least);
        return Sigmoid(Parameters[0] * Math.Log(clipped) - Parameters[1] * Math.Log(1 - clipped) + Parameters[2]);
    }

    private double Interpolated(double value)
    {
        if (!(value > X[0]))
            return Y[0];
        if (value >= X[^1])
            return Y[^1];
        int at = Array.BinarySearch(X, value);
        if (at >= 0)
            return Y[at];
        int above = ~at;
        return Y[above - 1] + (Y[above] - Y[above - 1]) * (value - X[above - 1]) / (X[above] - X[above - 1]);
    }
}
