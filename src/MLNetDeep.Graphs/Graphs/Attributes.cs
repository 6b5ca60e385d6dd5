using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MLNetDeep.Graphs;

/// <summary>The named, unchangeable parameters of a <see cref="Node"/>, such as an axis or a slope.</summary>
public sealed class Attributes : IReadOnlyDictionary<string, AttributeValue>, IEquatable<Attributes>
{
    private readonly SortedDictionary<string, AttributeValue> _values = new(StringComparer.Ordinal);

    /// <summary>Attributes with these names and values.</summary>
    public Attributes(params ReadOnlySpan<(string Name, AttributeValue Value)> values)
    {
        foreach ((string name, AttributeValue value) in values)
            _values.Add(name, value);
    }

    internal Attributes(IEnumerable<KeyValuePair<string, AttributeValue>> values)
    {
        foreach ((string name, AttributeValue value) in values)
            _values.Add(name, value);
    }

    /// <summary>No attributes.</summary>
    public static Attributes None { get; } = new();

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _values.Keys;

    /// <inheritdoc/>
    public IEnumerable<AttributeValue> Values => _values.Values;

    /// <inheritdoc/>
    public AttributeValue this[string key] => _values.TryGetValue(key, out AttributeValue? value)
        ? value
        : throw new KeyNotFoundException($"There is no attribute '{key}'; there are: {string.Join(", ", _values.Keys)}.");

    /// <summary>The attribute <paramref name="name"/> as a <typeparamref name="T"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such attribute.</exception>
    /// <exception cref="InvalidCastException">It is of another kind.</exception>
    public T Get<T>(string name) => this[name].Value is T value
        ? value
        : throw new InvalidCastException($"Attribute '{name}' is of type {this[name].Value.GetType().Name}, expected {typeof(T).Name}.");

    /// <summary>The attribute <paramref name="name"/>, if there is one and it is a <typeparamref name="T"/>.</summary>
    public bool TryGet<T>(string name, [MaybeNullWhen(false)] out T value)
    {
        if (_values.TryGetValue(name, out AttributeValue? found) && found.Value is T typed)
        {
            value = typed;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Whether the other has the same names with the same values.</summary>
    public bool Equals(Attributes? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Attributes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach ((string name, AttributeValue value) in _values)
        {
            hash.Add(name, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out AttributeValue value) => _values.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, AttributeValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
