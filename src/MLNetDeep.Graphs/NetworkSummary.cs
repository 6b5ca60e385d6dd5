using System.Globalization;
using System.Text;
using MLNetDeep.Graphs;
using MLNetDeep.Layers;

namespace MLNetDeep;

/// <summary>The table that <see cref="Network.Summary()"/> prints.</summary>
internal sealed class NetworkSummary
{
    private const string Unknown = "?";
    private readonly List<string[]> _rows = [];
    private readonly string[] _headers;
    private readonly List<string> _totals = [];

    public NetworkSummary(Network network)
    {
        Dictionary<NetworkPlan.Step, IReadOnlyList<MaskedTensor>> built = [];
        NetworkPlan plan = new([network]) { Built = (step, outputs) => built.Add(step, outputs) };
        BuildContext context = new(new Graph());
        bool complete = true;
        try
        {
            plan.Build(context, null);
        }
        catch (ArgumentException e) when (e is UnknownSizeException || e.InnerException is UnknownSizeException)
        {
            // What the data is to tell is shown as unknown, and all that follows from it.
            complete = false;
        }

        bool isChain = plan.Steps.Select((s, i) => s.Inputs.Count == 0 ? i == 0 : s.Inputs is [var only] && only.Step == i - 1).All(c => c);
        _headers = isChain ? ["Layer (type)", "Output Shape", "Param #"] : ["Layer (type)", "Output Shape", "Param #", "Connected to"];
        long trainable = 0, fixedOnes = 0;
        HashSet<Layer> seen = new(ReferenceEqualityComparer.Instance);
        foreach (NetworkPlan.Step step in plan.Steps)
        {
            bool isKnown = built.TryGetValue(step, out IReadOnlyList<MaskedTensor>? outputs);
            IReadOnlyList<Variable> weights = context.WeightsOf(step.Name);
            string parameters = isKnown ? Number(weights.Sum(w => (long)w.Shape.UnitSize)) : Unknown;
            if (seen.Add(step.Layer) && isKnown)
            {
                trainable += weights.Where(w => w.Trainable).Sum(w => (long)w.Shape.UnitSize);
                fixedOnes += weights.Where(w => !w.Trainable).Sum(w => (long)w.Shape.UnitSize);
            }
            else if (isKnown && weights.Count > 0)
            {
                parameters = "shared";
            }

            string shape = isKnown ? string.Join(", ", outputs!.Select(o => o.Value.Shape)) : Unknown;
            string sources = step.Inputs.Count == 0 ? "-" : string.Join(", ", step.Inputs.Select(i => plan.Steps[i.Step].Name));
            string[] row = [$"{step.Name} ({step.Layer.GetType().Name})", shape, parameters, sources];
            _rows.Add(row[.._headers.Length]);
        }

        _totals.Add($" Total params: {Size(trainable + fixedOnes)}");
        _totals.Add($" Trainable params: {Size(trainable)}");
        _totals.Add($" Non-trainable params: {Size(fixedOnes)}");
        if (!complete)
            _totals.Add($" {Unknown}: comes from the data at Fit");
    }

    public void Write(TextWriter writer)
    {
        int[] widths = [.. _headers.Select((h, i) => Math.Max(h.Length, _rows.Max(r => r[i].Length)))];
        Line('┏', '━', '┳', '┓');
        writer.WriteLine(Cells(_headers, '┃'));
        Line('┡', '━', '╇', '┩');
        for (int i = 0; i < _rows.Count; i++)
        {
            if (i > 0)
                Line('├', '─', '┼', '┤');
            writer.WriteLine(Cells(_rows[i], '│'));
        }

        Line('└', '─', '┴', '┘');
        foreach (string total in _totals)
            writer.WriteLine(total);

        void Line(char left, char across, char between, char right) =>
            writer.WriteLine(left + string.Join(between, widths.Select(w => new string(across, w + 2))) + right);

        string Cells(string[] texts, char border)
        {
            StringBuilder line = new();
            for (int i = 0; i < texts.Length; i++)
                line.Append(border).Append(' ').Append(i == 2 ? texts[i].PadLeft(widths[i]) : texts[i].PadRight(widths[i])).Append(' ');
            return line.Append(border).ToString();
        }
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Size(long count)
    {
        double size = count * (double)sizeof(float);
        int unit = 0;
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        for (; size >= 1024 && unit < units.Length - 1; unit++)
            size /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{Number(count)} ({size:F2} {units[unit]})");
    }
}
