using MLNetDeep.Cpu.Simd;

namespace MLNetDeep.Cpu.Kernels;

/// <summary>One step of one row of a recurrent layer, beside the recurrent products; see <see cref="Recurrent"/>.</summary>
internal unsafe interface IRecurrentCell
{
    /// <summary>Gates: the product has so many columns for each unit.</summary>
    static abstract int Gates { get; }

    /// <summary>Values for each unit that the gradient needs beside the states.</summary>
    static abstract int Saved { get; }

    static abstract bool HasCell { get; }

    /// <summary>Whether the gradients by the projection and by the recurrent product differ.</summary>
    static abstract bool HasOwnRecurrentGradient { get; }

    /// <summary>A step.</summary>
    /// <param name="x">The projection, gates · units.</param>
    /// <param name="product">The recurrent product, as many; may be overwritten.</param>
    /// <param name="bias">Added to the product; may be null.</param>
    /// <param name="h">State before; becomes the state after.</param>
    /// <param name="c">Cell likewise, where there is one.</param>
    /// <param name="saved">Result, saved · units; null where it is not wanted.</param>
    /// <param name="units">Units.</param>
    static abstract void Forward<TVec>(float* x, float* product, float* bias, float* h, float* c, float* saved, int units)
        where TVec : struct, IVec<TVec>;

    /// <summary>The gradient of a step.</summary>
    /// <param name="saved">What the step saved.</param>
    /// <param name="h">State after.</param>
    /// <param name="c">Cell after.</param>
    /// <param name="hBefore">State before.</param>
    /// <param name="cBefore">Cell before.</param>
    /// <param name="dh">Gradient by the state after; becomes the part of the gradient by the state before that does not come through the product.</param>
    /// <param name="dc">Gradient by the cell after; becomes that by the cell before.</param>
    /// <param name="dx">Result: gradient by the projection.</param>
    /// <param name="dproduct">Result: gradient by the recurrent product.</param>
    /// <param name="units">Units.</param>
    static abstract void Backward<TVec>(
        float* saved, float* h, float* c, float* hBefore, float* cBefore, float* dh, float* dc, float* dx, float* dproduct, int units)
        where TVec : struct, IVec<TVec>;
}
