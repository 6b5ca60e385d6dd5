using System.Globalization;
using Google.Protobuf;
using MLNetDeep.Exporting.Events.Protos;

namespace MLNetDeep.Exporting.Events;

/// <summary>
/// A file of events that TensorBoard reads while it grows. It is opened for each addition and closed again, so that a run that ends anywhere leaves whole records.
/// </summary>
internal sealed class EventFile
{
    private static int _files;

    private readonly string _path;

    /// <summary>Creates a new file in a folder, which is created too.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public EventFile(string folder)
    {
        // The names that TensorFlow gives: by time, machine, process and number, so that a run that goes on adds a file that sorts behind.
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref _files)}.v2");
        _path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(folder);
            Add(new Event { FileVersion = "brain.Event:2" });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"TensorBoard's folder '{folder}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Adds events, with the present time.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Add(params ReadOnlySpan<Event> events)
    {
        using MemoryStream records = new();
        foreach (Event one in events)
        {
            one.WallTime = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
            RecordWriter.Write(records, one.ToByteArray());
        }

        using FileStream stream = new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        stream.Write(records.GetBuffer().AsSpan(0, (int)records.Length));
    }
}
