using Microsoft.ML.Tests.PublicSurface;
using Microsoft.ML.Transforms.TimeSeries;

namespace MLNetDeep.TimeSeries.Tests.PublicSurface;

public class PublicSurfaceTests
{
    [Fact]
    public void The_standin_has_what_is_listed_and_nothing_else_and_the_list_has_nothing_but_the_package()
    {
        System.Reflection.Assembly assembly = typeof(PredictionFunctionExtensions).Assembly;
        HashSet<string> listed = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "PublicSurface", "TimeSeries-5.0.0.txt")).ToHashSet(StringComparer.Ordinal);
        SortedSet<string> actual = SurfaceLines.Of([assembly]);
        Assert.True(listed.Count > 10);
        Assert.Empty(SurfaceLines.Missing(listed, actual));
        if (assembly.GetName().Name == "Microsoft.ML.TimeSeries.StandIn")
            Assert.Empty(SurfaceLines.Missing(actual, listed));
    }
}
