using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

// Writes a copy of an assembly in which some internal members are public, for the compiler to look at; it is never run
// and never shipped. What compiles against it reaches the real members by IgnoresAccessChecksToAttribute.
//
// Usage: publicizer <assembly> <copy> <list>
// The list has a line for each type ("Namespace.Type", "Namespace.Outer+Nested") or member ("Namespace.Type::Member",
// all overloads; ".ctor" for constructors).
if (args.Length != 3)
{
    Console.Error.WriteLine("Usage: publicizer <assembly> <copy> <list>");
    return 2;
}

byte[] image = File.ReadAllBytes(args[0]);
HashSet<string> wanted = [.. File.ReadLines(args[2]).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')];
HashSet<string> missing = [.. wanted];
using PEReader pe = new(new MemoryStream(image, writable: false));
MetadataReader reader = pe.GetMetadataReader();
int metadata = pe.PEHeaders.MetadataStartOffset;

foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
{
    TypeDefinition type = reader.GetTypeDefinition(handle);
    string name = FullName(type);
    if (wanted.Contains(name))
    {
        missing.Remove(name);
        bool nested = (type.Attributes & TypeAttributes.VisibilityMask) > TypeAttributes.Public;
        TypeAttributes shown = (type.Attributes & ~TypeAttributes.VisibilityMask) | (nested ? TypeAttributes.NestedPublic : TypeAttributes.Public);
        BinaryPrimitives.WriteUInt32LittleEndian(Row(TableIndex.TypeDef, handle, 0), (uint)shown);
    }

    foreach (MethodDefinitionHandle method in type.GetMethods())
    {
        MethodDefinition definition = reader.GetMethodDefinition(method);
        string member = reader.GetString(definition.Name);
        string property = member.StartsWith("get_", StringComparison.Ordinal) || member.StartsWith("set_", StringComparison.Ordinal) ? member[4..] : member;
        if (!wanted.Contains($"{name}::{member}") && !wanted.Contains($"{name}::{property}"))
            continue;
        missing.Remove($"{name}::{member}");
        missing.Remove($"{name}::{property}");

        // A row is: address (4 bytes), implementation flags (2), flags (2), ...
        MethodAttributes shown = (definition.Attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Public;
        BinaryPrimitives.WriteUInt16LittleEndian(Row(TableIndex.MethodDef, method, 6), (ushort)shown);
    }

    foreach (FieldDefinitionHandle field in type.GetFields())
    {
        FieldDefinition definition = reader.GetFieldDefinition(field);
        string member = $"{name}::{reader.GetString(definition.Name)}";
        if (!wanted.Contains(member))
            continue;
        missing.Remove(member);
        FieldAttributes shown = (definition.Attributes & ~FieldAttributes.FieldAccessMask) | FieldAttributes.Public;
        BinaryPrimitives.WriteUInt16LittleEndian(Row(TableIndex.Field, field, 0), (ushort)shown);
    }
}

if (missing.Count > 0)
{
    Console.Error.WriteLine($"{args[2]} : error : {Path.GetFileName(args[0])} has no {string.Join(", ", missing)}: this version of ML.NET is not supported.");
    return 1;
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[1]))!);
File.WriteAllBytes(args[1], image);
return 0;

string FullName(TypeDefinition type)
{
    string name = reader.GetString(type.Name);
    if (!type.GetDeclaringType().IsNil)
        return $"{FullName(reader.GetTypeDefinition(type.GetDeclaringType()))}+{name}";
    string space = reader.GetString(type.Namespace);
    return space.Length == 0 ? name : $"{space}.{name}";
}

Span<byte> Row(TableIndex table, EntityHandle handle, int offset) => image.AsSpan(
    metadata + reader.GetTableMetadataOffset(table) + ((MetadataTokens.GetRowNumber(handle) - 1) * reader.GetTableRowSize(table)) + offset);
