namespace Microsoft.ML.Data;

public sealed partial class SchemaDefinition
{
    /// <summary>What is to be done with objects of a class.</summary>
    [Flags]
    public enum Direction
    {
        /// <summary>Members are read.</summary>
        Read = 1,

        /// <summary>Members are written.</summary>
        Write = 2,

        /// <summary>Members are read and written.</summary>
        Both = Read | Write,
    }
}
