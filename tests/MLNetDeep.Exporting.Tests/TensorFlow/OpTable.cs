using System.Globalization;
using System.Text.RegularExpressions;
using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.TensorFlow;

/// <summary>TensorFlow's definitions of operations (tensorflow_ops.txt), and whether the nodes of a graph are as these say.</summary>
internal static partial class OpTable
{
    private static readonly Dictionary<string, DataType[]> Sets = [];
    private static readonly Dictionary<string, Op> Ops = Read();

    public static IReadOnlyCollection<string> Names => Ops.Keys;

    /// <summary>What is wrong with a graph; empty where all is right.</summary>
    public static List<string> Check(GraphDef graph)
    {
        List<string> errors = [];
        Dictionary<string, DataType[]> outputs = new(StringComparer.Ordinal);
        foreach (NodeDef node in graph.Node)
        {
            void Wrong(string what) => errors.Add($"{node.Name} ({node.Op}): {what}");
            if (!NodeName().IsMatch(node.Name))
                Wrong("TensorFlow does not take this name.");
            if (!Ops.TryGetValue(node.Op, out Op? op))
            {
                Wrong("no such operation in tensorflow_ops.txt.");
                continue;
            }

            Dictionary<string, DataType[]> types = [];
            Dictionary<string, long> numbers = [];
            foreach (string unknown in node.Attr.Keys.Where(a => op.Attributes.All(d => d.Name != a)))
                Wrong($"attribute {unknown} is not one of the operation's.");
            foreach (Attribute attribute in op.Attributes)
            {
                if (!node.Attr.TryGetValue(attribute.Name, out AttrValue? value))
                {
                    if (attribute.Default is null)
                        Wrong($"attribute {attribute.Name} is missing.");
                    else if (attribute.Kind == "type")
                        types[attribute.Name] = [Type(attribute.Default)];
                    continue;
                }

                if (Misfit(attribute, value) is { } misfit)
                    Wrong($"attribute {attribute.Name}: {misfit}");
                if (attribute.Kind == "type")
                    types[attribute.Name] = [value.Type];
                else if (attribute.Kind == "list(type)")
                    types[attribute.Name] = [.. value.List.Type];
                else if (attribute.Kind == "int")
                    numbers[attribute.Name] = value.I;
            }

            List<DataType> expected = [.. op.Inputs.SelectMany(a => Expand(a.Type, types, numbers))];
            string[] given = [.. node.Input.Where(i => !i.StartsWith('^'))];
            foreach (string control in node.Input.Where(i => i.StartsWith('^')).Select(i => i[1..]))
            {
                if (!outputs.ContainsKey(control))
                    Wrong($"control input {control} does not stand before it.");
            }

            if (given.Length != expected.Count)
                Wrong($"{given.Length} inputs, expected {expected.Count}.");
            for (int i = 0; i < Math.Min(given.Length, expected.Count); i++)
            {
                string[] parts = given[i].Split(':');
                int index = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
                if (!outputs.TryGetValue(parts[0], out DataType[]? from))
                    Wrong($"input {given[i]} does not stand before it.");
                else if (index >= from.Length)
                    Wrong($"input {given[i]}: there are {from.Length} outputs.");
                else if (from[index] != expected[i])
                    Wrong($"input {i} ({given[i]}) is {from[index]}, expected {expected[i]}.");
            }

            if (!outputs.TryAdd(node.Name, [.. op.Outputs.SelectMany(a => Expand(a.Type, types, numbers))]))
                Wrong("another node has this name.");
        }

        return errors;
    }

    private static IEnumerable<DataType> Expand(string type, Dictionary<string, DataType[]> types, Dictionary<string, long> numbers)
    {
        string[] parts = type.Split('*');
        DataType[] named = types.TryGetValue(parts[^1], out DataType[]? known) ? known : char.IsAsciiLetterUpper(parts[^1][0]) || parts[^1] == "dtype" ? [DataType.DtInvalid] : [Type(parts[^1])];
        return parts.Length == 1 ? named : Enumerable.Repeat(named[0], (int)numbers.GetValueOrDefault(parts[0]));
    }

    private static string? Misfit(Attribute attribute, AttrValue value)
    {
        AttrValue.ValueOneofCase expected = attribute.Kind switch
        {
            "type" => AttrValue.ValueOneofCase.Type,
            "int" => AttrValue.ValueOneofCase.I,
            "float" => AttrValue.ValueOneofCase.F,
            "bool" => AttrValue.ValueOneofCase.B,
            "string" => AttrValue.ValueOneofCase.S,
            "shape" => AttrValue.ValueOneofCase.Shape,
            "tensor" => AttrValue.ValueOneofCase.Tensor,
            _ => AttrValue.ValueOneofCase.List,
        };
        if (value.ValueCase != expected)
            return $"it is {value.ValueCase}, expected {attribute.Kind}.";
        int length = attribute.Kind switch
        {
            "list(int)" => value.List.I.Count,
            "list(type)" => value.List.Type.Count,
            _ => int.MaxValue,
        };
        if (attribute.Kind == "int" ? value.I < (attribute.Least ?? long.MinValue) : length < attribute.Least)
            return $"it is {value}, expected at least {attribute.Least}.";
        if (attribute.Kind == "list(int)" && (value.List.S.Count > 0 || value.List.F.Count > 0))
            return $"it is {value}, expected integers.";
        if (attribute.Kind == "tensor" && TensorMisfit(value.Tensor) is { } misfit)
            return misfit;
        if (attribute.Allowed is null)
            return attribute.Kind == "type" && value.Type == DataType.DtInvalid ? "it is no type." : null;
        bool allowed = attribute.Kind == "string" ? attribute.Allowed.Contains(value.S.ToStringUtf8()) : attribute.Allowed.Select(Type).Contains(value.Type);
        return allowed ? null : $"it is {value}, expected one of {string.Join(", ", attribute.Allowed)}.";
    }

    private static string? TensorMisfit(TensorProto tensor)
    {
        long elements = tensor.TensorShape.Dim.Aggregate(1L, (a, d) => a * d.Size);
        int size = tensor.Dtype switch
        {
            DataType.DtFloat or DataType.DtInt32 or DataType.DtUint32 => 4,
            DataType.DtInt64 or DataType.DtUint64 => 8,
            DataType.DtBool => 1,
            _ => 0,
        };
        return size == 0
            ? tensor.StringVal.Count == elements ? null : $"{tensor.StringVal.Count} texts do not fill {elements}."
            : tensor.TensorContent.Length == elements * size ? null : $"{tensor.TensorContent.Length} bytes do not fill {elements} of {tensor.Dtype}.";
    }

    private static Dictionary<string, Op> Read()
    {
        using Stream stream = typeof(OpTable).Assembly.GetManifestResourceStream("tensorflow_ops.txt")!;
        using StreamReader reader = new(stream);
        Dictionary<string, Op> ops = new(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] == '@')
            {
                string[] set = line.Split('=', 2, StringSplitOptions.TrimEntries);
                Sets.Add(set[0], [.. set[1].Split(' ').Select(Type)]);
                continue;
            }

            string[] parts = [.. line.Split('|').Select(p => p.Trim())];
            Assert.Equal(4, parts.Length);
            ops.Add(parts[0], new(Arguments(parts[1]), Arguments(parts[2]), [.. Words(parts[3]).Select(ReadAttribute)]));
        }

        return ops;

        static (string, string)[] Arguments(string text) => [.. Words(text).Select(w => w.Split(':')).Select(w => (w[0], w[1]))];

        static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Attribute ReadAttribute(string text)
    {
        Match match = AttributeText().Match(text);
        Assert.True(match.Success, text);
        string[]? allowed = match.Groups["allowed"].Success
            ? [.. match.Groups["allowed"].Value.Split(',').SelectMany(a => a[0] == '@' ? Sets[a].Select(t => t.ToString()[2..].ToLowerInvariant()) : [a])]
            : null;
        return new(
            match.Groups["name"].Value, match.Groups["kind"].Value, allowed,
            match.Groups["least"].Success ? long.Parse(match.Groups["least"].Value, CultureInfo.InvariantCulture) : null,
            match.Groups["default"].Success ? match.Groups["default"].Value : null);
    }

    // Types that nothing here is of have no name in our messages.
    private static DataType Type(string name) => name switch
    {
        "bfloat16" or "complex64" or "complex128" or "uint16" => DataType.DtVariant,
        ['q', ..] => DataType.DtVariant,
        _ => Enum.Parse<DataType>("Dt" + name, ignoreCase: true),
    };

    [GeneratedRegex(@"^(?<name>\w+):(?<kind>list\(\w+\)|\w+)(\{(?<allowed>[^}]+)\})?(>=(?<least>\d+))?(=(?<default>.*))?$")]
    private static partial Regex AttributeText();

    [GeneratedRegex("^[A-Za-z0-9.][A-Za-z0-9_./-]*$")]
    private static partial Regex NodeName();

    private sealed record Op((string Name, string Type)[] Inputs, (string Name, string Type)[] Outputs, Attribute[] Attributes);

    private sealed record Attribute(string Name, string Kind, string[]? Allowed, long? Least, string? Default);
}
