using Sound;

bool recurrent = args.Contains("--gru");
try
{
    switch (args.Where(a => a != "--gru").ToArray())
    {
        case ["train", var folder, var model]:
            return Training.Run(DrumKits.Read(folder), model, recurrent);
        case ["predict", var model, .. var sounds] when sounds.Length > 0:
            return Serving.Run(model, sounds);
        default:
            Console.WriteLine("""
                Tells drums apart by their sound, with a neural network on mel spectrograms in an ML.NET pipeline.

                Sound train <folder> <model.zip>              judges the network on each drum kit without having heard it, then trains on all and saves the model
                Sound predict <model.zip> <sound file> ...    loads the model and says what is hit

                The folder holds Hydrogen's drum kits; the README beside the source says how to get them.
                  --gru   a recurrent network instead of a convolutional one
                """);
            return args is [] or ["--help"] ? 0 : 2;
    }
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
