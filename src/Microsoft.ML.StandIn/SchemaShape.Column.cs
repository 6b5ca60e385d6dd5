using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class SchemaShape
{
    /// <summary>A column of a shape.</summary>
    public readonly struct Column
    {
        /// <summary>Whether a column holds single values or vectors.</summary>
        public enum VectorKind
        {
            /// <summary>Single values.</summary>
            Scalar = 0,

            /// <summary>Vectors of one length.</summary>
            Vector = 1,

            /// <summary>Vectors whose length varies by row.</summary>
            VariableVector = 2,
        }

        /// <summary>The name.</summary>
        public readonly string Name;

        /// <summary>Single values or vectors.</summary>
        public readonly VectorKind Kind;

        /// <summary>The type of the values or of the items; for a key, the number type that stores it.</summary>
        public readonly DataViewType ItemType;

        /// <summary>Whether the values are keys.</summary>
        public readonly bool IsKey;

        /// <summary>The annotations' shape.</summary>
        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape? annotations = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            ArgumentNullException.ThrowIfNull(itemType);
            if (itemType is KeyDataViewType)
                throw new ArgumentException("Item type cannot be a key.", nameof(itemType));
            if (itemType is VectorDataViewType)
                throw new ArgumentException("Item type cannot be a vector.", nameof(itemType));
            if (isKey && !KeyDataViewType.IsValidDataType(itemType.RawType))
                throw new ArgumentException($"The item type must be valid for a key, but is {itemType}.", nameof(itemType));
            Name = name;
            Kind = vecKind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? new SchemaShape([]);
        }

        internal bool IsValid => Name is not null;

        /// <summary>Whether a column such as <paramref name="source"/> can stand where this one is wanted.</summary>
        internal bool IsCompatibleWith(Column source)
            => source.IsValid && Name == source.Name && Kind == source.Kind && ItemType.Equals(source.ItemType) && IsKey == source.IsKey
                && Annotations.All(a => source.Annotations.TryFindColumn(a.Name, out var found) && a.IsCompatibleWith(found));

        internal string GetTypeString()
        {
            var item = IsKey ? $"Key<{ItemType}>" : ItemType.ToString()!;
            return Kind switch
            {
                VectorKind.Vector => $"Vector<{item}>",
                VectorKind.VariableVector => $"VarVector<{item}>",
                _ => item,
            };
        }
    }
}
