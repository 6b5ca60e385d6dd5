using System.Text.Json;

namespace MLNetDeep.Explanations;

/// <summary>What an explanation is asked for.</summary>
internal sealed record ExplanationSettings(ExplanationKind Kind)
{
    /// <summary>The layer that is looked at; null for the last convolution.</summary>
    public string? LayerName { get; init; }

    /// <summary>The class that is explained; null for the predicted one.</summary>
    public string? ClassName { get; init; }

    /// <summary>Whether each row's map is divided by its largest value.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>Side of what is held before the picture; null for a quarter of its shorter side.</summary>
    public int? PatchSize { get; init; }

    /// <summary>Steps in which it is moved; null for half its side.</summary>
    public int? Stride { get; init; }

    /// <summary>What it is made of; null for the picture's mean by channel.</summary>
    public float? Fill { get; init; }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is not that.</exception>
    public static ExplanationSettings Read(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return JsonSerializer.Deserialize<ExplanationSettings>(document.RootElement) is { } settings && Enum.IsDefined(settings.Kind)
            ? settings
            : throw new InvalidDataException("there is no such explanation.");
    }

    public string Write() => JsonSerializer.Serialize(this);
}
