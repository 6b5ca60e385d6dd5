using Microsoft.ML.Data;
using Microsoft.ML.Tests.PublicSurface;

namespace Microsoft.ML.ImageAnalytics.Tests.PublicSurface;

public class PublicSurfaceTests
{
    [Fact]
    public void The_standin_has_what_the_package_has_and_nothing_else_and_the_list_has_nothing_but_the_package()
    {
        var assembly = typeof(MLImage).Assembly;
        var listed = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "PublicSurface", "ImageAnalytics-5.0.0.txt")).ToHashSet(StringComparer.Ordinal);
        var actual = SurfaceLines.Of([assembly]);
        Assert.True(listed.Count > 60);
        Assert.Empty(SurfaceLines.Missing(listed, actual));
        if (assembly.GetName().Name == "Microsoft.ML.ImageAnalytics.StandIn")
            Assert.Empty(SurfaceLines.Missing(actual, listed));
    }
}
