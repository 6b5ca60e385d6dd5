using Microsoft.ML;
using MLNetDeep.Serialization;

namespace MLNetDeep.Tests.Support;

/// <summary>What our components write into their entry of a model file, cut out of it and changed, with right checksums.</summary>
internal static class HostilePayload
{
    private static ReadOnlySpan<byte> Magic => "MLNDEEP\0"u8;

    public static byte[] Of(MLContext ml, ITransformer model)
    {
        byte[] zip = HostileZip.Of(ml, model);
        byte[] entry = HostileZip.Read(zip, Entry(zip));
        return entry[Place(entry)];
    }

    /// <summary>Name of the one entry of a model file that holds a payload.</summary>
    public static string Entry(byte[] zip) => HostileZip.Components(zip).Single(name => HostileZip.Read(zip, name).AsSpan().IndexOf(Magic) >= 0);

    /// <summary>The model file with another payload.</summary>
    public static byte[] Into(byte[] zip, byte[] payload) => HostileZip.With(zip, Entry(zip), entry =>
    {
        Range place = Place(entry);
        return [.. entry[..place.Start], .. payload, .. entry[place.End..]];
    });

    public static TensorArchive Read(byte[] payload) => TensorArchive.Read(new MemoryStream(payload));

    /// <summary>The payload with one of its texts changed.</summary>
    public static byte[] With(byte[] good, string text, Func<string, string> change) => Rebuilt(good, (name, value) => name == text ? change(value) : value, (name, values) => (name, values));

    /// <summary>The payload with another name, or other values, of its tensors; one that becomes null goes missing.</summary>
    public static byte[] WithTensors(byte[] good, Func<string, float[], (string Name, float[] Values)?> change) => Rebuilt(good, (_, value) => value, change);

    private static byte[] Rebuilt(byte[] good, Func<string, string, string> texts, Func<string, float[], (string Name, float[] Values)?> tensors)
    {
        TensorArchive archive = Read(good), bad = new();
        foreach (string name in archive.TextNames)
            bad.AddText(name, texts(name, archive.Text(name)));
        foreach (string name in archive.TensorNames)
        {
            float[] before = archive.Tensor(name);
            if (tensors(name, before) is { } after)
                bad.AddTensor(after.Name, after.Values.Length == before.Length ? [.. archive.Dims(name)] : [after.Values.Length], after.Values);
        }

        using MemoryStream stream = new();
        bad.Write(stream);
        return stream.ToArray();
    }

    // ML.NET's own tail of the entry follows the payload: the payload itself says where it ends.
    private static Range Place(byte[] entry)
    {
        int start = entry.AsSpan().IndexOf(Magic);
        using MemoryStream stream = new(entry, start, entry.Length - start);
        TensorArchive.Read(stream);
        return start..(start + (int)stream.Position);
    }
}
