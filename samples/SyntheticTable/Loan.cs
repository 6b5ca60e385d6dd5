namespace SyntheticTable;

/// <summary>A loan, for looking at rows.</summary>
internal sealed class Loan
{
    public string Status { get; set; } = "";

    public int Seniority { get; set; }

    public string Home { get; set; } = "";

    public int Time { get; set; }

    public int Age { get; set; }

    public string Marital { get; set; } = "";

    public string Records { get; set; } = "";

    public string Job { get; set; } = "";

    public int Expenses { get; set; }

    public float Income { get; set; }

    public float Assets { get; set; }

    public float Debt { get; set; }

    public int Amount { get; set; }

    public int Price { get; set; }

    public override string ToString() => FormattableString.Invariant(
        $"{Status,-5} {Seniority,9} {Home,-8} {Time,5} {Age,4} {Marital,-10} {Records,-8} {Job,-10} {Expenses,9} {Income,7} {Assets,7} {Debt,6} {Amount,7} {Price,6}");

    public static string Header => $"{"Status",-5}{"Seniority",10} {"Home",-8} {"Time",5} {"Age",4} {"Marital",-10} {"Records",-8} {"Job",-10} {"Expenses",9} {"Income",7} {"Assets",7} {"Debt",6} {"Amount",7} {"Price",6}";
}
