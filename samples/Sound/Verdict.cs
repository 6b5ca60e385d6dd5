namespace Sound;

/// <summary>What a network that has not heard a hit's kit says of it.</summary>
internal sealed record Verdict(Hit Hit, string Said)
{
    public bool IsRight => Said == Hit.Label;
}
