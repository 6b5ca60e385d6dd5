namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>Adjacent fields of a line, that a column is loaded from.</summary>
    public sealed class Range
    {
        /// <summary>The first field.</summary>
        public int Min;

        /// <summary>The last field; null for up to the end of the line.</summary>
        public int? Max;

        /// <summary>Up to the end of the line, whose length the first lines tell.</summary>
        public bool AutoEnd;

        /// <summary>Up to the end of the line, whatever its length. Not supported here.</summary>
        public bool VariableEnd;

        /// <summary>All fields that no other column takes. Not supported here.</summary>
        public bool AllOther;

        /// <summary>Whether one field still makes a vector.</summary>
        public bool ForceVector;

        /// <summary>Creates a range to be filled in.</summary>
        public Range()
        {
        }

        /// <summary>One field.</summary>
        public Range(int index)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            Min = index;
            Max = index;
        }

        /// <summary>Adjacent fields.</summary>
        /// <param name="min">The first.</param>
        /// <param name="max">The last; null for up to the end of the line.</param>
        public Range(int min, int? max)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(min);
            if (max < min)
                throw new ArgumentOutOfRangeException(nameof(max), "The last field comes before the first.");
            Min = min;
            Max = max;
            AutoEnd = max is null;
        }
    }
}
