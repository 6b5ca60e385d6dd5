using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Getters that do something first.</summary>
internal static class Refreshed
{
    /// <summary>A getter that calls <paramref name="first"/> before it gives the value.</summary>
    public static Delegate Make(Delegate getter, DataViewType type, Action first)
        => (Delegate)typeof(Refreshed).GetMethod(nameof(Wrap), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type.RawType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [getter, first], null)!;

    private static ValueGetter<T> Wrap<T>(ValueGetter<T> getter, Action first)
        => (ref T value) =>
        {
            first();
            getter(ref value);
        };
}
