using MLNetDeep.Layers;

namespace MLNetDeep;

public sealed partial class Network
{
    /// <summary>
    /// The network with the kernels of its dense and convolutional layers divided by their largest singular values, as discriminators with a hinge loss want it
    /// (Miyato et al. 2018): sets <see cref="Layers.Dense.SpectralNormalization"/> and <see cref="ConvolutionLayer.SpectralNormalization"/> in all of them.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    public Network WithSpectralNormalization()
    {
        bool found = false;
        Network network = Replace(layer =>
        {
            Layer normalized = layer switch
            {
                Dense dense => dense with { SpectralNormalization = true },
                ConvolutionLayer convolution => convolution with { SpectralNormalization = true },
                _ => layer,
            };
            found |= !ReferenceEquals(normalized, layer);
            return normalized;
        });
        return found ? network : throw new ArgumentException("The network has no dense or convolutional layer whose kernel could be normalised.");
    }
}
