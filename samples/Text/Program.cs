using Definitions;

try
{
    switch (args)
    {
        case ["train", var folder, var model]:
            return Training.Run(WordNet.Read(folder), model);
        case ["predict", var model, .. var definitions]:
            return Serving.Run(model, definitions);
        default:
            Console.WriteLine("""
                Tells from a dictionary's definition what kind of thing a noun is: an animal, a food, a feeling, ...

                Text train <folder> <model.zip>              trains on WordNet's definitions of nouns, evaluates on a tenth that was held out, saves the model
                Text predict <model.zip> [definition] ...    loads the model and says what definitions are of

                The folder holds WordNet's data.noun, at any depth; the README beside the source says how to get it.
                """);
            return args is [] or ["--help"] ? 0 : 2;
    }
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
