namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>What is known of a column beside its type, by name.</summary>
    public sealed partial class Annotations
    {
        private readonly Delegate[] _getters;

        private Annotations(DataViewSchema schema, Delegate[] getters)
        {
            Schema = schema;
            _getters = getters;
        }

        /// <summary>No annotations.</summary>
        public static Annotations Empty { get; } = new(new DataViewSchema([]), []);

        /// <summary>Names and types of the annotations.</summary>
        public DataViewSchema Schema { get; }

        /// <summary>The getter of an annotation.</summary>
        public ValueGetter<TValue> GetGetter<TValue>(Column column)
        {
            if ((uint)column.Index >= (uint)_getters.Length || Schema[column.Index].Name != column.Name)
                throw new InvalidOperationException($"Invalid call to '{nameof(GetGetter)}'");
            return _getters[column.Index] as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Invalid call to '{nameof(GetGetter)}'");
        }

        /// <summary>The value of the annotation of this name.</summary>
        public void GetValue<TValue>(string kind, ref TValue value)
        {
            var column = Schema.GetColumnOrNull(kind) ?? throw new InvalidOperationException($"Invalid call to '{nameof(GetValue)}'");
            GetGetter<TValue>(column)(ref value);
        }

        /// <inheritdoc/>
        public override string ToString() => string.Join(", ", Schema.Select(c => c.Name));

        internal Delegate GetterAt(int index) => _getters[index];
    }
}
