namespace MLNetDeep.Training.Adversarial;

/// <summary>Eigenvalues of small symmetric matrices, row by row in one array.</summary>
internal static class SymmetricMatrix
{
    // Far more than any matrix has been seen to need; each pass squares what is left beside the diagonal.
    private const int MostPasses = 64;

    /// <summary>Eigenvalues by rotations (Jacobi 1846; Golub and Van Loan, Matrix Computations, 8.5).</summary>
    /// <param name="matrix">The matrix; it is overwritten.</param>
    /// <param name="size">Rows and columns.</param>
    /// <param name="vectors">Takes the eigenvectors, one a column; null where they are not wanted.</param>
    public static double[] Eigenvalues(double[] matrix, int size, double[]? vectors = null)
    {
        if (vectors is not null)
        {
            Array.Clear(vectors);
            for (int i = 0; i < size; i++)
                vectors[(i * size) + i] = 1;
        }

        double scale = matrix.Sum(v => v * v);
        for (int pass = 0; pass < MostPasses; pass++)
        {
            double beside = 0;
            for (int p = 0; p < size; p++)
            {
                for (int q = p + 1; q < size; q++)
                    beside += matrix[(p * size) + q] * matrix[(p * size) + q];
            }

            if (beside <= 1e-26 * scale)
                break;
            for (int p = 0; p < size; p++)
            {
                for (int q = p + 1; q < size; q++)
                    Rotate(matrix, vectors, size, p, q);
            }
        }

        return [.. Enumerable.Range(0, size).Select(i => matrix[(i * size) + i])];
    }

    /// <summary>The matrix whose square is a matrix without negative eigenvalues; such as rounding has made are taken for 0.</summary>
    public static double[] SquareRoot(double[] matrix, int size)
    {
        double[] vectors = new double[size * size], root = new double[size * size];
        double[] roots = [.. Eigenvalues([.. matrix], size, vectors).Select(v => Math.Sqrt(Math.Max(v, 0)))];
        for (int i = 0; i < size; i++)
        {
            for (int j = i; j < size; j++)
            {
                double sum = 0;
                for (int k = 0; k < size; k++)
                    sum += vectors[(i * size) + k] * roots[k] * vectors[(j * size) + k];
                root[(i * size) + j] = root[(j * size) + i] = sum;
            }
        }

        return root;
    }

    /// <summary>The product of two matrices.</summary>
    public static double[] Multiply(double[] first, double[] second, int size)
    {
        double[] product = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int k = 0; k < size; k++)
            {
                double factor = first[(i * size) + k];
                for (int j = 0; j < size; j++)
                    product[(i * size) + j] += factor * second[(k * size) + j];
            }
        }

        return product;
    }

    // Makes the element in row p and column q zero.
    private static void Rotate(double[] matrix, double[]? vectors, int size, int p, int q)
    {
        double beside = matrix[(p * size) + q];
        if (beside == 0)
            return;
        double theta = (matrix[(q * size) + q] - matrix[(p * size) + p]) / (2 * beside);
        double tangent = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double cosine = 1 / Math.Sqrt((tangent * tangent) + 1), sine = tangent * cosine;
        for (int k = 0; k < size; k++)
            Turn(matrix, (k * size) + p, (k * size) + q, cosine, sine);
        for (int k = 0; k < size; k++)
            Turn(matrix, (p * size) + k, (q * size) + k, cosine, sine);
        for (int k = 0; vectors is not null && k < size; k++)
            Turn(vectors, (k * size) + p, (k * size) + q, cosine, sine);
    }

    private static void Turn(double[] values, int at, int other, double cosine, double sine) =>
        (values[at], values[other]) = ((cosine * values[at]) - (sine * values[other]), (sine * values[at]) + (cosine * values[other]));
}
