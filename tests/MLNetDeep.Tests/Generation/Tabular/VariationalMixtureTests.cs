using MLNetDeep.Generation.Tabular;

namespace MLNetDeep.Tests.Generation.Tabular;

public class VariationalMixtureTests
{
    [Fact]
    public void Modes_are_found_where_they_are_and_no_others()
    {
        VariationalMixture.Mode[] modes = VariationalMixture.Fit(Mixture(6000, (-50, 2, 0.5), (0, 0.5, 0.3), (30, 5, 0.2)), 10);

        // More may share a place; together they weigh what it does.
        foreach ((double mean, double weight) in ((double, double)[])[(-50, 0.5), (0, 0.3), (30, 0.2)])
            Assert.InRange(modes.Where(m => Math.Abs(m.Mean - mean) < 12).Sum(m => m.Weight), weight - 0.03, weight + 0.03);
        Assert.InRange(modes.Length, 3, 7);
        Assert.Equal(modes.OrderBy(m => m.Mean), modes);
    }

    [Fact]
    public void They_are_likely_to_have_made_the_values()
    {
        // Against the distribution that did: no more than a hundredth of a unit less likely, on the mean.
        double[] values = Mixture(6000, (-50, 2, 0.5), (0, 0.5, 0.3), (30, 5, 0.2));
        VariationalMixture.Mode[] modes = VariationalMixture.Fit(values, 10), truth = [new(-50, 2, 0.5), new(0, 0.5, 0.3), new(30, 5, 0.2)];
        double Likelihood(VariationalMixture.Mode[] of) => values.Average(v => Math.Log(of.Sum(m => m.Weight / (m.Deviation * Math.Sqrt(2 * Math.PI)) * Math.Exp(-0.5 * Math.Pow((v - m.Mean) / m.Deviation, 2)))));
        Assert.InRange(Likelihood(modes), Likelihood(truth) - 0.2, Likelihood(truth) + 0.05);
    }

    [Fact]
    public void The_unit_does_not_matter()
    {
        double[] values = Mixture(2000, (0, 1, 0.6), (9, 1, 0.4));
        VariationalMixture.Mode[] modes = VariationalMixture.Fit(values, 10), scaled = VariationalMixture.Fit([.. values.Select(v => (v * 1e9) + 1e12)], 10);
        Assert.Equal(modes.Length, scaled.Length);
        for (int k = 0; k < modes.Length; k++)
        {
            Assert.Equal((modes[k].Mean * 1e9) + 1e12, scaled[k].Mean, 1e6);
            Assert.Equal(modes[k].Weight, scaled[k].Weight, 1e-3);
        }
    }

    [Fact]
    public void A_few_values_and_one_value_are_enough()
    {
        Assert.Equal([new(3, 0, 1)], VariationalMixture.Fit([3, 3, 3], 10));
        Assert.NotEmpty(VariationalMixture.Fit([1, 2], 10));
        Assert.Single(VariationalMixture.Fit([1, 2, 5], 1));
    }

    [Fact]
    public void Values_come_back_from_their_mode()
    {
        double[] values = Mixture(2000, (-50, 2, 0.5), (30, 5, 0.5));
        NumberField field = new("x", VariationalMixture.Fit(values, 10), [7], hasMissing: true, -60, 50, new Rounding(null, null));
        foreach (double value in values)
        {
            (int choice, float number) = field.Encode(value, 0.5);
            Assert.InRange(number, -0.99f, 0.99f);
            if (Math.Abs(number) < 0.99f)
                Assert.Equal(Math.Clamp(value, -60, 50), field.Decode(choice, number), 1e-4);
        }

        Assert.Equal(field.Choices - 1, field.Encode(double.NaN, null).Choice);
        Assert.Equal(double.NaN, field.Decode(field.Choices - 1, 0.3));
        Assert.Equal(7, field.Decode(field.Encode(7, null).Choice, 0.3));
        Assert.Equal(50, field.Decode(field.Encode(40, null).Choice, 1));
    }

    private static double[] Mixture(int count, params (double Mean, double Deviation, double Share)[] parts)
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            double at = random.NextDouble();
            int part = 0;
            while (part < parts.Length - 1 && (at -= parts[part].Share) >= 0)
                part++;
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return parts[part].Mean + (parts[part].Deviation * normal);
        })];
    }
}
