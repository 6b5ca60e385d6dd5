namespace MLNetDeep.Estimators;

/// <summary>How the pixels of a vector of images lie; Keras's <c>data_format</c>.</summary>
public enum DataFormat
{
    /// <summary>The channels of each pixel together: height, width, channels.</summary>
    ChannelsLast,

    /// <summary>Plane by plane, first all of red: channels, height, width.</summary>
    ChannelsFirst,
}
