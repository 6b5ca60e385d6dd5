using Tagging;

try
{
    switch (args)
    {
        case ["train", var folder, var model]:
            return Training.Run(Brown.Read(folder), model);
        case ["predict", var model, .. var sentences]:
            return Serving.Run(model, sentences);
        default:
            Console.WriteLine("""
                Gives each word of a sentence its part of speech, as the Brown corpus has them.

                Tagging train <folder> <model.zip>            trains on nine tenths of the corpus's sentences, evaluates on the rest, saves the model
                Tagging predict <model.zip> [sentence] ...    loads the model and tags sentences; words and punctuation with spaces between them

                The folder holds the corpus's files ca01 to cr09; the README beside the source says how to get them.
                """);
            return args is [] or ["--help"] ? 0 : 2;
    }
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
