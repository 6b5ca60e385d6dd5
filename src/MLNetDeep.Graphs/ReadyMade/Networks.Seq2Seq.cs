namespace MLNetDeep;

public static partial class Networks
{
    /// <summary>
    /// A network that reads one sequence and writes another, for translation, spelling to sound, questions to answers; see <see cref="Seq2SeqNetwork"/>.
    /// Numbers of tokens and lengths come from the data.
    /// </summary>
    /// <param name="units">Size of the states. Default 256.</param>
    /// <param name="embedding">Length of the tokens' vectors. Default 64.</param>
    /// <param name="encoderLayers">Layers that read. Default 1.</param>
    /// <param name="dropout">Share dropped while training. Default 0.2.</param>
    /// <example><c>ml.MulticlassClassification.Trainers.SequenceToSequence(Networks.Seq2Seq(units: 128))</c></example>
    public static Seq2SeqNetwork Seq2Seq(int units = 256, int embedding = 64, int encoderLayers = 1, double dropout = 0.2) =>
        new() { Units = units, Embedding = embedding, EncoderLayers = encoderLayers, Dropout = dropout };
}
