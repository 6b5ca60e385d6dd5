using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetDeep.Images;

/// <summary>A folder that has a sub-folder of pictures for each class.</summary>
internal sealed class ImageFolder
{
    /// <summary>The extensions that are taken for pictures when nothing else is said.</summary>
    public static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"];

    private const int MostNamed = 5;

    private readonly string _folder;
    private readonly bool _recursive;
    private readonly HashSet<string> _extensions;

    public ImageFolder(string folder, bool recursive, IEnumerable<string>? extensions)
    {
        _folder = Path.GetFullPath(folder);
        _recursive = recursive;
        _extensions = new((extensions ?? Extensions).Select(e => e.StartsWith('.') ? e : "." + e), StringComparer.OrdinalIgnoreCase);
        if (_extensions.Count == 0)
            throw new ArgumentException("No extension of image files is given.", nameof(extensions));
    }

    /// <summary>The pictures with their classes: class by class, in ordinal order of class and path, whatever order the file system gives.</summary>
    /// <exception cref="ArgumentException">There is nothing to learn from; the message says what is missing.</exception>
    /// <exception cref="InvalidDataException">Files are not pictures, and that is to be an error.</exception>
    public IReadOnlyList<(string Path, string Label)> List(OnBadImage onBadImage, IChannel channel)
    {
        if (!Directory.Exists(_folder))
            throw new ArgumentException(File.Exists(_folder) ? $"'{_folder}' is a file, not a folder." : $"There is no folder '{_folder}'.");
        string[] classes = [.. Directory.GetDirectories(_folder).Where(IsVisible).Order(StringComparer.Ordinal)];
        if (classes.Length == 0)
        {
            int loose = Directory.EnumerateFiles(_folder).Count(IsImage);
            throw new ArgumentException(
                $"The folder '{_folder}' has no sub-folders: the images of each class are to be in a sub-folder that is named after the class." +
                (loose > 0 ? $" It has {loose} image(s) itself." : ""));
        }

        List<(string Path, string Label)> images = [];
        List<string> bad = [];
        List<string> found = [], empty = [];
        foreach (string folder in classes)
        {
            string label = Path.GetFileName(folder);
            int before = images.Count;
            foreach (string file in Files(folder).Order(StringComparer.Ordinal))
            {
                if (Fault(file) is { } fault)
                    bad.Add($"'{file}' {fault}");
                else
                    images.Add((file, label));
            }

            (images.Count > before ? found : empty).Add(label);
        }

        if (bad.Count > 0 && onBadImage == OnBadImage.Error)
            throw new InvalidDataException($"{bad.Count} file(s) in '{_folder}' are not images: {Some(bad)}. Remove them, or have them left out with OnBadImage.Skip.");
        if (found.Count == 0)
        {
            throw new ArgumentException(
                $"There are no images in the sub-folders of '{_folder}' ({Some(classes.Select(c => $"'{Path.GetFileName(c)}'"))}): looked for {string.Join(", ", _extensions)}" +
                (_recursive ? "." : ", and not in folders below them (see 'recursive').") + (bad.Count > 0 ? $" {bad.Count} file(s) are not images: {Some(bad)}." : ""));
        }

        if (found.Count == 1)
        {
            throw new ArgumentException(
                $"The folder '{_folder}' has images of one class only, '{found[0]}'; there is nothing to tell apart." +
                (empty.Count > 0 ? $" There are no images in {Some(empty.Select(e => $"'{e}'"))}." : ""));
        }

        if (bad.Count > 0)
            channel.Warning(MessageSensitivity.UserData, $"{bad.Count} file(s) that are not images were left out: {Some(bad)}.");
        if (empty.Count > 0)
            channel.Warning(MessageSensitivity.UserData, $"Sub-folders without images are no classes: {Some(empty.Select(e => $"'{e}'"))}.");
        channel.Info(MessageSensitivity.UserData, $"{images.Count} images of {found.Count} classes in '{_folder}'.");
        return images;
    }

    private static bool IsVisible(string path) => !Path.GetFileName(path).StartsWith('.');

    private bool IsImage(string file) => IsVisible(file) && _extensions.Contains(Path.GetExtension(file));

    // Links to folders are not followed: they may lead in circles.
    private IEnumerable<string> Files(string folder)
    {
        IEnumerable<string> files = Directory.EnumerateFiles(folder).Where(IsImage);
        return _recursive
            ? files.Concat(Directory.EnumerateDirectories(folder).Where(f => IsVisible(f) && new DirectoryInfo(f).LinkTarget is null).SelectMany(Files))
            : files;
    }

    // What can be told by a file's first bytes.
    private static string? Fault(string file)
    {
        Span<byte> start = stackalloc byte[ImageSignature.Length];
        using FileStream stream = File.OpenRead(file);
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return start.IsEmpty ? "is empty" : ImageSignature.Format(start) is null ? "does not begin as an image file" : null;
    }

    private static string Some(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return string.Join(", ", all.Take(MostNamed)) + (all.Length > MostNamed ? $" and {all.Length - MostNamed} more" : "");
    }
}
