using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The lines of files, one at a time: headers, comments and empty lines left out.</summary>
internal sealed class TextLines(TextLoader.Options options, IMultiStreamSource source) : IDisposable
{
    private TextReader? _reader;
    private int _file;
    private bool _atStart;

    /// <summary>The number of the present line in its file, from 1.</summary>
    public long Number { get; private set; }

    public TextLine Line { get; } = new(options);

    /// <summary>The present file's header, once a line of the file was read.</summary>
    public string? Header { get; private set; }

    /// <summary>Moves to the next line; false after the last.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            if (_reader is null && !Open())
                return false;
            var text = Read();
            if (text is null)
            {
                _reader!.Dispose();
                _reader = null;
                continue;
            }
            var isHeader = _atStart && options.HasHeader;
            _atStart = false;
            if (!Line.Parse(text) && options.ReadMultilines)
                text = ReadOn(text);
            if (!isHeader)
                return true;
            Header = text;
        }
    }

    public void Dispose() => _reader?.Dispose();

    private bool Open()
    {
        if (_file >= source.Count)
            return false;
        _reader = source.OpenTextReader(_file++);
        _atStart = true;
        Number = 0;
        return true;
    }

    private string? Read()
    {
        while (_reader!.ReadLine() is { } text)
        {
            Number++;
            if (text.Length > 0 && !text.StartsWith("//", StringComparison.Ordinal) && !(_atStart && text[0] == '#'))
                return text;
        }
        return null;
    }

    // A quoted field goes on: lines are joined until one with a quote may end it.
    private string ReadOn(string text)
    {
        var joined = new StringBuilder(text);
        while (_reader!.ReadLine() is { } more)
        {
            Number++;
            joined.Append('\n').Append(more);
            if (more.Contains('"') && Line.Parse(joined.ToString()))
                return joined.ToString();
        }
        throw new FormatException($"Parsing failed with an exception: a quoted field that begins before line {Number} has no end.");
    }
}
