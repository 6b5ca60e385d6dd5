namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>How text files are read.</summary>
    public class Options
    {
        /// <summary>Whether fields may stand between quotes; false by default.</summary>
        public bool AllowQuoting;

        /// <summary>Whether lines may hold sparse vectors, as a length and index:value fields; false by default.</summary>
        public bool AllowSparse;

        /// <summary>How many fields of a line count; all by default.</summary>
        public int? InputSize;

        /// <summary>What stands between fields; a tab by default.</summary>
        public char[] Separators = ['\t'];

        /// <summary>The decimal mark; a point by default.</summary>
        public char DecimalMarker = '.';

        /// <summary>The columns; by default the first field as Label and the others as Features.</summary>
        public Column[]? Columns;

        /// <summary>Whether white space at the end of lines is dropped; false by default.</summary>
        public bool TrimWhitespace;

        /// <summary>Whether each file begins with a line of names; false by default.</summary>
        public bool HasHeader;

        /// <summary>Accepted; has no effect here.</summary>
        public bool UseThreads = true;

        /// <summary>Whether quoted fields may hold ends of lines; false by default.</summary>
        public bool ReadMultilines;

        /// <summary>A file that has the line of names. Not supported here.</summary>
        public string? HeaderFile;

        /// <summary>The most rows that are read; all by default.</summary>
        public long? MaxRows;

        /// <summary>Before a quote within quotes, makes it part of the field; a quote by default.</summary>
        public char EscapeChar = '"';

        /// <summary>Whether empty real fields are NaN instead of 0; false by default.</summary>
        public bool MissingRealsAsNaNs;

        /// <summary>Creates options of their default values.</summary>
        public Options()
        {
        }

        internal Options With(Column[] columns)
        {
            var copy = (Options)MemberwiseClone();
            copy.Columns = columns;
            return copy;
        }
    }
}
