namespace MLNetDeep.Training.Adversarial;

/// <summary>How different rows are from one another.</summary>
internal static class Diversity
{
    /// <summary>The mean distance from a row to the nearest other; 0 for a single row.</summary>
    /// <param name="rows">The rows, one after the other.</param>
    /// <param name="size">Numbers in a row.</param>
    public static double NearestDistance(ReadOnlySpan<float> rows, int size)
    {
        int count = rows.Length / size;
        if (count < 2)
            return 0;
        double[] nearest = new double[count];
        Array.Fill(nearest, double.PositiveInfinity);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = rows.Slice(i * size, size);
            for (int j = i + 1; j < count; j++)
            {
                double squares = 0;
                ReadOnlySpan<float> other = rows.Slice(j * size, size);
                for (int k = 0; k < size; k++)
                {
                    double apart = (double)row[k] - other[k];
                    squares += apart * apart;
                }

                nearest[i] = Math.Min(nearest[i], squares);
                nearest[j] = Math.Min(nearest[j], squares);
            }
        }

        return nearest.Average(Math.Sqrt);
    }
}
