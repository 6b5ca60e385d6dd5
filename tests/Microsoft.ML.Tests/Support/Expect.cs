namespace Microsoft.ML.Tests.Support;

internal static class Expect
{
    /// <summary>Compares texts of several lines, however the source file's lines end.</summary>
    public static void Text(string expected, string actual) => Assert.Equal(expected.ReplaceLineEndings("\n"), actual);
}
