using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Tests.PublicSurface;

public class PublicSurfaceTests
{
    /// <summary>The assembly or assemblies that stand behind the namespace: one in the stand-in, several in ML.NET.</summary>
    private static readonly Assembly[] Assemblies =
        [.. new[] { typeof(IDataView), typeof(ITransformer), typeof(MLContext), typeof(CustomMappingCatalog), typeof(StandardTrainersCatalog) }.Select(t => t.Assembly).Distinct()];

    private static readonly HashSet<string> Listed = new(
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "PublicSurface", "MLNet-5.0.0.txt")).Where(line => line.Length > 0),
        StringComparer.Ordinal);

    private static bool IsStandIn => typeof(MLContext).Assembly.GetName().Name == "Microsoft.ML.StandIn";

    [Fact]
    public void The_standin_has_nothing_public_that_mlnet_lacks_and_the_list_has_nothing_but_mlnet()
    {
        var actual = SurfaceLines.Of(Assemblies);
        var missing = IsStandIn
            ? SurfaceLines.Missing(actual, Listed)
            : SurfaceLines.Missing(Listed, actual);
        Assert.True(missing.Count == 0, $"{(IsStandIn ? "Not in the list" : "Not in ML.NET")}:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void The_list_covers_the_contracts()
    {
        Assert.True(Listed.Count > 400);
        Assert.Contains("Microsoft.ML.IDataView | interface", Listed);
        Assert.Contains("Microsoft.ML.Data.VBuffer<T> | public readonly field Length : System.Int32", Listed);
    }

    [Fact]
    public void Lines_say_all_of_a_signature()
    {
        Assert.Equal(
        [
            "Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.Sample<T> | abstract class : System.IDisposable",
            "Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.Sample<T> | event Changed : System.EventHandler",
            "Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.Sample<T> | protected .ctor(T first, System.String text = \"x\")",
            "Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.Sample<T> | protected property Item[System.Int32] { get; } : System.String",
            "Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.Sample<T> | public Dispose() -> System.Void",
            "Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.Sample<T> | public abstract Do<TOther>(ref T a, out System.Int32 b, params TOther[] c) -> System.Collections.Generic.IEnumerable<TOther>",
            "Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.Sample<T> | public const field Limit : System.Int32 = 3",
            "Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.Sample<T> | public property Name { get; } : System.String",
            "Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.Sample<T> | public readonly field Count : System.Nullable<System.Int32>",
            "Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.Sample<T> | public static Make(System.Double bound = -Infinity) -> System.Void",
        ],
        SurfaceLines.Of(typeof(Sample<>)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(typeof(Sample<>), 0)]
    [InlineData(typeof(WiderSample), 2)]
    public void What_is_public_and_not_listed_is_found(Type type, int expected)
    {
        var listed = SurfaceLines.Of(typeof(Sample<>)).ToHashSet();
        listed.Add("Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.WiderSample | class");
        listed.Add("Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.WiderSample | public Same() -> System.Void");
        // Another parameter type and another accessibility are other lines.
        listed.Add("Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.WiderSample | public Differs(System.Int64 x) -> System.Void");
        listed.Add("Microsoft.ML.Tests.PublicSurface.PublicSurfaceTests.WiderSample | protected .ctor()");

        var missing = SurfaceLines.Missing(SurfaceLines.Of(type), listed);

        Assert.Equal(expected, missing.Count);
        if (expected > 0)
        {
            Assert.Contains(missing, line => line.Contains("Differs(System.Int32 x)"));
            Assert.Contains(missing, line => line.Contains("public .ctor()"));
        }
    }

    public abstract class Sample<T> : IDisposable
    {
        public const int Limit = 3;
        public readonly int? Count;

        protected Sample(T first, string text = "x") => Name = $"{first}{text}";

        internal Sample()
            : this(default!)
        {
        }

        public event EventHandler? Changed;

        public string Name { get; private set; }

        protected string this[int index] => Name;

        public static void Make(double bound = double.NegativeInfinity)
        {
        }

        public abstract IEnumerable<TOther> Do<TOther>(ref T a, out int b, params TOther[] c);

        public void Dispose() => Changed?.Invoke(this, EventArgs.Empty);

        private protected void Hidden()
        {
        }
    }

    public class WiderSample
    {
        public void Same()
        {
        }

        public void Differs(int x)
        {
        }
    }
}
