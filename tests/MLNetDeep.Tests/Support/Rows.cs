using Microsoft.ML.Data;

namespace MLNetDeep.Tests.Support;

/// <summary>Features alone.</summary>
public class Point
{
    [VectorType(Samples.Size)]
    public float[] Features { get; set; } = new float[Samples.Size];
}

/// <summary>A row with a label for each kind of task.</summary>
public class Sample : Point
{
    /// <summary>red, green or blue, by where the point lies.</summary>
    public string Color { get; set; } = "";

    /// <summary>Whether the first feature is large.</summary>
    public bool Large { get; set; }

    /// <summary>A linear function of the features.</summary>
    public float Number { get; set; }

    public float Weight { get; set; } = 1;

    public string Name { get; set; } = "";

    /// <summary>A category.</summary>
    public string City { get; set; } = "";

    /// <summary>One feature alone.</summary>
    public float Single { get; set; }

    /// <summary>Ids 0 to 9.</summary>
    [VectorType(3)]
    public int[] Ids { get; set; } = new int[3];

    public int Whole { get; set; }
}

/// <summary>What a multiclass model says.</summary>
public class ColorPrediction
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}

/// <summary>What a binary model says.</summary>
public class LargePrediction
{
    public bool PredictedLabel { get; set; }

    public float Score { get; set; }

    public float Probability { get; set; }
}

/// <summary>What a regression says.</summary>
public class NumberPrediction
{
    public float Score { get; set; }
}
