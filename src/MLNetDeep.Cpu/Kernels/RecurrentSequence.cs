namespace MLNetDeep.Cpu.Kernels;

/// <summary>A recurrent layer's sizes and settings, and what both its directions read. Pointers to what is not there are null.</summary>
internal unsafe struct RecurrentSequence
{
    public int Rows, Steps, Units;

    /// <summary>After so many steps each time no gradient flows back; 0 for never.</summary>
    public int Truncate;

    public bool GoBackwards;

    /// <summary>The first state and cell, rows by units; null for zeros.</summary>
    public float* State, Cell;

    /// <summary>Rows by steps, 0 where a step is masked.</summary>
    public float* Mask;

    /// <summary>Factors of the state in recurrent products, rows by units.</summary>
    public float* Dropout;

    /// <summary>State after each step, rows by steps by units.</summary>
    public float* Sequence;

    /// <summary>What the cell saves, rows by steps by saved · units; 0 at masked steps.</summary>
    public float* Saved;

    /// <summary>Cell after each step, rows by steps by units.</summary>
    public float* Cells;

    /// <summary>The place of the step that is taken as number <paramref name="index"/>.</summary>
    public readonly int Step(int index) => GoBackwards ? Steps - 1 - index : index;

    public readonly bool IsMasked(int row, int step) => Mask != null && Mask[((long)row * Steps) + step] == 0;

    /// <summary>Whether all of some rows are masked at a step.</summary>
    public readonly bool AreMasked(int begin, int end, int step)
    {
        if (Mask == null)
            return false;
        for (int row = begin; row < end; row++)
        {
            if (Mask[((long)row * Steps) + step] != 0)
                return false;
        }

        return true;
    }
}
