using System.Text.Json;

namespace MLNetDeep.Serialization;

/// <summary>Turns whatever goes wrong while a file is read into one kind of error that says what was being read.</summary>
internal static class Guard
{
    public static T Reading<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or ArgumentException or FormatException or InvalidOperationException
            or NotSupportedException or KeyNotFoundException or InvalidCastException or OverflowException or EndOfStreamException)
        {
            throw new InvalidDataException($"The {what} cannot be read: {e.Message}", e);
        }
    }
}
