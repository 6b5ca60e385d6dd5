using MLNetDeep.Cpu.Elementwise;
using MLNetDeep.Cpu.Execution;

namespace MLNetDeep.Cpu.Planning;

/// <summary>When values are needed, and so which may share room: those of other times, and the result of a loop that takes the place of an input.</summary>
internal sealed class Placement
{
    private readonly Dictionary<Value, (int First, int Last)> _times = [];

    // The value in whose place another is, if not in its own.
    private readonly Dictionary<Value, Value> _places = [];

    public bool Contains(Value value) => _times.ContainsKey(value);

    /// <summary>A value is made by the step at <paramref name="at"/>.</summary>
    public void Write(Value value, int at) => _times[value] = (at, at);

    /// <summary>A value is needed by the step at <paramref name="at"/>; where it is none of those that have been written, nothing happens.</summary>
    public void Read(Value value, int at)
    {
        if (_times.TryGetValue(value, out var time))
            _times[value] = (time.First, Math.Max(time.Last, at));
    }

    /// <summary>A value is needed from the first step to <paramref name="last"/>.</summary>
    public void Keep(Value value, int last)
    {
        if (Contains(value))
            _times[value] = (0, last);
    }

    /// <summary>Lets results of loops take the places of inputs that nothing needs any more and that are read in step.</summary>
    public void SharePlaces(IReadOnlyList<Step> steps)
    {
        for (int at = 0; at < steps.Count; at++)
        {
            if (steps[at] is not ElementwiseStep loop)
                continue;
            HashSet<Value> others = [.. loop.OtherInputs];
            List<Value> free = [.. loop.FlatInputs.Distinct().Where(v => v.Storage == Storage.Temporary && Contains(v) && _times[v].Last == at && !others.Contains(v))];
            foreach (Value output in loop.Outputs)
            {
                if (output.Storage != Storage.Temporary || !Contains(output) || free.Find(v => v.UnitSize == output.UnitSize && v.IsBatched == output.IsBatched) is not { } input)
                    continue;
                free.Remove(input);
                Value place = PlaceOf(input);
                _places[output] = place;
                Read(place, _times[output].Last);
            }
        }
    }

    /// <summary>Where each temporary goes, and the room for all.</summary>
    /// <param name="size">How much room a value needs.</param>
    public (Dictionary<Value, long> Offsets, long Size) Layout(Func<Value, long> size)
    {
        // The largest first, each at the lowest offset that is free for as long as it lives.
        Dictionary<Value, long> offsets = [];
        List<(long Begin, long End, int First, int Last)> taken = [];
        long room = 0;
        foreach ((Value value, long length) in _times.Keys.Where(v => v.Storage == Storage.Temporary && PlaceOf(v) == v).Select(v => (v, size(v))).OrderByDescending(p => p.Item2).ThenBy(p => p.v.Id))
        {
            long offset = 0;
            (int first, int last) = _times[value];
            foreach (var other in taken)
            {
                if (other.First > last || other.Last < first)
                    continue;
                if (other.Begin >= offset + length)
                    break;
                offset = Math.Max(offset, other.End);
            }

            offsets[value] = offset;
            (long, long, int, int) entry = (offset, offset + length, first, last);
            int index = taken.BinarySearch(entry);
            taken.Insert(index < 0 ? ~index : index, entry);
            room = Math.Max(room, offset + length);
        }

        foreach ((Value value, Value place) in _places)
            offsets[value] = offsets[place];
        return (offsets, room);
    }

    private Value PlaceOf(Value value) => _places.GetValueOrDefault(value, value);
}
