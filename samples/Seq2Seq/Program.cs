using Pronunciation;

try
{
    switch (args)
    {
        case ["train", var folder, var model]:
            return Training.Run(CmuDictionary.Read(folder, withStress: false), model);
        case ["train", var folder, var model, "--stress"]:
            return Training.Run(CmuDictionary.Read(folder, withStress: true), model);
        case ["predict", var model, .. var words]:
            return Serving.Run(model, words);
        default:
            Console.WriteLine("""
                Says how English words are spoken from how they are spelt.

                Seq2Seq train <folder> <model.zip> [--stress]
                                                          trains on nine tenths of the CMU pronouncing dictionary, evaluates on the rest, saves the model;
                                                          with --stress vowels are written with their stress
                Seq2Seq predict <model.zip> [word] ...    loads the model and says how words are spoken

                The folder holds index.js of the npm package cmu-pronouncing-dictionary; the README beside the source says how to get it.
                """);
            return args is [] or ["--help"] ? 0 : 2;
    }
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
