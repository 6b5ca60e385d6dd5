using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>Builds a schema column by column.</summary>
    public sealed class Builder
    {
        private readonly List<DetachedColumn> _columns = [];

        /// <summary>Creates an empty builder.</summary>
        public Builder()
        {
        }

        /// <summary>Adds a column.</summary>
        public void AddColumn(string name, DataViewType type, Annotations? annotations = null)
        {
            // Which exception it is for an empty name is part of what callers may rely on.
            if (string.IsNullOrEmpty(name))
                throw new ArgumentNullException(nameof(name));
            _columns.Add(new(name, type, annotations));
        }

        /// <summary>Adds columns of another schema.</summary>
        public void AddColumns(IEnumerable<Column> source)
        {
            foreach (var column in source)
                _columns.Add(new(column));
        }

        /// <summary>Adds columns.</summary>
        public void AddColumns(IEnumerable<DetachedColumn> source) => _columns.AddRange(source);

        /// <summary>The schema of the columns added so far.</summary>
        public DataViewSchema ToSchema() => new([.. _columns]);
    }
}
