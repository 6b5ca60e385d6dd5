namespace Microsoft.ML;

/// <summary>Gives the present row's value of a column, into memory that it may reuse.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);
