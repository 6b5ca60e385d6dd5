namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>
    /// N-BEATS (Oreshkin et al. 2020): blocks of dense layers, each of which explains a part of the window, which is taken away from what the next one sees, and adds its part of the forecast.
    /// Generic blocks give both as they like; interpretable ones are a stack of polynomials (trend) and a stack of waves (seasonality).
    /// </summary>
    /// <param name="window">Steps of the past.</param>
    /// <param name="horizon">Steps to forecast.</param>
    /// <param name="outputs">Numbers for each of them, such as quantiles. Default 1.</param>
    /// <param name="interpretable">Whether the stacks are trend and seasonality. Default false: generic blocks.</param>
    /// <param name="blocks">Blocks; of interpretable ones, in each of the two stacks. Default 3.</param>
    /// <param name="layers">Dense layers in a block. Default 4, the paper's.</param>
    /// <param name="units">Units of a dense layer. Default 64.</param>
    /// <param name="degree">Degree of the trend's polynomials. Default 2, the paper's.</param>
    /// <param name="dropout">Share of a block's hidden outputs dropped while training. Default 0.</param>
    /// <param name="covariates">Covariates of the past, the input <c>covariates</c> (window, covariates), which every block sees. Default 0: there is no such input.</param>
    /// <param name="future">Covariates of the horizon, the input <c>future</c> (horizon, future), which every block sees. Default 0: there is no such input.</param>
    /// <returns>A network from <c>values</c> (window, 1) to (horizon, outputs).</returns>
    /// <exception cref="ArgumentException">A size is less than 1, or a number of covariates or the degree negative.</exception>
    public static Network NBeats(
        int window, int horizon, int outputs = 1, bool interpretable = false, int blocks = 3, int layers = 4, int units = 64, int degree = 2, double dropout = 0, int covariates = 0, int future = 0)
    {
        CheckForecast(nameof(NBeats), window, horizon, outputs, covariates, future);
        if (blocks < 1 || layers < 1 || units < 1 || degree < 0)
            throw new ArgumentException($"NBeats: blocks {blocks}, layers {layers}, units {units}, degree {degree}; expected at least 1, and a degree of at least 0.");
        Network residual = Network.Input("values", window, 1);
        List<Network> beside = [];
        if (covariates > 0)
            beside.Add(Network.Input("covariates", window, covariates).Flatten());
        if (future > 0)
            beside.Add(Network.Input("future", horizon, future).Flatten());

        Network? forecast = null;
        int count = interpretable ? 2 * blocks : blocks;
        for (int block = 0; block < count; block++)
        {
            Network hidden = residual.Flatten();
            if (beside.Count > 0)
                hidden = hidden.Concatenate(beside);
            for (int layer = 0; layer < layers; layer++)
                hidden = hidden.Dense(units, kernelInitializer: new Initializers.HeUniform()).Relu();
            if (dropout > 0)
                hidden = hidden.Dropout(dropout);
            Network part = Part(hidden, horizon, outputs, block);
            forecast = forecast is null ? part : forecast.Add(part);

            // What the last block leaves nobody looks at.
            if (block < count - 1)
                residual = residual.Subtract(Part(hidden, window, 1, block));
        }

        return forecast!;

        Network Part(Network hidden, int steps, int channels, int block)
        {
            if (!interpretable)
                return hidden.Dense(steps * channels).Reshape(steps, channels);
            if (block < blocks)
                return hidden.Dense((degree + 1) * channels, useBias: false).Reshape(degree + 1, channels).TrendBasis(steps);

            // Waves up to half as many as there are steps: more cannot be told apart.
            int waves = Math.Max(1, steps / 2);
            return hidden.Dense(((2 * waves) - 1) * channels, useBias: false).Reshape((2 * waves) - 1, channels).SeasonalityBasis(steps);
        }
    }
}
