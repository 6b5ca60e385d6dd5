namespace MLNetDeep.Exporting;

/// <summary>Folders that are there with all their files or not at all.</summary>
internal static class WholeFolder
{
    /// <summary>Fills a folder beside the wanted one and renames it when it is complete.</summary>
    /// <param name="path">The folder: new, or empty.</param>
    /// <param name="kind">What it is to hold, for messages.</param>
    /// <param name="fill">Writes into the folder that it is given.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">It has files already, or cannot be written; the message says where and why.</exception>
    public static void Write(string path, string kind, Action<string> fill)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(whole))
            throw new IOException($"The {kind} cannot be written: '{whole}' is a file. Give the name of a new folder.");
        if (Directory.Exists(whole) && Directory.EnumerateFileSystemEntries(whole).Any())
            throw new IOException($"The {kind} cannot be written: the folder '{whole}' has files already. Give a new or an empty folder, or delete them first.");
        string? parent = Path.GetDirectoryName(whole);
        string temporary = Path.Combine(parent ?? whole, $".{Path.GetFileName(whole)}.{Path.GetRandomFileName()}");
        try
        {
            Directory.CreateDirectory(temporary);
            fill(temporary);
            if (Directory.Exists(whole))
                Directory.Delete(whole);
            Directory.Move(temporary, whole);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Remove(temporary);
            throw new IOException($"The {kind} cannot be written to '{whole}': {e.Message}", e);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stopped the writing is of more interest.
        }
    }
}
