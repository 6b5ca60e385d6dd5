using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetDeep.Images;

/// <summary>The paths of pictures and their classes. The pictures themselves are read by what comes after.</summary>
internal sealed class ImageFolderView : IDataView
{
    private readonly IReadOnlyList<(string Path, string Label)> _images;

    public ImageFolderView(IReadOnlyList<(string Path, string Label)> images, string pathColumn, string labelColumn)
    {
        _images = images;
        DataViewSchema.Builder builder = new();
        builder.AddColumn(pathColumn, TextDataViewType.Instance);
        builder.AddColumn(labelColumn, TextDataViewType.Instance);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _images.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        int[] order = [.. Enumerable.Range(0, _images.Count)];
        rand?.Shuffle(order);
        return new Cursor(this, [.. columnsNeeded.Select(c => c.Index)], order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(ImageFolderView owner, HashSet<int> active, int[] order) : DataViewRowCursor
    {
        private int _row = -1;

        public override DataViewSchema Schema => owner.Schema;

        public override long Position => _row < order.Length ? _row : -1;

        public override long Batch => 0;

        private int Index => (uint)_row < (uint)order.Length ? order[_row] : throw new InvalidOperationException("The cursor is not on a row: call MoveNext, and read while it returns true.");

        public override bool MoveNext()
        {
            if (_row < order.Length)
                _row++;
            return _row < order.Length;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)Index, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
            ValueGetter<ReadOnlyMemory<char>> getter = column.Index == 0
                ? (ref ReadOnlyMemory<char> value) => value = owner._images[Index].Path.AsMemory()
                : (ref ReadOnlyMemory<char> value) => value = owner._images[Index].Label.AsMemory();
            return getter as ValueGetter<TValue> ?? throw new InvalidOperationException($"Column '{column.Name}' has type Text; a getter of {typeof(TValue)} was asked for.");
        }
    }
}
