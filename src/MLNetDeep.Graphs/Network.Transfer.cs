using MLNetDeep.Layers;

namespace MLNetDeep;

// Transfer learning: what a network has learnt goes by the names of its layers, so a part of it in another network takes its weights along.
public sealed partial class Network
{
    /// <summary>
    /// The network up to a layer: its last use and everything before it. The layers are given the names they have here for good, so that weights
    /// trained in the whole network are found by name, and what is appended gets other names.
    /// </summary>
    /// <param name="layerName">The layer's name, given or made up, as <see cref="Summary()"/> shows it.</param>
    /// <exception cref="ArgumentException">There is no such layer; those there are are listed.</exception>
    /// <example><c>pretrained.UpTo("flatten").Freeze().Dense(64).Relu().ClassOutput()</c></example>
    public Network UpTo(string layerName)
    {
        NetworkPlan plan = new([this]);
        return StepOf(plan, layerName).Point.Named(plan);
    }

    /// <summary>
    /// The network with the names that its layers have here given to them for good: then a part of it, or several of its <see cref="Points"/>
    /// built together, find the same weights by name.
    /// </summary>
    public Network WithLayerNames() => Named(new NetworkPlan([this]));

    /// <summary>
    /// All points of the network, one for each use of a layer, in the order in which they are computed; the last is the network itself.
    /// <see cref="BuildAll"/> of some of them gives what flows there.
    /// </summary>
    /// <example><c>network.WithLayerNames().Points.Last(p => p.Layer is Conv2D).Layer.Name</c></example>
    public IReadOnlyList<Network> Points => [.. new NetworkPlan([this]).Steps.Select(s => s.Point)];

    /// <summary>The network with all layers frozen: their weights do not learn, and normalisations keep their running statistics.</summary>
    public Network Freeze() => Replace(layer => layer with { Trainable = false });

    /// <summary>The network with a layer and all before it frozen.</summary>
    /// <param name="layerName">The layer's name, given or made up, as <see cref="Summary()"/> shows it.</param>
    /// <exception cref="ArgumentException">There is no such layer; those there are are listed.</exception>
    public Network FreezeUpTo(string layerName) => ReplaceUpTo(layerName, layer => layer with { Trainable = false });

    /// <summary>The network with all layers learning.</summary>
    public Network Unfreeze() => Replace(layer => layer with { Trainable = true });

    /// <summary>The network with another learning rate for all its layers: the optimizer's times <paramref name="multiplier"/>.</summary>
    /// <param name="multiplier">At least 0; see <see cref="Layer.LearningRateMultiplier"/>.</param>
    public Network WithLearningRate(double multiplier) => Replace(layer => layer with { LearningRateMultiplier = (float)multiplier });

    /// <summary>The network with another learning rate for a layer and all before it: the optimizer's times <paramref name="multiplier"/>.</summary>
    /// <param name="layerName">The layer's name, given or made up, as <see cref="Summary()"/> shows it.</param>
    /// <param name="multiplier">At least 0; see <see cref="Layer.LearningRateMultiplier"/>.</param>
    /// <exception cref="ArgumentException">There is no such layer; those there are are listed.</exception>
    public Network WithLearningRateUpTo(string layerName, double multiplier) =>
        ReplaceUpTo(layerName, layer => layer with { LearningRateMultiplier = (float)multiplier });

    /// <summary>The network with all layers called as they are here, and something before it.</summary>
    internal Network WithNamePrefix(string prefix) => WithLayerNames().Replace(layer => layer with { Name = prefix + layer.Name });

    /// <summary>The network with points of another in the places of its inputs, in the order of <see cref="InputLayers"/>.</summary>
    internal Network Onto(params IReadOnlyList<Network> inputs)
    {
        NetworkPlan plan = new([this]);
        Network[] places = [.. plan.Steps.Where(s => s.Layer is InputLayer).Select(s => s.Point)];
        if (places.Length != inputs.Count)
            throw new ArgumentException($"The network has {places.Length} input(s), received {inputs.Count}.", nameof(inputs));
        Dictionary<Network, Network> points = new(ReferenceEqualityComparer.Instance);

        // An input may be written several times, as one layer at several points.
        Dictionary<Layer, Network> byLayer = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < places.Length; i++)
            byLayer.Add(places[i].Layer, inputs[i]);
        Stack<Network> open = new([this]);
        while (open.TryPeek(out Network? point))
        {
            if (byLayer.TryGetValue(point.Layer, out Network? other))
                points[point] = other;
            Network[] missing = [.. point.Inputs.Where(i => !points.ContainsKey(i))];
            foreach (Network input in missing)
                open.Push(input);
            if (missing.Length > 0)
                continue;
            open.Pop();
            points.TryAdd(point, new(point.Layer, [.. point.Inputs.Select(i => points[i])], point.OutputIndex));
        }

        return points[this];
    }

    // A point of a plan's network, its layers called as the plan calls them.
    private Network Named(NetworkPlan plan)
    {
        Dictionary<Layer, string> names = new(ReferenceEqualityComparer.Instance);
        foreach (NetworkPlan.Step step in plan.Steps)
            names.TryAdd(step.Layer, step.Name);
        return Replace(layer => layer.Name is null ? layer with { Name = names[layer] } : layer);
    }

    private static NetworkPlan.Step StepOf(NetworkPlan plan, string layerName)
    {
        ArgumentNullException.ThrowIfNull(layerName);
        return plan.Steps.FindLast(s => s.Name == layerName)
            ?? throw new ArgumentException($"The network has no layer called '{layerName}'. It has: {string.Join(", ", plan.Steps.Select(s => s.Name).Distinct())}.", nameof(layerName));
    }

    private Network ReplaceUpTo(string layerName, Func<Layer, Layer> change)
    {
        NetworkPlan before = new([StepOf(new NetworkPlan([this]), layerName).Point]);
        HashSet<Layer> layers = new(before.Steps.Select(s => s.Layer), ReferenceEqualityComparer.Instance);
        return Replace(layer => layers.Contains(layer) ? change(layer) : layer);
    }
}
