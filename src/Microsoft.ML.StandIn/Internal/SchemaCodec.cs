using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Schemas, with the values of their annotations, as bytes.</summary>
internal static class SchemaCodec
{
    private const byte Scalar = 0;
    private const byte Key = 1;
    private const byte Vector = 2;
    private const int RowIdCode = 100;

    public static void Write(BinaryWriter writer, DataViewSchema schema)
    {
        var columns = schema.Where(c => IsKnown(c.Type)).ToArray();
        writer.Write(columns.Length);
        foreach (var column in columns)
        {
            writer.Write(column.Name);
            WriteType(writer, column.Type);
            var annotations = column.Annotations.Schema.Where(a => HasCodec(a.Type)).ToArray();
            writer.Write(annotations.Length);
            foreach (var annotation in annotations)
            {
                writer.Write(annotation.Name);
                WriteType(writer, annotation.Type);
                ItemCodec.For(annotation.Type).WriteAnnotation(writer, column.Annotations, annotation);
            }
        }
    }

    public static DataViewSchema Read(BinaryReader reader)
    {
        var builder = new DataViewSchema.Builder();
        for (var left = ReadCount(reader); left > 0; left--)
        {
            var name = ReadName(reader);
            var type = ReadType(reader);
            var annotations = new DataViewSchema.Annotations.Builder();
            for (var more = ReadCount(reader); more > 0; more--)
            {
                var annotationName = ReadName(reader);
                var annotationType = ReadType(reader);
                if (!HasCodec(annotationType))
                    throw new FormatException("Corrupt schema: an annotation has a type that cannot be saved.");
                ItemCodec.For(annotationType).ReadAnnotation(reader, annotations, annotationName, annotationType);
            }
            builder.AddColumn(name, type, annotations.ToAnnotations());
        }
        return builder.ToSchema();
    }

    internal static int ReadCount(BinaryReader reader, int minimumItemSize = 1)
    {
        var count = reader.ReadInt32();
        if (count < 0 || (long)count * minimumItemSize > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new FormatException("Corrupt schema: a count is larger than the rest of the file.");
        return count;
    }

    private static string ReadName(BinaryReader reader)
    {
        var name = reader.ReadString();
        return name.Length > 0 ? name : throw new FormatException("Corrupt schema: a name is empty.");
    }

    // Types that others define (images) have no code here; such columns are left out, as the model does not need them to load.
    private static bool IsKnown(DataViewType type)
        => DataViewTypes.ItemTypeOf(type) is KeyDataViewType or RowIdDataViewType || DataViewTypes.KindOrNull(DataViewTypes.ItemTypeOf(type)) is not null;

    private static bool HasCodec(DataViewType type) => IsKnown(type) && ItemCodec.OrNull(type) is not null;

    private static void WriteType(BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                writer.Write(Vector);
                WriteType(writer, vector.ItemType);
                writer.Write(vector.Dimensions.Length);
                foreach (var dimension in vector.Dimensions)
                    writer.Write(dimension);
                break;
            case KeyDataViewType key:
                writer.Write(Key);
                writer.Write((byte)DataViewTypes.KindOrNull(key)!.Value);
                writer.Write(key.Count);
                break;
            default:
                writer.Write(Scalar);
                writer.Write(type is RowIdDataViewType ? (byte)RowIdCode : (byte)DataViewTypes.KindOrNull(type)!.Value);
                break;
        }
    }

    private static DataViewType ReadType(BinaryReader reader, bool allowVector = true)
    {
        switch (reader.ReadByte())
        {
            case Scalar:
                return ReadPrimitive(reader);
            case Key:
                return new KeyDataViewType(ReadPrimitive(reader).RawType, reader.ReadUInt64());
            case Vector when allowVector:
                var item = (PrimitiveDataViewType)ReadType(reader, allowVector: false);
                var dimensions = new int[ReadCount(reader, sizeof(int))];
                for (var i = 0; i < dimensions.Length; i++)
                    dimensions[i] = reader.ReadInt32();
                return new VectorDataViewType(item, dimensions);
            default:
                throw new FormatException("Corrupt schema: a type is unknown.");
        }
    }

    private static PrimitiveDataViewType ReadPrimitive(BinaryReader reader)
    {
        var code = reader.ReadByte();
        return code == RowIdCode ? RowIdDataViewType.Instance : DataViewTypes.PrimitiveOf((DataKind)code);
    }

    /// <summary>Writes and reads the values of annotations.</summary>
    private abstract class ItemCodec
    {
        private static readonly Dictionary<Type, ItemCodec> Codecs = new ItemCodec[]
        {
            new Text(), new Blittable<sbyte>(), new Blittable<byte>(), new Blittable<short>(), new Blittable<ushort>(),
            new Blittable<int>(), new Blittable<uint>(), new Blittable<long>(), new Blittable<ulong>(),
            new Blittable<float>(), new Blittable<double>(), new Blittable<bool>(), new Blittable<TimeSpan>(),
        }.ToDictionary(c => c.ItemType);

        protected abstract Type ItemType { get; }

        public static ItemCodec? OrNull(DataViewType type) => Codecs.GetValueOrDefault(DataViewTypes.ItemTypeOf(type).RawType);

        public static ItemCodec For(DataViewType type) => OrNull(type)!;

        public abstract void WriteAnnotation(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column);

        public abstract void ReadAnnotation(BinaryReader reader, DataViewSchema.Annotations.Builder builder, string name, DataViewType type);
    }

    private abstract class ItemCodec<T> : ItemCodec
    {
        protected override Type ItemType => typeof(T);

        protected abstract int MinimumSize { get; }

        public override void WriteAnnotation(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
        {
            if (column.Type is not VectorDataViewType)
            {
                T value = default!;
                annotations.GetGetter<T>(column)(ref value);
                WriteItem(writer, value);
                return;
            }
            VBuffer<T> buffer = default;
            annotations.GetGetter<VBuffer<T>>(column)(ref buffer);
            writer.Write(buffer.Length);
            foreach (var item in buffer.DenseValues())
                WriteItem(writer, item);
        }

        public override void ReadAnnotation(BinaryReader reader, DataViewSchema.Annotations.Builder builder, string name, DataViewType type)
        {
            if (type is not VectorDataViewType vector)
            {
                builder.AddPrimitiveValue(name, (PrimitiveDataViewType)type, ReadItem(reader));
                return;
            }
            var items = new T[ReadCount(reader, MinimumSize)];
            if (vector.IsKnownSize && vector.Size != items.Length)
                throw new FormatException("Corrupt schema: an annotation has a wrong length.");
            for (var i = 0; i < items.Length; i++)
                items[i] = ReadItem(reader);
            var buffer = new VBuffer<T>(items.Length, items);
            builder.Add(name, type, (ref VBuffer<T> value) => buffer.CopyTo(ref value));
        }

        protected abstract void WriteItem(BinaryWriter writer, T value);

        protected abstract T ReadItem(BinaryReader reader);
    }

    private sealed class Text : ItemCodec<ReadOnlyMemory<char>>
    {
        protected override int MinimumSize => 1;

        protected override void WriteItem(BinaryWriter writer, ReadOnlyMemory<char> value) => writer.Write(value.ToString());

        protected override ReadOnlyMemory<char> ReadItem(BinaryReader reader) => reader.ReadString().AsMemory();
    }

    private sealed class Blittable<T> : ItemCodec<T>
        where T : unmanaged
    {
        protected override unsafe int MinimumSize => sizeof(T);

        protected override void WriteItem(BinaryWriter writer, T value)
            => writer.Write(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref value, 1)));

        protected override T ReadItem(BinaryReader reader)
        {
            T value = default;
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref value, 1)));
            return value;
        }
    }
}
