using System.Globalization;
using System.Text;

namespace MLNetDeep.Generation;

/// <summary>How good made-up rows of a table are. <c>ml.Generation.EvaluateTabular</c> measures it.</summary>
public sealed class TabularMetrics
{
    internal TabularMetrics(IReadOnlyList<TabularColumnMetrics> columns, IReadOnlyList<TabularPairMetrics> pairs, TabularUtility? utility, TabularPrivacy privacy)
    {
        (Columns, Pairs, Utility, Privacy) = (columns, pairs, utility, privacy);
        ColumnShapes = columns.Average(c => c.Shape);
        double[] trends = [.. pairs.Select(p => p.Trend).OfType<double>()];
        ColumnPairTrends = trends.Length > 0 ? trends.Average() : null;
    }

    /// <summary>Mean of <see cref="TabularColumnMetrics.Shape"/>, 0 to 1: how alike single columns are.</summary>
    public double ColumnShapes { get; }

    /// <summary>Mean of <see cref="TabularPairMetrics.Trend"/>, 0 to 1: how alike pairs of columns depend on each other. Null where there is no pair to compare.</summary>
    public double? ColumnPairTrends { get; }

    /// <summary>Mean of both, 0 to 1 (SDMetrics' quality score).</summary>
    public double Score => ColumnPairTrends is { } trends ? (ColumnShapes + trends) / 2 : ColumnShapes;

    /// <summary>The columns, a slot of a vector each.</summary>
    public IReadOnlyList<TabularColumnMetrics> Columns { get; }

    /// <summary>The pairs of columns.</summary>
    public IReadOnlyList<TabularPairMetrics> Pairs { get; }

    /// <summary>What a model is worth that was trained on the synthetic rows. Null without a held-out set and a label column.</summary>
    public TabularUtility? Utility { get; }

    /// <summary>Whether rows are copies of real ones.</summary>
    public TabularPrivacy Privacy { get; }

    /// <summary>All of it as a table for people.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        int width = Math.Max(Columns.Max(c => c.Name.Length), 20);
        string F(double? value) => value is { } given ? given.ToString("F3", CultureInfo.InvariantCulture) : "-";
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"{"Score".PadRight(width)}  {F(Score)}");
        Line($"{"Column shapes".PadRight(width)}  {F(ColumnShapes)}");
        Line($"{"Column pair trends".PadRight(width)}  {F(ColumnPairTrends)}");
        if (Utility is { } utility)
            Line($"{"Model for " + utility.LabelColumnName}: {utility.Metric} {F(utility.Synthetic)} when trained on synthetic rows, {F(utility.Real)} on real ones");
        Line($"Copies of real rows: {Privacy.Copies} of {Privacy.SyntheticRows}{(Privacy.HoldoutCopies is { } own ? $" (of {Privacy.HoldoutRows} held-out rows {own})" : "")}");
        Line($"Median distance to the closest real row: {F(Privacy.MedianDistance)}{(Privacy.HoldoutMedianDistance is { } median ? $" (of held-out rows {F(median)})" : "")}");
        if (Privacy.CloseShare is { } close)
            Line($"Closer to a real row than 95 % of held-out rows are: {close.ToString("P1", CultureInfo.InvariantCulture)}; nearer to training than to held-out rows: {Privacy.NearerToRealShare!.Value.ToString("P1", CultureInfo.InvariantCulture)}");
        text.Append('\n');
        Line($"{"Column".PadRight(width)}  shape  trends  missing: real  synthetic");
        foreach (TabularColumnMetrics column in Columns)
        {
            double[] trends = [.. Pairs.Where(p => p.First == column.Name || p.Second == column.Name).Select(p => p.Trend).OfType<double>()];
            Line($"{column.Name.PadRight(width)}  {F(column.Shape)}  {F(trends.Length > 0 ? trends.Average() : null),6}  {column.RealMissing,13:P1}  {column.SyntheticMissing,9:P1}");
        }

        return text.ToString();
    }
}
