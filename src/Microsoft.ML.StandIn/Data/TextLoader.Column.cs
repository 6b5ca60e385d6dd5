namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>A column and the fields that it is loaded from.</summary>
    public sealed class Column
    {
        /// <summary>The column's name.</summary>
        public string? Name;

        /// <summary>The fields; more than one make a vector.</summary>
        public Range[]? Source;

        /// <summary>Set for keys.</summary>
        public KeyCount? KeyCount;

        /// <summary>Creates a column to be filled in.</summary>
        public Column()
        {
        }

        /// <summary>A column of one field.</summary>
        public Column(string name, DataKind dataKind, int index)
            : this(name, dataKind, [new Range(index)])
        {
        }

        /// <summary>A column of adjacent fields.</summary>
        public Column(string name, DataKind dataKind, int minIndex, int maxIndex)
            : this(name, dataKind, [new Range(minIndex, maxIndex)])
        {
        }

        /// <summary>A column of any fields.</summary>
        public Column(string name, DataKind dataKind, Range[] source, KeyCount? keyCount = null)
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(source);
            Name = name;
            DataKind = dataKind;
            Source = source;
            KeyCount = keyCount;
        }

        /// <summary>The kind of the values.</summary>
        public DataKind DataKind { get; set; } = DataKind.Single;
    }
}
