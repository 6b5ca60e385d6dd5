namespace MLNetDeep.Images;

/// <summary>Many small pictures in a grid: the filters of a layer, samples of a data set, heat maps beside what they explain.</summary>
/// <example>
/// <code>
/// ImageSheet sheet = new(columns: 8, scale: 4);
/// foreach (float[] filter in filters)
///     sheet.Add(PngImage.FromFloats(filter, 3, 3, minimum: null, maximum: null));
/// sheet.Save("filters.png");
/// </code>
/// </example>
public sealed class ImageSheet
{
    private readonly List<(PngImage Picture, string? Caption)> _tiles = [];
    private readonly int _columns, _padding, _scale;
    private readonly byte _background;

    /// <summary>An empty sheet.</summary>
    /// <param name="columns">Pictures in a row; 0 for about as many as there are rows.</param>
    /// <param name="padding">Pixels between pictures and around them.</param>
    /// <param name="scale">How many times larger each picture is shown; see <see cref="PngImage.Enlarge"/>.</param>
    /// <param name="background">The grey of what is between them.</param>
    public ImageSheet(int columns = 0, int padding = 2, int scale = 1, byte background = byte.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        (_columns, _padding, _scale, _background) = (columns, padding, scale, background);
    }

    /// <summary>Pictures on the sheet.</summary>
    public int Count => _tiles.Count;

    /// <summary>Adds a picture, right of the last or at the start of the next row. Pictures may differ in size; each is in the middle of its place.</summary>
    /// <param name="tile">The picture.</param>
    /// <param name="caption">What is written under it in small letters, as much as fits into its place; null for nothing. Letters are those of ASCII, others become question marks.</param>
    public void Add(PngImage tile, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(tile);
        _tiles.Add((tile, caption));
    }

    /// <summary>The sheet as one picture: grey where all are, else in colour.</summary>
    /// <exception cref="InvalidOperationException">There are no pictures on it.</exception>
    public PngImage ToImage()
    {
        if (_tiles.Count == 0)
            throw new InvalidOperationException("There are no pictures on the sheet.");
        int columns = _columns > 0 ? _columns : (int)Math.Ceiling(Math.Sqrt(_tiles.Count));
        int rows = (_tiles.Count + columns - 1) / columns;
        int channels = _tiles.Exists(t => t.Picture.Channels is 2 or 4) ? 4 : _tiles.Max(t => t.Picture.Channels);
        int tileWidth = _tiles.Max(t => t.Picture.Width) * _scale, tileHeight = _tiles.Max(t => t.Picture.Height) * _scale;
        int captionHeight = _tiles.Exists(t => t.Caption is not null) ? CaptionFont.CellHeight + 1 : 0;
        int width = checked(columns * (tileWidth + _padding) + _padding), height = checked(rows * (tileHeight + captionHeight + _padding) + _padding);
        byte[] pixels = new byte[checked(width * height * channels)];
        pixels.AsSpan().Fill(_background);
        for (int i = 3; channels == 4 && i < pixels.Length; i += 4)
            pixels[i] = byte.MaxValue;
        for (int i = 0; i < _tiles.Count; i++)
        {
            int left = _padding + i % columns * (tileWidth + _padding), top = _padding + i / columns * (tileHeight + captionHeight + _padding);
            PngImage tile = _tiles[i].Picture.Enlarge(_scale);
            Put(tile, left + (tileWidth - tile.Width) / 2, top + (tileHeight - tile.Height) / 2);
            if (_tiles[i].Caption is { } caption)
                Put(CaptionFont.Draw(caption, tileWidth, _background), left, top + tileHeight + 1);
        }

        return new(width, height, channels, pixels);

        void Put(PngImage picture, int left, int top)
        {
            byte[] bytes = picture.ToChannels(channels);
            for (int y = 0; y < picture.Height; y++)
                bytes.AsSpan(y * picture.Width * channels, picture.Width * channels).CopyTo(pixels.AsSpan(((top + y) * width + left) * channels));
        }
    }

    /// <summary>Writes the sheet as a PNG file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidOperationException">There are no pictures on it.</exception>
    public void Save(string path) => ToImage().Save(path);
}
