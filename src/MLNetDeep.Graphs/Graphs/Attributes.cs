using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MLNetDeep.Graphs;

/// <summary>The named, unchangeable parameters of a <see cref="Node"/>, such as an axis or a slope.</summary>
public sealed class Attributes : IReadOnlyDictionary<string, AttributeValue>
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

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out AttributeValue value) => _values.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, AttributeValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
