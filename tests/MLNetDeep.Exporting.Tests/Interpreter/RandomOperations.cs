using MLNetDeep.Exporting.TensorFlow.Protos;

namespace MLNetDeep.Exporting.Tests.Interpreter;

/// <summary>Random bits that are a function of key and counter (Philox4x32-10; Salmon et al. 2011).</summary>
internal static class RandomOperations
{
    public static Dictionary<string, Func<OpCall, Value>> Table { get; } = new()
    {
        ["StatelessRandomUniformFullIntV2"] = FullInts,
    };

    // (shape, key [1], counter [2], algorithm): four words for each value of the counter, which counts up as one number of 128 bits.
    private static Value FullInts(OpCall call)
    {
        call.RequireCount(4);
        call.RequireType("Tshape", 0);
        DataType type = call.Type("dtype", DataType.DtUint64);
        if (type is not (DataType.DtInt32 or DataType.DtUint32) || call[1] is not { Type: DataType.DtUint64, Dims: [1] } || call[2] is not { Type: DataType.DtUint64, Dims: [2] })
            throw call.Error($"takes a key [1] and a counter [2] of uint64 and gives 32-bit integers, received {call[1]} and {call[2]}, dtype {type}");
        if (call[3].ToInt() != 1)
            throw call.Error($"has the algorithm {call[3].ToInt()}; 1 is Philox");
        int[] dims = call[0].ToInts();
        long[] values = new long[Extents.Size(dims)];
        UInt128 counter = new((ulong)call[2].Wholes[1], (ulong)call[2].Wholes[0]);
        for (int i = 0; i < values.Length; i += 4, counter++)
        {
            uint[] block = Philox(counter, (ulong)call[1].Wholes[0]);
            for (int j = 0; j < 4 && i + j < values.Length; j++)
                values[i + j] = block[j];
        }

        return Value.Of(type, dims, values);
    }

    /// <summary>The four words of a counter under a key.</summary>
    public static uint[] Philox(UInt128 counter, ulong key)
    {
        (uint a, uint b, uint c, uint d) = ((uint)counter, (uint)(counter >> 32), (uint)(counter >> 64), (uint)(counter >> 96));
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < 10; round++)
        {
            ulong first = 0xD2511F53UL * a, second = 0xCD9E8D57UL * c;
            (a, b, c, d) = ((uint)(second >> 32) ^ b ^ k0, (uint)second, (uint)(first >> 32) ^ d ^ k1, (uint)first);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return [a, b, c, d];
    }
}
