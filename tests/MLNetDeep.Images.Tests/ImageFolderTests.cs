using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Images.Tests.Support;

namespace MLNetDeep.Images.Tests;

public class ImageFolderTests
{
    private static readonly byte[] Png = Pictures.Plain(2, 2, 50);

    [Fact]
    public void Rows_are_in_the_order_of_class_and_path()
    {
        using TempFolder folder = new();
        foreach (string name in new[] { "dog/b.png", "cat/z.PNG", "cat/a.png", "dog/a.png", "dog/notes.txt", "cat/more/c.png", ".hidden/x.png", "cat/.x.png" })
            folder.Write(name, Png);
        MLContext ml = new();
        IDataView images = ml.Data.LoadImagesFromFolder(folder.Path);
        Assert.Equal(["cat", "cat", "dog", "dog"], images.GetColumn<string>("Label"));
        Assert.Equal([folder["cat/a.png"], folder["cat/z.PNG"], folder["dog/a.png"], folder["dog/b.png"]], images.GetColumn<string>("ImagePath"));
        Assert.Equal(4, images.GetRowCount());

        IDataView deep = ml.Data.LoadImagesFromFolder(folder.Path, recursive: true, extensions: ["png"], imagePathColumnName: "File", labelColumnName: "Class");
        Assert.Equal(["a.png", "c.png", "z.PNG", "a.png", "b.png"], deep.GetColumn<string>("File").Select(Path.GetFileName));
        Assert.Equal(["cat", "cat", "cat", "dog", "dog"], deep.GetColumn<string>("Class"));

        // The same rows on every reading, in any order.
        folder.Write("cat/later.png", Png);
        IDataView shuffled = ml.Data.ShuffleRows(images, seed: 3);
        Assert.Equal(images.GetColumn<string>("ImagePath").Order(), shuffled.GetColumn<string>("ImagePath").Order());
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        using TempFolder folder = new();
        Assert.Contains("There is no folder", Message(folder["nowhere"]));
        string file = folder.Write("one.png", Png);
        Assert.Contains("is a file", Message(file));
        Assert.Contains("has no sub-folders", Message(folder.Path));
        Assert.Contains("1 image(s) itself", Message(folder.Path));
        folder.Write("cat/readme.txt", Png);
        folder.Write("cat/deep/1.png", Png);
        Assert.Contains("There are no images in the sub-folders", Message(folder.Path));
        Assert.Contains("'recursive'", Message(folder.Path));
        folder.Write("cat/1.png", Png);
        folder.Write("dog/1.txt", Png);
        string one = Message(folder.Path);
        Assert.Contains("one class only, 'cat'", one);
        Assert.Contains("no images in 'dog'", one);
    }

    [Fact]
    public void Files_that_are_no_images_are_an_error_or_left_out_and_counted()
    {
        using TempFolder folder = new();
        folder.Write("cat/1.png", Png);
        folder.Write("cat/2.png", []);
        folder.Write("dog/1.png", Png);
        folder.Write("dog/2.png", "<html>not found</html>"u8.ToArray());
        MLContext ml = new();
        string message = Assert.Throws<InvalidDataException>(() => ml.Data.LoadImagesFromFolder(folder.Path)).Message;
        Assert.Contains("2 file(s)", message);
        Assert.Contains("2.png' is empty", message);
        Assert.Contains("2.png' does not begin as an image file", message);

        List<string> log = [];
        ml.Log += (_, e) => log.Add(e.Message);
        Assert.Equal(["1.png", "1.png"], ml.Data.LoadImagesFromFolder(folder.Path, onBadImage: OnBadImage.Skip).GetColumn<string>("ImagePath").Select(Path.GetFileName));
        Assert.Contains(log, l => l.Contains("2 file(s) that are not images were left out"));
        Assert.Contains(log, l => l.Contains("2 images of 2 classes"));
    }

    [Fact]
    public void Damaged_images_are_left_out_and_counted_or_an_error()
    {
        using TempFolder folder = new();
        folder.Write("cat/1.png", Png);
        folder.Write("cat/2.png", Png[..^15]);
        folder.Write("dog/1.png", Png);
        MLContext ml = new();
        List<string> log = [];
        ml.Log += (_, e) => log.Add(e.Message);
        IDataView all = ml.Data.LoadImagesFromFolder(folder.Path);
        IDataView good = ml.Data.FilterRowsByReadableImages(all);
        for (int reading = 0; reading < 2; reading++)
            Assert.Equal(["cat", "dog"], good.GetColumn<string>("Label"));
        string line = Assert.Single(log, l => l.Contains("cannot be read"));
        Assert.Contains("1 of 3 image files cannot be read", line);
        Assert.Contains("2.png'", line);
        string message = Assert.Throws<InvalidDataException>(() => ml.Data.FilterRowsByReadableImages(all, onBadImage: OnBadImage.Error).GetColumn<string>("Label").ToArray()).Message;
        Assert.Contains("2.png' in data row 2 cannot be read", message);
        Assert.Contains("not in the data", Assert.Throws<ArgumentException>(() => ml.Data.FilterRowsByReadableImages(all, "Nothing")).Message);
    }

    private static string Message(string folder) => Assert.Throws<ArgumentException>(() => new MLContext().Data.LoadImagesFromFolder(folder)).Message;
}
