using Sound;

try
{
    switch (args)
    {
        case ["train", var folder, var model]:
            return Training.Run(DrumKits.Read(folder), model);
        case ["predict", var model, _, ..]:
            return Serving.Run(model, args[2..]);
        default:
            Console.WriteLine("""
                Tells drums apart by their sound, with a convolutional network on mel spectrograms in an ML.NET pipeline.

                Sound train <folder> <model.zip>              judges the network on each drum kit without having heard it, then trains on all and saves the model
                Sound predict <model.zip> <sound file> ...    loads the model and says what is hit

                The folder holds Hydrogen's drum kits; the README beside the source says how to get them.
                """);
            return args is [] or ["--help"] ? 0 : 2;
    }
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
