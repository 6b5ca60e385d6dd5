/// <summary>The whole of a program or test project that needs an ML.NET package which is not there.</summary>
internal static class LeftEmpty
{
    private static void Main()
    {
    }
}
