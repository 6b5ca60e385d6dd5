namespace MLNetDeep.Cpu.Planning;

/// <summary>The order in which groups run.</summary>
internal static class Schedule
{
    /// <summary>
    /// The order of the graph, except that a variable is updated as soon as that is possible: its gradient is still in
    /// the cache then, and its room is free for the next one.
    /// </summary>
    public static List<Group> Order(IReadOnlyList<Group> groups)
    {
        Dictionary<Group, int> waiting = [];
        Dictionary<Group, List<Group>> followers = [];
        PriorityQueue<Group, (int, int)> ready = new();
        foreach (Group group in groups)
        {
            List<Group> before = [.. group.Predecessors().Where(g => g != group).Distinct()];
            waiting.Add(group, before.Count);
            foreach (Group b in before)
            {
                if (!followers.TryGetValue(b, out List<Group>? list))
                    followers.Add(b, list = []);
                list.Add(group);
            }

            if (before.Count == 0)
                ready.Enqueue(group, Priority(group));
        }

        List<Group> order = [];
        while (ready.TryDequeue(out Group? group, out _))
        {
            order.Add(group);
            foreach (Group follower in followers.GetValueOrDefault(group) ?? [])
            {
                if (--waiting[follower] == 0)
                    ready.Enqueue(follower, Priority(follower));
            }
        }

        if (order.Count != groups.Count)
            throw new InvalidOperationException("The fused operations wait for one another: an error in the planner.");
        return order;
    }

    private static (int, int) Priority(Group group) => (group.WritesVariable ? 0 : 1, group.Members[^1].Index);
}
