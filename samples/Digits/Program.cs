using Digits;

string folder = AppContext.BaseDirectory;
string csv = Path.Combine(folder, "data", "digits.csv");
switch (args)
{
    case ["train", var model]:
        return Training.Run(csv, model);
    case ["predict", var model]:
        return Serving.Run(csv, model);
    default:
        Console.WriteLine("""
            Reads handwritten digits with a neural network in an ML.NET pipeline.

            Digits train <model.zip>     trains, evaluates on rows held out, and saves the model
            Digits predict <model.zip>   loads the model and predicts some digits
            """);
        return args is [] or ["--help"] ? 0 : 2;
}
