namespace Microsoft.ML.Data;

public sealed partial class SchemaDefinition
{
    /// <summary>The column that a member stands for.</summary>
    public sealed class Column
    {
        private readonly DataViewSchema.Annotations.Builder _annotations = new();

        internal Column(string memberName, DataViewType columnType)
        {
            MemberName = memberName;
            ColumnName = memberName;
            ColumnType = columnType;
        }

        /// <summary>The member.</summary>
        public string MemberName { get; }

        /// <summary>The column's name.</summary>
        public string ColumnName { get; set; }

        /// <summary>The column's type; has to suit the member's.</summary>
        public DataViewType ColumnType { get; set; }

        /// <summary>The column's annotations.</summary>
        public DataViewSchema.Annotations Annotations => _annotations.ToAnnotations();

        /// <summary>Adds an annotation.</summary>
        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
            => _annotations.Add(kind, annotationType, (ref T destination) => destination = value);

        internal void CopyAnnotations(DataViewSchema.Annotations annotations) => _annotations.Add(annotations, _ => true);
    }
}
