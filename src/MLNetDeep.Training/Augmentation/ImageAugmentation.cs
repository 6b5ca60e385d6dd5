using System.Globalization;
using MLNetDeep.Training.Data;

namespace MLNetDeep.Training.Augmentation;

/// <summary>
/// Random changes to the images of training batches, so that the network sees each a little differently in each epoch. Rows that validate,
/// and images to be scored, are never changed.
/// </summary>
/// <remarks>
/// <para>
/// The network must have one input of shape (height, width, channels), such as <c>Network.Input(28, 28, 1)</c>; its column has the pixels row
/// by row, the channels of a pixel beside each other.
/// </para>
/// <para>
/// Operations that move pixels come first, in the order in which they stand, as one bilinear resampling; then those that change
/// pixels' values, in their order; then one of those that mix pictures. An operation that happens to draw no change leaves all bits as they are.
/// </para>
/// <para>
/// What is drawn depends on the seed of the training, the epoch and the row's place in it alone, so it is the same at any number of threads.
/// </para>
/// </remarks>
/// <example><c>new ImageAugmentation(new RandomFlip(), new RandomCrop(4), new Cutout(8)) { FillMode = FillMode.Constant }</c></example>
public sealed record ImageAugmentation
{
    /// <summary>These operations.</summary>
    public ImageAugmentation(params IReadOnlyList<ImageOperation> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        Operations = [.. operations];
        if (Operations.Contains(null))
            throw new ArgumentException("An operation is null.", nameof(operations));
    }

    /// <summary>What is done.</summary>
    public IReadOnlyList<ImageOperation> Operations { get; }

    /// <summary>The least and the largest value that a pixel can have: (0, 1) or (0, 255). Default (0, 1). Brightness, contrast and saturation stay within; pixels outside are an error for them.</summary>
    public (float Low, float High) ValueRange { get; init; } = (0, 1);

    /// <summary>What is seen where a moved picture leaves the frame empty. Default <see cref="FillMode.Reflect"/>, as in Keras.</summary>
    public FillMode FillMode { get; init; }

    /// <summary>The value of pixels for <see cref="FillMode.Constant"/> and <see cref="Cutout"/>. Default null: the low end of <see cref="ValueRange"/>.</summary>
    public float? FillValue { get; init; }

    /// <inheritdoc/>
    public bool Equals(ImageAugmentation? other) => other is not null && Operations.SequenceEqual(other.Operations) &&
        ValueRange == other.ValueRange && FillMode == other.FillMode && FillValue == other.FillValue;

    /// <inheritdoc/>
    public override int GetHashCode() =>
        Operations.Aggregate(HashCode.Combine(ValueRange, FillMode, FillValue), (hash, operation) => HashCode.Combine(hash, operation));

    /// <summary>The operations and settings in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"ImageAugmentation [{string.Join(", ", Operations)}] {{ ValueRange = {ValueRange.Low}..{ValueRange.High}, FillMode = {FillMode}, FillValue = {FillValue} }}");

    /// <summary>Checks the settings for images of a shape.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or an operation cannot be done to such images.</exception>
    internal void Check(ImageShape image)
    {
        if (!(ValueRange.Low < ValueRange.High) || !float.IsFinite(ValueRange.High - ValueRange.Low))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"ImageAugmentation: ValueRange is ({ValueRange.Low}, {ValueRange.High}), expected a smaller and a larger number, such as (0, 1) or (0, 255)."));
        if (!Enum.IsDefined(FillMode))
            throw new ArgumentException($"ImageAugmentation: FillMode is {FillMode}, expected Reflect, Nearest or Constant.");
        if (FillValue is { } fill && !(fill >= ValueRange.Low && fill <= ValueRange.High))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"ImageAugmentation: FillValue is {fill}, expected a value in the ValueRange {ValueRange.Low} to {ValueRange.High}."));
        foreach (ImageOperation operation in Operations)
            operation.Check(image);
    }

    /// <summary>Moves and changes one picture.</summary>
    /// <param name="random">The row's numbers.</param>
    /// <param name="image">Its shape.</param>
    /// <param name="pixels">The picture.</param>
    /// <param name="spare">Room for another.</param>
    internal void Apply(ref RandomNumbers random, ImageShape image, Span<float> pixels, Span<float> spare)
    {
        AffineMap map = AffineMap.Identity;
        for (int i = 0; i < Operations.Count; i++)
        {
            if (Operations[i] is GeometricOperation geometric && (geometric.DrawsItself || random.Chance(geometric.Probability)))
                geometric.Draw(ref random, image, ref map);
        }

        if (!map.IsIdentity)
        {
            pixels.CopyTo(spare);
            Resampler.Move(spare, pixels, image, map, FillMode, FillValue ?? ValueRange.Low);
        }

        bool inRange = false;
        for (int i = 0; i < Operations.Count; i++)
        {
            if (Operations[i] is not PixelOperation operation || !random.Chance(operation.Probability))
                continue;
            if (operation.UsesValueRange && !inRange)
            {
                CheckRange(pixels);
                inRange = true;
            }

            operation.Apply(ref random, image, this, pixels);
        }
    }

    // Cut off at the wrong ends, pictures would be lost without a word.
    private void CheckRange(ReadOnlySpan<float> pixels)
    {
        float slack = 1e-3f * (ValueRange.High - ValueRange.Low), low = ValueRange.Low - slack, high = ValueRange.High + slack;
        foreach (float pixel in pixels)
        {
            if (!(pixel >= low && pixel <= high))
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"A pixel is {pixel}, but augmentation takes pixels to be in the range {ValueRange.Low} to {ValueRange.High}: set ImageAugmentation.ValueRange to the range they have, such as (0, 255)."));
        }
    }
}
