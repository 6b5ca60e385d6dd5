/// <summary>The whole of a test project that needs images where there is no package for them.</summary>
internal static class NoImages
{
    private static void Main()
    {
    }
}
