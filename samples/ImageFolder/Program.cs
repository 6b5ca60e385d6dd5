using ImageFolder;

try
{
    Arguments arguments = new(args, ["--mnist", "--skip-bad", "--no-flip", "--help"], ["--count", "--network", "--size", "--epochs", "--sheet"]);
    switch (arguments.Words)
    {
        case ["prepare", var data, var folder] when !arguments.Has("--help"):
            return Preparing.Run(data, folder, arguments);
        case ["train", var folder, var model] when !arguments.Has("--help"):
            return Training.Run(folder, model, arguments);
        case ["score", var model, .. { Length: > 0 } pictures] when !arguments.Has("--help"):
            return Serving.Run(model, pictures, arguments.Text("--sheet"));
        default:
            Console.WriteLine("""
                Learns what pictures show from a folder that has a sub-folder of PNG files for each class.

                ImageFolder train <folder> <model.zip>    trains, prints the confusion matrix, writes the model and, beside it, pictures of what it sees
                  --network cnn|resnet|mobilenet   default cnn
                  --size N       side that pictures are resized to; default: that of the first ones, at most 64
                  --epochs N     default 10
                  --no-flip      left and right matter: training pictures are not mirrored
                  --skip-bad     leaves out files that are empty, damaged or no pictures, and counts them; default: an error that names them
                ImageFolder score <model.zip> <picture.png>...    loads the model and says what pictures show
                  --sheet FILE   also writes a PNG with heat maps over them
                ImageFolder prepare <data> <folder>    makes such a folder of Fashion-MNIST's IDX files; the README says how to get them
                  --mnist        of MNIST's instead
                  --count N      pictures in all; default 10000
                """);
            return args is [] || arguments.Has("--help") ? 0 : 2;
    }
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
