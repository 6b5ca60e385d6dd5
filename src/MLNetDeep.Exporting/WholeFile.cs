namespace MLNetDeep.Exporting;

/// <summary>Files that are there as a whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside the file and renames what is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it is, for messages.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">It cannot be written; the message says where and why.</exception>
    public static void Write(string path, string kind, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string whole = Path.GetFullPath(path), folder = Path.GetDirectoryName(whole) ?? whole;
        if (Directory.Exists(whole))
            throw new IOException($"The {kind} file cannot be written: '{whole}' is a folder. Give the name of a file in it.");
        if (!Directory.Exists(folder))
            throw new IOException($"The {kind} file '{whole}' cannot be written: there is no folder '{folder}'. Create it first.");
        string temporary = Path.Combine(folder, $".{Path.GetFileName(whole)}.{Path.GetRandomFileName()}");
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, whole, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(temporary);
            throw new IOException($"The {kind} file '{whole}' cannot be written: {e.Message}", e);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stopped the writing is of more interest.
        }
    }
}
