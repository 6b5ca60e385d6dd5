using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Tests.PublicSurface;

/// <summary>
/// The public surface of assemblies as lines: "type | member", one for each exported type itself and one for each of the public
/// and protected members that it declares.
/// </summary>
internal static class SurfaceLines
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static SortedSet<string> Of(IEnumerable<Assembly> assemblies)
        => new(assemblies.SelectMany(a => a.GetExportedTypes()).SelectMany(Of), StringComparer.Ordinal);

    public static IEnumerable<string> Of(Type type)
    {
        var name = NameOf(type);
        yield return $"{name} | {Head(type)}";
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return $"{name} | {Method(type.GetMethod("Invoke")!)}";
            yield break;
        }
        foreach (var member in type.GetMembers(Declared))
            if (Member(member) is { } line)
                yield return $"{name} | {line}";
    }

    /// <summary>The lines that the list does not have.</summary>
    public static IReadOnlyList<string> Missing(IEnumerable<string> lines, IReadOnlySet<string> list) => [.. lines.Where(line => !list.Contains(line))];

    private static string Head(Type type)
    {
        var bases = type.GetInterfaces().Where(i => i.IsVisible).Select(NameOf).Order(StringComparer.Ordinal).ToList();
        var isDelegate = typeof(Delegate).IsAssignableFrom(type);
        if (type.IsClass && !isDelegate && type.BaseType is { } parent && parent != typeof(object))
            bases.Insert(0, NameOf(parent));
        var kind = isDelegate ? "delegate"
            : type.IsEnum ? "enum"
            : type.IsValueType ? "struct"
            : type.IsInterface ? "interface"
            : type.IsAbstract && type.IsSealed ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class"
            : "class";
        return bases.Count == 0 ? kind : $"{kind} : {string.Join(", ", bases)}";
    }

    private static string? Member(MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } constructor when Access(constructor) is { } access
            => $"{access} .ctor({Parameters(constructor)})",
        MethodInfo { IsSpecialName: false } method when Access(method) is { } access
            => $"{access} {(method.IsStatic ? "static " : "")}{(method.IsAbstract ? "abstract " : "")}{Method(method)}",
        FieldInfo { IsSpecialName: false } field when Access(field) is { } access => $"{access} {Field(field)}",
        PropertyInfo property when Property(property) is { } line => line,
        EventInfo e when e.AddMethod is { } add && Access(add) is not null => $"event {e.Name} : {NameOf(e.EventHandlerType!)}",
        _ => null,
    };

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        return $"{method.Name}{generic}({Parameters(method)}) -> {NameOf(method.ReturnType)}";
    }

    private static string Field(FieldInfo field)
        => field.IsLiteral
            ? $"const field {field.Name} : {NameOf(field.FieldType)} = {Value(field.GetRawConstantValue())}"
            : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}field {field.Name} : {NameOf(field.FieldType)}";

    private static string? Property(PropertyInfo property)
    {
        var get = property.GetMethod is { } getter ? Access(getter) : null;
        var set = property.SetMethod is { } setter ? Access(setter) : null;
        if (get is null && set is null)
            return null;
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(p => NameOf(p.ParameterType)))}]" : "";
        return $"{(get == "public" || set == "public" ? "public" : "protected")} property {property.Name}{index} {{ {(get is null ? "" : "get; ")}{(set is null ? "" : "set; ")}}} : {NameOf(property.PropertyType)}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
    {
        var by = p.IsOut ? "out " : p.ParameterType.IsByRef ? "ref " : p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var type = p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType;
        return $"{by}{NameOf(type)} {p.Name}{(p.HasDefaultValue ? $" = {Value(p.RawDefaultValue)}" : "")}";
    }));

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Enum e => Convert.ToInt64(e, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string? Access(MethodBase method)
        => method.IsPublic ? "public" : method.IsFamily || method.IsFamilyOrAssembly ? "protected" : null;

    private static string? Access(FieldInfo field)
        => field.IsPublic ? "public" : field.IsFamily || field.IsFamilyOrAssembly ? "protected" : null;

    private static string NameOf(Type type)
    {
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsArray)
            return NameOf(type.GetElementType()!) + "[]";
        // A nested type has its outer types' generic arguments too; all of them come last.
        var name = type.Name.Split('`')[0];
        for (var outer = type.DeclaringType; outer is not null; outer = outer.DeclaringType)
            name = $"{outer.Name.Split('`')[0]}.{name}";
        var arguments = type.GetGenericArguments();
        return $"{type.Namespace}.{name}{(arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(NameOf))}>")}";
    }
}
