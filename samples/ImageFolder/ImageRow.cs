namespace ImageFolder;

/// <summary>A picture by its path.</summary>
public sealed class ImageRow
{
    public string ImagePath { get; set; } = "";

    /// <summary>Not known of new pictures; what makes keys of the training rows' labels asks for it.</summary>
    public string Label { get; set; } = "";
}
