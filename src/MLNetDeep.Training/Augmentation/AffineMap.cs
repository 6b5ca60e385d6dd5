namespace MLNetDeep.Training.Augmentation;

/// <summary>
/// Where in a picture each pixel of the moved picture comes from: a linear map and an offset, in pixels from the picture's middle,
/// y downwards.
/// </summary>
internal struct AffineMap
{
    private AffineMap(double yy, double yx, double xy, double xx, double y, double x) => (YY, YX, XY, XX, Y, X) = (yy, yx, xy, xx, y, x);

    public static AffineMap Identity => new(1, 0, 0, 1, 0, 0);

    /// <summary>How the source's y follows the y of the moved picture; the other factors likewise.</summary>
    public double YY { get; private set; }

    public double YX { get; private set; }

    public double XY { get; private set; }

    public double XX { get; private set; }

    /// <summary>The source's y of the middle of the moved picture.</summary>
    public double Y { get; private set; }

    public double X { get; private set; }

    public readonly bool IsIdentity => YY == 1 && XX == 1 && YX == 0 && XY == 0 && Y == 0 && X == 0;

    /// <summary>Whether pixels go to pixels: flips and shifts by whole pixels.</summary>
    public readonly bool IsWhole => Math.Abs(YY) == 1 && Math.Abs(XX) == 1 && YX == 0 && XY == 0 && Y == Math.Floor(Y) && X == Math.Floor(X);

    /// <summary>Then exchanges sides.</summary>
    public void Flip(bool vertical, bool horizontal) => Compose(new(vertical ? -1 : 1, 0, 0, horizontal ? -1 : 1, 0, 0));

    /// <summary>Then moves the picture down and to the right.</summary>
    public void Shift(double down, double right) => Compose(new(1, 0, 0, 1, -down, -right));

    /// <summary>Then turns the picture about its middle, against the clock.</summary>
    public void Rotate(double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * (Math.PI / 180));
        Compose(new(cos, sin, -sin, cos, 0, 0));
    }

    /// <summary>Then makes the picture larger (more than 1) or smaller about its middle.</summary>
    public void Zoom(double height, double width) => Compose(new(1 / height, 0, 0, 1 / width, 0, 0));

    // What comes last for the picture comes first for the way back.
    private void Compose(AffineMap back) => this = new(
        YY * back.YY + YX * back.XY,
        YY * back.YX + YX * back.XX,
        XY * back.YY + XX * back.XY,
        XY * back.YX + XX * back.XX,
        YY * back.Y + YX * back.X + Y,
        XY * back.Y + XX * back.X + X);
}
