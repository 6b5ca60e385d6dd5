using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MLNetDeep.Initializers;
using MLNetDeep.Layers;
using MLNetDeep.Losses;
using MLNetDeep.Optimizers;
using MLNetDeep.Regularizers;
using MLNetDeep.Schedules;

namespace MLNetDeep.Serialization;

/// <summary>
/// JSON for the records that hold settings: layers, initializers, regularizers, losses, optimizers, learning-rate schedules.
/// Each object names its kind under <c>$type</c>; the kinds are a closed table of this library's own, so that a file cannot name anything else to create.
/// </summary>
public static class SettingsJson
{
    private const int MaxDepth = 32;

    private static readonly Type[] Roots = [typeof(Layer), typeof(Initializer), typeof(Regularizer), typeof(Loss), typeof(Optimizer), typeof(LearningRateSchedule)];

    private static readonly Type[] Records = [.. typeof(SettingsJson).Assembly.GetTypes()
        .Where(t => !t.IsAbstract && Roots.Any(t.IsSubclassOf)).OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>How all of this library's JSON is written: readable, with names as in the code, and what is null left out.</summary>
    internal static JsonSerializerOptions Options { get; } = MakeOptions();

    /// <summary>Writes settings as JSON.</summary>
    /// <typeparam name="T">The kind: <see cref="Layer"/>, <see cref="Initializer"/>, <see cref="Regularizer"/>, <see cref="Loss"/>, <see cref="Optimizer"/> or <see cref="LearningRateSchedule"/>.</typeparam>
    /// <exception cref="NotSupportedException">It is, or holds, a record of another assembly.</exception>
    public static string Write<T>(T settings)
        where T : class => JsonSerializer.Serialize(settings, Known<T>());

    /// <summary>Reads settings.</summary>
    /// <typeparam name="T">The kind, as for <see cref="Write"/>.</typeparam>
    /// <exception cref="InvalidDataException">It is not such JSON.</exception>
    public static T Read<T>(string json)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(json);
        JsonTypeInfo<T> type = Known<T>();
        return Guard.Reading($"settings ({typeof(T).Name})", () => JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException("it is null."));
    }

    private static JsonTypeInfo<T> Known<T>() => Array.IndexOf(Roots, typeof(T)) >= 0
        ? (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T))
        : throw new NotSupportedException($"{typeof(T).Name} is not a kind of settings; there are: {string.Join(", ", Roots.Select(r => r.Name))}.");

    private static JsonSerializerOptions MakeOptions()
    {
        DefaultJsonTypeInfoResolver resolver = new() { Modifiers = { NameKinds } };
        JsonSerializerOptions options = new()
        {
            TypeInfoResolver = resolver,
            WriteIndented = true,
            NewLine = "\n",
            MaxDepth = MaxDepth,
            IgnoreReadOnlyProperties = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void NameKinds(JsonTypeInfo type)
    {
        if (Array.IndexOf(Roots, type.Type) < 0)
            return;
        type.PolymorphismOptions = new() { TypeDiscriminatorPropertyName = "$type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization };
        foreach (Type record in Records.Where(r => r.IsSubclassOf(type.Type)))
            type.PolymorphismOptions.DerivedTypes.Add(new(record, record.Name));
    }
}
